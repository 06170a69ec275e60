"""What a pack must be beyond well-formed: sources cited exist, stages lead somewhere, every clause has its examples."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources.abc import Traversable

from amanat.errors import Fault, PackBroken
from amanat.rulebook.load import load_examples, read_pack
from amanat.rulebook.model import COMMON, Example, Pack, Penalty, Stage

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def lint(folders: Iterable[Traversable]) -> list[Fault]:
    """Every fault of the packs in `folders`, file by file."""
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for folder in folders:
        pack, found = read_pack(folder)
        faults += found
        if pack is None:
            continue
        faults += _cited(pack, folder.name)
        faults += _stages(pack, folder.name)
        faults += _ids(pack, folder.name, seen)
        try:
            examples = load_examples(folder)
        except PackBroken as broken:
            faults += broken.faults
        else:
            faults += _exemplified(pack, folder.name, examples)
    return faults


def _cited(pack: Pack, name: str) -> list[Fault]:
    rows = [("instruments.toml", f"instrument[{i.id}]", i.sources, i.grade) for i in pack.instruments.values()]
    rows += [("clauses.toml", f"clause[{c.id}]", c.sources, c.grade) for c in pack.clauses.values()]
    for procedure in pack.procedures.values():
        parts: tuple[Stage | Penalty, ...] = (*procedure.stages, *procedure.penalties)
        for part in parts:
            rows.append(("procedure.toml", f"procedure[{procedure.id}].{part.id}", part.sources, part.grade))
    faults = []
    for file, key, sources, grade in rows:
        where = f"{name}/{file}"
        if not sources and grade != "unverified":
            faults.append(
                Fault(
                    where, f"{key}.sources", f"is empty under grade {grade!r}", "Cite a source, or grade it unverified"
                )
            )
        faults += [
            Fault(where, f"{key}.sources", f"cites {s!r}, which instruments.toml does not list", f"Add [source.{s}]")
            for s in sources
            if s not in pack.sources
        ]
    return faults


def _stages(pack: Pack, name: str) -> list[Fault]:
    faults = []
    for procedure in pack.procedures.values():
        known = {stage.id for stage in procedure.stages}
        reached = {step for stage in procedure.stages for step in stage.next}
        where, key = f"{name}/procedure.toml", f"procedure[{procedure.id}]"
        faults += [
            Fault(where, f"{key}.next", f"leads to unknown stage {s!r}", "Name a stage of this procedure")
            for s in sorted(reached - known)
        ]
        for stage in procedure.stages[1:]:
            if stage.id not in reached:
                faults.append(
                    Fault(where, f"{key}.{stage.id}", "is never reached", "Name it in `next` of an earlier stage")
                )
    return faults


def _ids(pack: Pack, name: str, seen: dict[str, str]) -> list[Fault]:
    faults = []
    for file, ids in (("instruments.toml", pack.instruments), ("clauses.toml", pack.clauses)):
        for id_ in ids:
            where = f"{name}/{file}"
            if not _ID.fullmatch(id_):
                faults.append(Fault(where, id_, "is not a neutral id", "Use lower-case ASCII words joined by hyphens"))
            if id_ in seen:
                faults.append(
                    Fault(where, id_, f"is used in {seen[id_]} too", "Ids are unique over all packs: choose another")
                )
            seen[id_] = where
    for clause in pack.clauses.values():
        if not clause.id.startswith(f"{clause.instrument}-"):
            faults.append(
                Fault(
                    f"{name}/clauses.toml",
                    clause.id,
                    "does not begin with its instrument's id",
                    f"Call it {clause.instrument}-…",
                )
            )
        if clause.ends is not None and clause.ends < clause.starts:
            faults.append(
                Fault(
                    f"{name}/clauses.toml", f"clause[{clause.id}].until", "lies before `from`", "Swap or mend the dates"
                )
            )
    return faults


def _exemplified(pack: Pack, name: str, examples: tuple[Example, ...]) -> list[Fault]:
    where = f"{name}/examples.toml"
    faults = [
        Fault(where, f"example[{e.clause}]", "is for a clause this pack does not have", "Mend the id")
        for e in examples
        if e.clause not in pack.clauses
    ]
    have = {(e.clause, e.lang, e.triggers) for e in examples}
    for clause in pack.clauses.values():
        for lang in pack.languages if pack.id != COMMON else ("en",):
            for triggers in (True, False):
                if (clause.id, lang, triggers) not in have:
                    must = "must trigger" if triggers else "must not trigger"
                    faults.append(
                        Fault(where, clause.id, f"has no {lang!r} example that {must} it", "Add an [[example]]")
                    )
    return faults
