"""Commands on many texts: eval, bulk."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from amanat import inputs
from amanat.bulk import Answerer, Defaults, run
from amanat.bulk.answers import Row
from amanat.bulk.files import BROKEN, chunks, extent
from amanat.bulk.rows import KINDS
from amanat.cli.console import by_words, complain, shared, show, show_json, with_lexicons
from amanat.report import SCHEMA
from amanat.robustness import recall_kept, swap_changes
from amanat.rulebook import load_rulebook
from amanat.scoring import mistake_line, score, score_lines, split_of
from amanat.vocabulary import ACCOUNTS


@click.command("eval")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pack", default="pk-federal", show_default=True, help="For drafts that name no pack.")
@click.option("--date", "day", default=None, help="For drafts that name no date. Default: today.")
@by_words
@click.option("--robust", is_flag=True, help="Also swap names within their class, and disguise every finding.")
@click.option("--split", type=click.Choice(("train", "dev", "test")), default=None, help="Only this part of the lines.")
@click.option("--mistakes", is_flag=True, help="Also show every row answered otherwise than labelled.")
@shared
def evaluate(
    files: tuple[Path, ...],
    pack: str,
    day: str | None,
    mistakes: bool,
    robust: bool,
    words_only: bool,
    split: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Measure on labelled lines (JSONL, format: docs/words.md): per language and topic, with 95 % Wilson intervals.

    \b
    Example:
      amanat eval corpus/*.jsonl
      amanat eval mine.jsonl --mistakes
    """
    answerer = Answerer(
        Defaults(on=inputs.day_of(day) if day else date.today(), pack=inputs.pack_of(pack), words_only=words_only)
    )
    broken = 0
    rows = []
    for file in files:
        for chunk, _ in chunks(file, 1000):
            for row in chunk:
                if BROKEN in row:
                    broken += 1
                    complain(f"{file}: {row[BROKEN]}")
                elif split is None or split_of(row) == split:
                    rows.append(row)
    scores, wrong, unusable = score(rows, answerer, complain)
    if as_json:
        found = {"schema": SCHEMA, "kind": "eval", "broken": broken + unusable}
        more = _robustness(rows, answerer) if robust else {}
        show_json({**found, "scores": {name: one.data() for name, one in scores.items()}, **more})
    else:
        show(score_lines(scores, details=not quiet))
        for promise, shares in (_robustness(rows, answerer) if robust else {}).items():
            show(f"{promise:16} {name:14} {share}" for name, share in shares.items())
        if mistakes:
            show(map(mistake_line, wrong))
    return 2 if broken + unusable else 0


def _robustness(rows: list[Row], answerer: Answerer) -> dict[str, dict[str, Row]]:
    """Answers changed by a swap of names, and recall kept under each disguise."""
    usable = [row for row in rows if isinstance(row.get("text"), str) and row["text"].strip()]
    kept = {name: share.data() for name, share in recall_kept(usable, answerer).items()}
    return {"swap_changes": {"all": swap_changes(usable, answerer).data()}, "recall_kept": kept}


@click.command()
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--kind", type=click.Choice(KINDS), default="draft", show_default=True, help="For rows that do not say it."
)
@click.option("--pack", default="", help="For drafts that name no pack.")
@click.option(
    "--account",
    type=click.Choice(ACCOUNTS),
    default="personal",
    show_default=True,
    help="For drafts that do not say it.",
)
@click.option("--platform", default="", help="For rows that do not say it.")
@click.option("--duty", is_flag=True, help="For drafts that do not say it: speaking is the duty.")
@click.option("--date", "day", default=None, help="For drafts that name no date. Default: today.")
@click.option("--service", default="", help="For rows that name no service, e.g. all-india.")
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Worker processes. Default: all cores.")
@with_lexicons
@by_words
@shared
def bulk(
    source: Path,
    out: Path,
    kind: str,
    pack: str,
    account: str,
    platform: str,
    duty: bool,
    day: str | None,
    service: str,
    jobs: int | None,
    lexicons: tuple[Path, ...],
    words_only: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Screen many texts: JSONL or Parquet in, JSONL or Parquet out. Cut short, it goes on where it was.

    \b
    Example:
      amanat bulk comments.jsonl answers.jsonl --kind comment
      amanat bulk drafts.parquet answers.parquet --pack bd --account official
    """
    defaults = Defaults(
        on=inputs.day_of(day) if day else date.today(),
        kind=kind,
        pack=inputs.pack_of(pack) if pack else "",
        account=account,
        platform=platform,
        duty=duty,
        service=inputs.service_of(service, load_rulebook().services()) if service else "",
        lexicons=lexicons,
        words_only=words_only,
    )
    length = extent(source) if source.is_file() else 0
    with click.progressbar(
        length=length, label=source.name, file=sys.stderr, hidden=quiet or not sys.stderr.isatty()
    ) as bar:
        tally = run(
            source,
            out,
            defaults,
            jobs=jobs or 0,
            report=lambda reached: bar.update(reached - bar.pos),
            complain=complain,
        )
    if as_json:
        show_json({"schema": SCHEMA, "kind": "bulk", **asdict(tally)})
    elif not quiet:
        click.echo(f"{tally.rows} rows, {tally.broken} not usable, {tally.resumed} done before → {out}")
    return 2 if tally.broken else 0


COMMANDS = {"eval": evaluate, "bulk": bulk}
