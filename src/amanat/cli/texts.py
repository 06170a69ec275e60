"""Commands that read one text: check, comment; and the samples."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

import click

from amanat import inputs, samples
from amanat.cli.console import by_words, in_language, paint, shared, show, show_json, with_lexicons
from amanat.errors import BadInput
from amanat.report import Page, triage_json, verdict_json
from amanat.rulebook import COMMON, Edition, load_rulebook
from amanat.ruling import Context, rule, triage
from amanat.screening import Reader, Reading
from amanat.second import SecondReader
from amanat.vocabulary import ACCOUNTS, ACTIONS, LEVELS

_by_second = click.option("--second", is_flag=True, help="Also ask the second reader your office has set up.")


@click.command()
@click.argument("text", metavar="TEXT|FILE|-")
@click.option("--pack", required=True, envvar="AMANAT_PACK", help="The rules you are under; `amanat rules` lists them.")
@click.option("--account", type=click.Choice(ACCOUNTS), default="personal", show_default=True, help="Where you post.")
@click.option("--platform", default="", help="facebook, x, whatsapp, …")
@click.option("--service", default="", help="Your service where it has rules of its own, e.g. all-india.")
@click.option("--duty", is_flag=True, help="Speaking is your duty.")
@click.option("--date", "day", default=None, help="The day of the post, e.g. 2026-01-31. Default: today.")
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    default="stop",
    show_default=True,
    help="Exit with 1 at this level or above.",
)
@click.option("--all", "everything", is_flag=True, help="Show every clause, not only the first for each topic.")
@in_language
@with_lexicons
@by_words
@_by_second
@shared
def check(
    text: str,
    pack: str,
    account: str,
    platform: str,
    service: str,
    duty: bool,
    day: str | None,
    fail_on: str,
    everything: bool,
    lexicons: tuple[Path, ...],
    words_only: bool,
    second: bool,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> int:
    """Check a draft before you post it.

    \b
    Example:
      amanat check "Sharing the draft transfer list" --pack pk-federal
      amanat check draft.txt --pack bd --account official --lang bn
    """
    rulebook = load_rulebook(inputs.pack_of(pack))
    context = Context(
        pack=pack,
        on=inputs.day_of(day) if day else date.today(),
        account=account,
        platform=platform,
        duty=duty,
        service=inputs.service_of(service, rulebook.services()),
    )
    reader = Reader(*lexicons, learned=not words_only)
    reading = _read(text, reader, second, rulebook.on(context.on), pack)
    verdict = rule(reading, context, rulebook)
    if as_json:
        show_json(verdict_json(verdict, rulebook, lang))
    elif quiet:
        click.echo(verdict.level)
    else:
        show(Page(rulebook, lang, paint).verdict(verdict, everything=everything))
    return int(LEVELS.index(verdict.level) >= LEVELS.index(fail_on))


@click.command()
@click.argument("text", metavar="TEXT|FILE|-")
@click.option(
    "--fail-on",
    type=click.Choice(ACTIONS),
    default="hide",
    show_default=True,
    help="Exit with 1 at this action or above.",
)
@in_language
@with_lexicons
@by_words
@_by_second
@shared
def comment(
    text: str,
    fail_on: str,
    lexicons: tuple[Path, ...],
    words_only: bool,
    second: bool,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> int:
    """Triage a citizen's comment: keep, review or hide. Criticism and anger stay.

    \b
    Example:
      amanat comment "No water for three months, this office has failed us!"
    """
    rulebook = load_rulebook(COMMON)
    reading = _read(text, Reader(*lexicons, learned=not words_only), second, rulebook.on(date.max), COMMON)
    found = triage(reading, rulebook)
    if as_json:
        show_json(triage_json(found, rulebook, lang))
    elif quiet:
        click.echo(found.action)
    else:
        show(Page(rulebook, lang, paint).triage(found))
    return int(ACTIONS.index(found.action) >= ACTIONS.index(fail_on))


@click.command("samples")
@in_language
@shared
def show_samples(lang: str, as_json: bool, quiet: bool) -> None:
    """Check a dozen made-up drafts and comments in seven language forms.

    \b
    Example:
      amanat samples
    """
    today = date.today()
    if as_json:
        show_json([{**row, "answer": answer, "topics": topics} for row, answer, topics in samples.answers(today)])
    elif quiet:
        show(answer for _, answer, _ in samples.answers(today))
    else:
        show(samples.lines(today, lang, paint))


def _read(argument: str, reader: Reader, second: bool, edition: Edition, pack: str) -> Reading:
    reading = reader.read(_text(argument))
    return _second_reader().read(reading, edition, pack) if second else reading


def _second_reader() -> SecondReader:
    """The second reader of the environment. Raises BadInput where it is not set up."""
    address, model = os.environ.get("AMANAT_SECOND_ADDRESS", ""), os.environ.get("AMANAT_SECOND_MODEL", "")
    if not address or not model:
        cure = "Set AMANAT_SECOND_ADDRESS and AMANAT_SECOND_MODEL (and AMANAT_SECOND_KEY)"
        raise BadInput("no second reader is set up", where="--second", cure=cure)
    return SecondReader(address, model, os.environ.get("AMANAT_SECOND_KEY", ""))


def _text(argument: str) -> str:
    return inputs.text_from(
        argument, sys.stdin.buffer.read(inputs.MAX_BYTES + 1) if argument == "-" and sys.stdin else None
    )


COMMANDS = {"check": check, "comment": comment, "samples": show_samples}
