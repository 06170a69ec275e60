"""The command that trains the reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from amanat.cli.console import complain, shared, show, show_json
from amanat.report import SCHEMA
from amanat.training import card_lines, read_lines, train


@click.command("train")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder of the weights."
)
@click.option("--no-examples", is_flag=True, help="Leave out the examples of the packs.")
@shared
def command(files: tuple[Path, ...], into: Path, no_examples: bool, as_json: bool, quiet: bool) -> None:
    """Train the reader on labelled lines (JSONL); the same lines give the same weights, bit for bit.

    \b
    Example:
      amanat train corpus/*.jsonl ../shared/data/*.jsonl --into src/amanat/screening/data/model
    """
    report: Callable[[str], None] = (lambda _: None) if quiet else complain
    notes = train(read_lines(files), into, examples=not no_examples, report=report)
    if as_json:
        show_json({"schema": SCHEMA, "kind": "train", **notes})
    elif not quiet:
        show(card_lines(notes))


COMMANDS = {"train": command}
