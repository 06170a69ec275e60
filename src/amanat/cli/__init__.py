"""The command `amanat`: check a draft, triage a comment, read the rules, lint packs, measure, and screen in bulk."""

from __future__ import annotations

import os
import sys

import click

from amanat import __version__
from amanat.cli.console import complain
from amanat.cli.law import packs, rules
from amanat.cli.many import bulk, evaluate
from amanat.cli.texts import check, comment, demo
from amanat.errors import AmanatError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="amanat")
def cli() -> None:
    """Amanat tells a public servant what the rules say about a post before it is published.

    Nothing you type is kept, logged or sent anywhere.
    """


for command in (check, comment, rules, packs, evaluate, bulk, demo):
    cli.add_command(command)


def main() -> None:
    """Run the command; whatever is wrong with the input is one line, and exit status 2."""
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
    sys.exit(status if isinstance(status, int) else 0)
