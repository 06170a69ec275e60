"""The command `amanat`: check a draft, read the rules, measure, screen in bulk, run the desk."""

from __future__ import annotations

import importlib
import os
import signal
import sys

import click

from amanat import __version__
from amanat.cli.console import complain
from amanat.errors import AmanatError

_COMMANDS = {
    "check": "texts",
    "comment": "texts",
    "samples": "texts",
    "rules": "law",
    "packs": "law",
    "eval": "many",
    "bulk": "many",
    "train": "learn",
    "demo": "desk",
    "serve": "desk",
    "worker": "desk",
    "backup": "desk",
    "restore": "desk",
}
"""Every command and the module that holds it; imported only when it is called, so that a check starts fast."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Names of the commands."""
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"amanat.cli.{_COMMANDS[cmd_name]}")
        command: click.Command = module.COMMANDS[cmd_name]
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="amanat")
def cli() -> None:
    """Amanat tells a public servant what the rules say about a post before it is published.

    Nothing you type is kept or logged, and nothing is sent, but to a second reader where you ask for one.
    """


def main() -> None:
    """Run the command; whatever is wrong with the input is one line, and exit status 2."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a stop from outside ends workers too
    try:
        status = cli.main(prog_name="amanat", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        status = 2
    except (AmanatError, click.ClickException) as error:
        message = error.format_message() if isinstance(error, click.ClickException) else str(error)
        complain(message)
        status = 2
    except (click.Abort, KeyboardInterrupt):
        complain("stopped")
        status = 130
    except BrokenPipeError:
        # the reader of our output went away (amanat … | head); that is no fault of ours
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except OSError as error:
        complain(f"{error.filename or 'input or output'}: {error.strerror or error}")
        status = 2
    sys.exit(status if isinstance(status, int) else 0)
