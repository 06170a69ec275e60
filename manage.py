#!/usr/bin/env python3
"""Django's commands over the desk; `amanat serve` and `amanat demo` need none of them."""

import os

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.desk.settings")
    execute_from_command_line()
