"""Commands on the rulebook: rules, packs lint."""

from __future__ import annotations

from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

import click

from amanat import inputs
from amanat.cli.console import in_language, paint, shared, show, show_json
from amanat.errors import UnknownName
from amanat.obedience import disobeyed
from amanat.phrases import say
from amanat.report import Page, clause_json
from amanat.rulebook import COMMON, Rulebook, in_words, load_rulebook, pack_names
from amanat.rulebook.lint import lint
from amanat.rulebook.load import packs_folder
from amanat.screening import Reader


@click.command()
@click.argument("pack", required=False)
@click.argument("clause", required=False)
@click.option(
    "--date", "day", default=None, help="Only clauses in force that day. Default: today. `all` for every clause ever."
)
@in_language
@shared
def rules(pack: str | None, clause: str | None, day: str | None, lang: str, as_json: bool, quiet: bool) -> None:
    """Read the rules: the packs, one pack, or one clause.

    \b
    Example:
      amanat rules
      amanat rules in-cg --lang hi
      amanat rules pk-federal pkcr64-leaks
    """
    rulebook = load_rulebook(*([inputs.pack_of(pack, "rules")] if pack else []))
    if pack is None:
        _list_packs(rulebook, lang, as_json, quiet)
        return
    if clause is not None:
        if clause not in rulebook.pack(pack).clauses:
            raise UnknownName("clause", clause, rulebook.pack(pack).clauses, where=pack)
        chosen = [rulebook.pack(pack).clauses[clause]]
    elif day == "all":
        chosen = list(rulebook.pack(pack).clauses.values())
    else:
        chosen = list(rulebook.on(inputs.day_of(day) if day else date.today()).clauses(pack))
    page = Page(rulebook, lang, paint)
    if as_json:
        show_json([clause_json(one, rulebook, lang) for one in chosen])
    elif quiet:
        show(one.id for one in chosen)
    else:
        for one in chosen:
            click.echo(f"{paint(one.reference, 'strong')} · {say('modality', one.modality, lang)}")
            show((*page.clause(one), ""))


def _list_packs(rulebook: Rulebook, lang: str, as_json: bool, quiet: bool) -> None:
    packs = [rulebook.pack(name) for name in pack_names()]
    if as_json:
        show_json(
            [
                {
                    "pack": p.id,
                    "name": in_words(p.name, lang)[1],
                    "scope": in_words(p.scope, lang)[1],
                    "clauses": len(p.clauses),
                }
                for p in packs
            ]
        )
    elif quiet:
        show(p.id for p in packs)
    else:
        for p in packs:
            click.echo(f"{paint(p.id, 'strong')}  {in_words(p.name, lang)[1]} ({len(p.clauses)})")
            click.echo(f"  {in_words(p.scope, lang)[1]}")


@click.group()
def packs() -> None:
    """Look after packs of rules."""


@packs.command("lint")
@click.argument("where", nargs=-1)
@click.option("--examples", is_flag=True, help="Also check that every clause obeys its examples.")
@shared
def packs_lint(where: tuple[str, ...], examples: bool, as_json: bool, quiet: bool) -> int:
    """Name file, key and cure for every fault of packs (names of shipped ones, or folders; none: all shipped).

    \b
    Example:
      amanat packs lint bd
      amanat packs lint ./my-pack --examples
    """
    folders = [_pack_folder(name) for name in where] or [packs_folder() / n for n in (COMMON, *pack_names())]
    faults = lint(folders)
    if examples and not faults:
        faults = [fault for folder in folders for fault in disobeyed(folder, Reader())]
    if as_json:
        show_json([{"file": f.file, "key": f.key, "what": f.what, "cure": f.cure} for f in faults])
    elif not quiet:
        show(map(str, faults))
        click.echo(f"{len(faults)} faults in {len(folders)} packs", err=True)
    return int(bool(faults))


def _pack_folder(name: str) -> Traversable:
    if name in (COMMON, *pack_names()):
        return packs_folder() / name
    if Path(name).is_dir():
        return Path(name)
    raise UnknownName("pack", name, pack_names(), where="packs lint")


COMMANDS = {"rules": rules, "packs": packs}
