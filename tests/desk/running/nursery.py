"""Starts workers fast: Django is loaded once, and every worker is a fork of this process, told what to do by a line.

`worker …` runs the command `amanat worker …` and answers with its number; any other word calls that function of
`killed_work`, and answers with what it returns.
"""

from __future__ import annotations

import json
import os
import sys
import traceback


def main() -> None:
    """Read lines until there are none."""
    from amanat.cli.desk import serving

    serving.set_up()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", interactive=False, verbosity=0)
    from django.urls import resolve

    from amanat.desk.home import worker  # noqa: F401 (for the forks to have it)
    from amanat.desk.lib import health
    from amanat.desk.registry.law import rulebook
    from tests.desk.running import killed_work

    resolve("/notices/")
    health.is_behind()
    rulebook()

    _say("ready")
    for line in sys.stdin:
        words = line.split()
        connections.close_all()
        if words[0] == "wait":
            _say(os.waitstatus_to_exitcode(os.waitpid(int(words[1]), 0)[1]))
            continue
        child = os.fork()
        if child:
            if words[0] == "worker":
                _say(child)
            else:
                os.waitpid(child, 0)
            continue
        _be(words, killed_work)


def _say(what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def _be(words: list[str], work: object) -> None:
    status = 1
    try:
        if words[0] == "worker":
            from amanat.cli import main as amanat

            sys.argv = ["amanat", *words]
            amanat()
        _say(getattr(work, words[0])())
        status = 0
    except SystemExit as ended:
        status = int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
