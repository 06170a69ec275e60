"""Reads packs from TOML and checks them. Every complaint names file, key and cure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from amanat.errors import Fault, PackBroken, UnknownName
from amanat.rulebook import model
from amanat.rulebook.model import (
    Clause,
    Clock,
    Decider,
    Example,
    Instrument,
    Limit,
    Pack,
    Penalty,
    Procedure,
    Reach,
    Silence,
    Stage,
)
from amanat.tables import Table
from amanat.vocabulary import ACCOUNTS, ACTIONS, LEVELS, SCREEN_LANGS, TOPICS

LONG_AGO = date(1900, 1, 1)
FILES = ("instruments.toml", "clauses.toml", "procedure.toml", "examples.toml")


def packs_folder() -> Traversable:
    """The folder of the packs that are shipped."""
    return files("amanat.rulebook") / "packs"


def pack_names() -> list[str]:
    """Ids of the shipped packs a person can be under, sorted (without the common one)."""
    return sorted(
        p.name for p in packs_folder().iterdir() if p.is_dir() and p.name not in (model.COMMON, "__pycache__")
    )


def load_rulebook(*names: str) -> model.Rulebook:
    """The shipped packs `names` (none: all), always with the common one. Raises UnknownName, PackBroken."""
    known = pack_names()
    for name in names:
        if name not in known and name != model.COMMON:
            raise UnknownName("pack", name, known)
    wanted = dict.fromkeys((model.COMMON, *(names or known)))
    return model.Rulebook(load_pack(packs_folder() / name) for name in wanted)


def load_pack(folder: Traversable) -> Pack:
    """The pack in `folder`. Raises PackBroken with every fault found."""
    pack, faults = read_pack(folder)
    if faults or pack is None:
        raise PackBroken(faults)
    return pack


def load_examples(folder: Traversable) -> tuple[Example, ...]:
    """The examples of the pack in `folder`; read apart, for only tests and clause pages want them."""
    faults: list[Fault] = []
    root = _read(folder, "examples.toml", faults)
    examples = tuple(map(_example, root.tables("example")))
    root.done()
    if faults:
        raise PackBroken(faults)
    return examples


def read_pack(folder: Traversable) -> tuple[Pack | None, list[Fault]]:
    """The pack in `folder` and every fault in its first three files; no pack where a file cannot be read."""
    faults: list[Fault] = []
    head, body, steps = (_read(folder, name, faults) for name in FILES[:3])
    if faults:
        return None, faults
    top = head.table("pack")
    official = top.names("official", known=SCREEN_LANGS)
    langs = tuple(dict.fromkeys((*official, "en")))
    pack_id = top.text("id")
    if pack_id != folder.name:
        top.fault("id", f"is {pack_id!r} in folder {folder.name!r}", "Give both the same name")
    sources = _sources(head.table("source"))
    instruments = _by_id(head.tables("instrument"), partial(_instrument, pack_id, langs))
    clauses = _by_id(body.tables("clause"), partial(_clause, pack_id, langs, instruments))
    pack = Pack(
        id=pack_id,
        name=top.words("name", langs),
        country=top.text("country", ""),
        official=official,
        scope=top.words("scope", langs),
        instruments=instruments,
        clauses=clauses,
        procedures=_by_id(steps.tables("procedure"), partial(_procedure, pack_id, langs, instruments)),
        sources=sources,
        deciders=_by_id(steps.tables("decider"), partial(_decider, langs, clauses)),
        silences=tuple(_silence(clauses, row) for row in steps.tables("silence")),
        reaches=tuple(_reach(clauses, row) for row in steps.tables("reach")),
    )
    for table in (head, body, steps, top):
        table.done()
    return pack, faults


def _read(folder: Traversable, name: str, faults: list[Fault]) -> Table:
    data: dict[str, Any] = {}
    where = f"{folder.name}/{name}"
    try:
        data = tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        faults.append(Fault(where, "(file)", "is missing", "A pack has four files: " + ", ".join(FILES)))
    except UnicodeDecodeError as error:
        faults.append(Fault(where, "(file)", f"is not UTF-8 at byte {error.start}", "Save it as UTF-8"))
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault(where, "(file)", f"is not TOML: {error}", "Mend the line it names"))
    return Table(data, where, "", faults)


def _by_id(tables: Iterable[Table], build: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for table in tables:
        item = build(table)
        table.done()
        if item.id in found:
            table.fault("id", f"is used twice: {item.id!r}", "Ids are never re-used: choose another")
        found[item.id] = item
    return found


def _sources(table: Table) -> dict[str, model.Source]:
    found = {}
    for key in table.keys():  # noqa: SIM118 (a Table is no dict)
        row = table.table(key)
        found[key] = model.Source(key, row.text("title"), row.text("address", ""))
        row.done()
    return found


def _starts(table: Table, default: date | None) -> date:
    return (table.day("from") if default is None else table.day("from", default)) or LONG_AGO


def _instrument(pack: str, langs: tuple[str, ...], table: Table) -> Instrument:
    return Instrument(
        id=table.text("id"),
        pack=pack,
        kind=table.choice("kind", model.KINDS),
        title=table.words("title", langs),
        number=table.text("number", ""),
        starts=_starts(table, None),
        ends=table.day("until", None),
        services=table.names("services", ()),
        grade=table.choice("grade", model.GRADES),
        sources=table.names("sources"),
        note=table.words("note", langs, optional=True),
    )


def _clause(pack: str, langs: tuple[str, ...], instruments: dict[str, Instrument], table: Table) -> Clause:
    home = instruments.get(table.text("instrument"))
    if home is None:
        known = ", ".join(instruments)
        table.fault("instrument", "names no instrument of this pack", f"Known: {known}")
    limits = table.table("limits", optional=True)
    return Clause(
        id=table.text("id"),
        pack=pack,
        instrument=home.id if home else "",
        reference=table.text("reference"),
        starts=_starts(table, home.starts if home else LONG_AGO),
        ends=table.day("until", home.ends if home else None),
        subject=table.choice("subject", model.SUBJECTS),
        modality=table.choice("modality", model.MODALITIES),
        topics=table.names("topics", known=TOPICS),
        accounts=table.names("accounts", list(ACCOUNTS), known=ACCOUNTS),
        duty=table.choice("duty", ("any", "on", "off"), "any"),
        exceptions=table.names("exceptions", (), known=model.EXCEPTIONS),
        grade=table.choice("grade", model.GRADES),
        sources=table.names("sources"),
        gist=table.words("gist", langs),
        instead=table.words("instead", langs),
        note=table.words("note", langs, optional=True),
        authority=table.words("authority", langs, optional=True),
        level=_levels(table),
        limits=tuple(_limit(limits.table(fact), fact) for fact in limits.keys()),  # noqa: SIM118
        services=home.services if home else (),
        action=table.choice("action", ACTIONS, "keep"),
        signs=table.names("signs", ()),
    )


def _levels(table: Table) -> dict[str, str]:
    """`level = "care"` for every account, or a table by account."""
    if isinstance(table.data.get("level"), dict):
        row = table.table("level")
        return {account: row.choice(account, LEVELS) for account in row.keys()}  # noqa: SIM118
    level = table.choice("level", LEVELS, "")
    return dict.fromkeys(ACCOUNTS, level) if level else {}


def _limit(table: Table, fact: str) -> Limit:
    one_of = table.data.get("one_of", [])
    table.keys()
    limit = Limit(
        fact=fact,
        one_of=tuple(one_of),
        least=table.number("min"),
        most=table.number("max"),
        holds=table.flag("is") if "is" in table.data else None,
        unit=table.text("unit", ""),
    )
    if not (limit.one_of or limit.least is not None or limit.most is not None or limit.holds is not None):
        table.fault("", "fixes nothing", "Give one_of, min, max or is")
    return limit


def _procedure(pack: str, langs: tuple[str, ...], instruments: dict[str, Instrument], table: Table) -> Procedure:
    home = instruments.get(table.text("instrument"))
    if home is None:
        table.fault("instrument", "names no instrument of this pack", f"Known: {', '.join(instruments)}")
    return Procedure(
        id=table.text("id"),
        pack=pack,
        instrument=home.id if home else "",
        name=table.words("name", langs),
        starts=_starts(table, home.starts if home else LONG_AGO),
        ends=table.day("until", home.ends if home else None),
        stages=tuple(_by_id(table.tables("stage"), partial(_stage, langs)).values()),
        penalties=tuple(_by_id(table.tables("penalty"), partial(_penalty, langs)).values()),
    )


def _stage(langs: tuple[str, ...], table: Table) -> Stage:
    return Stage(
        id=table.text("id"),
        name=table.words("name", langs),
        gist=table.words("gist", langs),
        reference=table.text("reference", ""),
        next=table.names("next"),
        grade=table.choice("grade", model.GRADES),
        sources=table.names("sources"),
        note=table.words("note", langs, optional=True),
        clocks=tuple(_clock(langs, clock) for clock in table.tables("clock")),
    )


def _decider(langs: tuple[str, ...], clauses: dict[str, Clause], table: Table) -> Decider:
    return Decider(
        id=table.text("id"),
        clause=_resting(clauses, table),
        name=table.words("name", langs),
        roles=table.names("roles", known=model.DECIDING_ROLES),
        kinds=table.names("kinds", known=model.OFFICE_KINDS),
        clauses=table.names("clauses", (), known=clauses),
        acts=table.names("acts", (), known=model.ACTS),
        services=table.names("services", ()),
        packs=table.names("packs", ()),
        note=table.words("note", langs, optional=True),
    )


def _silence(clauses: dict[str, Clause], table: Table) -> Silence:
    silence = Silence(
        clause=_resting(clauses, table), fact=table.text("fact"), acts=table.names("acts", known=model.ACTS)
    )
    home = clauses.get(silence.clause)
    if home and not any(limit.fact == silence.fact and limit.most for limit in home.limits):
        table.fault("fact", f"is no period that {home.id!r} fixes", "Name a limit of the clause that has a max")
    table.done()
    return silence


def _reach(clauses: dict[str, Clause], table: Table) -> Reach:
    reach = Reach(clause=_resting(clauses, table), services=table.names("services"), packs=table.names("packs"))
    table.done()
    return reach


def _resting(clauses: dict[str, Clause], table: Table) -> str:
    """The clause that a row rests on, which has to be one of the pack."""
    clause = table.text("clause")
    if clause and clause not in clauses:
        table.fault("clause", f"names {clause!r}, which this pack does not have", "Name a clause of clauses.toml")
    return clause


def _clock(langs: tuple[str, ...], table: Table) -> Clock:
    clock = Clock(
        act=table.words("act", langs),
        days=table.number("days"),
        min_days=table.number("min_days"),
        unit=table.choice("unit", model.UNITS),
        starts=table.words("starts", langs),
        extension=table.words("extension", langs, optional=True),
        grade=table.choice("grade", model.GRADES),
        sources=table.names("sources"),
    )
    table.done()
    return clock


def _penalty(langs: tuple[str, ...], table: Table) -> Penalty:
    return Penalty(
        id=table.text("id"),
        weight=table.choice("weight", ("minor", "major")),
        name=table.words("name", langs),
        grade=table.choice("grade", model.GRADES),
        sources=table.names("sources"),
    )


def _example(table: Table) -> Example:
    facts = table.table("facts", optional=True)
    example = Example(
        clause=table.text("clause"),
        lang=table.text("lang"),
        triggers=table.flag("triggers"),
        account=table.choice("account", ACCOUNTS, "personal"),
        duty=table.flag("duty", False),
        on=table.day("on", None),
        text=table.text("text", ""),
        facts={name: facts.data[name] for name in facts.keys()},  # noqa: SIM118
    )
    table.done()
    return example
