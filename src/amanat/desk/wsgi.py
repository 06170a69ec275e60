"""The WSGI application that a server runs: `gunicorn amanat.desk.wsgi`, or `amanat serve`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.desk.settings")
application = get_wsgi_application()
