"""Training of the reader: from labelled lines to the table of weights, its thresholds and its model card.

One linear support vector machine a head (squared hinge, liblinear), on hashed features weighted by inverse document
frequency and brought to length one; its output is made a probability on dev. Lines that public sets label only in part
train only the head they speak to. Split by a hash of the id: 70 % train, 15 % dev, 15 % test, which is never looked at
here. Same lines, same table, bit for bit.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amanat.bulk.files import BROKEN, chunks
from amanat.errors import BadInput, Missing
from amanat.obedience import LATEST
from amanat.rulebook import COMMON, load_examples, load_pack, pack_names
from amanat.rulebook.load import packs_folder
from amanat.scoring import check_labels, split_of
from amanat.screening.classifier import all_features
from amanat.screening.features import SIZE
from amanat.screening.spotter import Spotter
from amanat.vocabulary import INTENTS, LATIN, TOPICS

Row = dict[str, Any]
Flags = npt.NDArray[np.bool_]
_RAREST = 2
"""Lines a feature must occur in to count: what was seen once teaches nothing about the next text."""
_PENALTY = 1.0
"""Inverse of the regularisation strength, chosen on dev."""
_STOPPING = frozenset(TOPICS) - {"unverified", "self-promotion", "media-activity", "commercial"}
"""Topics that the labelling guide answers with `stop` on every account."""
_ABUSIVE = frozenset({"abuse", "obscenity", "discrimination", "sectarian-communal", "threat"})
"""Topics that public sets of abusive comments hold."""
_AS_GOOD = 0.005
"""Difference of F1 on dev that is no difference."""
_FIRM = 0.95
"""Precision on dev from which a learned signal alone may ground `stop` or `hide`."""


@dataclass(frozen=True)
class Task:
    """One head: its name, and for every line whether it is so (1), is not (0) or is not labelled (-1)."""

    name: str
    labels: npt.NDArray[np.int8]


def read_lines(files: Iterable[Path]) -> list[Row]:
    """All rows of JSONL files. Raises BadInput for a broken line, one without text, or labels that are none of ours."""
    rows: list[Row] = []
    for file in files:
        for chunk, _ in chunks(file, 1000):
            for row in chunk:
                if BROKEN in row:
                    raise BadInput(
                        row[BROKEN], where=str(file), cure="Mend the line: the model is trained on all or none"
                    )
                where = f"{file}, row {row.get('id')!r}"
                if not isinstance(row.get("text"), str):
                    raise BadInput("there is no text", where=where, cure="Give it one, or take the row out")
                check_labels(row, where)
                rows.append(row)
    return rows


def example_rows(spotter: Spotter) -> list[Row]:
    """The examples of the packs as lines labelled in part: what a clause must find, and what it must not.

    A text that must not trigger a clause says nothing where its account, its day or the duty is the reason.
    """
    rows = []
    for name in (COMMON, *pack_names()):
        folder = packs_folder() / name
        clauses = load_pack(folder).clauses
        for place, example in enumerate(load_examples(folder)):
            clause = clauses[example.clause]
            on, service = example.on or LATEST, "".join(clause.services[:1])
            bound = clause.in_force(on) and clause.covers(example.account, duty=example.duty, service=service)
            if example.text and clause.topics and (example.triggers or (bound and not example.duty)):
                sides = dict.fromkeys(clause.topics, example.triggers)
                if example.triggers and len(sides) > 1:
                    # of several topics the clause speaks to, those that words in the text stand for
                    spotted = spotter.spot(example.text).weighed
                    sides = {c.topic: True for c, e in spotted if c.topic in sides and not e.lowered_by}
                rows.append({"id": f"{name}-{place}", "text": example.text, "split": "train", "sides": sides})
    return rows


def tasks(rows: Sequence[Row]) -> list[Task]:
    """The heads and their labels: topics, intents, Latin language forms, and what a text is as a whole."""
    guided = [row if "topics" in row else None for row in rows]
    found = [_task(topic, (_side(row, topic) for row in rows)) for topic in TOPICS]
    found += [_task(f"intent-{i}", (r["intent"] == i if "intent" in r else None for r in rows)) for i in INTENTS]
    latin = [row["lang"] if row and row.get("lang") in LATIN else None for row in guided]
    found += [_task(f"lang-{form}", (lang and lang == form for lang in latin)) for form in LATIN]
    found.append(_task("any", (r and bool(r["topics"]) for r in guided)))
    found.append(_task("stops", (r and bool(_STOPPING & set(r["topics"])) for r in guided)))
    found.append(_task("hides", (r["action"] == "hide" if "action" in r else None for r in rows)))
    found.append(_task("abusive", map(_is_abusive, rows)))
    return found


def _side(row: Row, topic: str) -> bool | None:
    """Whether a line carries a topic, as far as it is labelled."""
    if "topics" in row:
        return topic in row["topics"]
    side: bool | None = row.get("sides", {}).get(topic)
    return side


def _task(name: str, values: Iterable[Any]) -> Task:
    return Task(name, np.array([-1 if value is None else int(value) for value in values], np.int8))


def _is_abusive(row: Row) -> bool | None:
    """The one question that public sets of abusive comments answer."""
    if "topics" in row:
        return bool(_ABUSIVE & set(row["topics"]))
    return {"abusive": True, "normal": False}.get(str(row.get("label")))


class Matrix:
    """Lines as sparse rows, weighted by inverse document frequency of the training lines, each of length one."""

    def __init__(self, documents: Sequence[Sequence[int]], train: Flags) -> None:
        seen: Counter[int] = Counter()
        for features, counts in zip(documents, train, strict=True):
            if counts:
                seen.update(set(features))
        often = np.zeros(SIZE)
        for feature, count in seen.items():
            often[feature] = count
        weight = np.log(1 + int(train.sum()) / (1 + often))
        self.idf = np.where(often < _RAREST, 0.0, weight)
        # the norm is kept in eight bits at run time, so it is here too
        self.norm = np.clip(np.rint(self.idf**2), 0, 127).astype(np.int8)
        self.rows = self._sparse(documents)

    def _sparse(self, documents: Sequence[Sequence[int]]) -> Any:
        from scipy import sparse

        ends, columns, values = [0], [], []
        for features in documents:
            length = np.sqrt(max(1, sum(int(self.norm[f]) for f in features)))
            for feature, count in Counter(features).items():
                if self.idf[feature]:
                    columns.append(feature)
                    values.append(count * self.idf[feature] / length)
            ends.append(len(columns))
        return sparse.csr_matrix(
            (np.array(values, np.float32), np.array(columns), np.array(ends)), shape=(len(documents), SIZE)
        )


def train(
    rows: Sequence[Row], folder: Path, *, examples: bool = True, report: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Train on `rows`, and the packs' `examples`; write `weights.npy` and `heads.json` into `folder`.

    Returns what heads.json holds.
    """
    spotter = Spotter()
    rows = [*rows, *(example_rows(spotter) if examples else ())]
    parts = np.array([split_of(row) for row in rows])
    report(f"reading {len(rows)} lines")
    matrix = Matrix([all_features(spotter.spot(row["text"]).document) for row in rows], parts == "train")
    heads: dict[str, Any] = {}
    table = np.zeros((SIZE, len(list(tasks(rows[:1]))) + 1), np.int8)
    for column, task in enumerate(tasks(rows)):
        report(f"training {task.name}")
        _check_sides(task, parts)
        weights, bias = _fit(matrix.rows, task, parts == "train")
        scaled = weights * matrix.idf
        scale = max(float(np.quantile(np.abs(scaled[scaled != 0]), 0.9999)) / 127, 1e-9)
        table[:, column] = np.clip(np.rint(scaled / scale), -127, 127).astype(np.int8)
        sums = _whole_sums(matrix, table[:, column])
        logits = bias + scale * sums
        labelled = (parts == "dev") & (task.labels >= 0)
        slope, shift = _calibrate(logits[labelled], task.labels[labelled])
        chances = 1 / (1 + np.exp(-(slope * logits + shift)))
        found, firm = _thresholds(chances[labelled], task.labels[labelled] == 1)
        heads[task.name] = {
            "scale": scale, "bias": bias, "slope": slope, "shift": shift, "found": found, "firm": firm
        }  # fmt: skip
    table[:, -1] = matrix.norm
    notes = {"heads": heads, "lines": {name: int((parts == name).sum()) for name in ("train", "dev", "test")}}
    _write(folder, table, notes)
    return notes


def _check_sides(task: Task, parts: npt.NDArray[np.str_]) -> None:
    for part in ("train", "dev"):
        if not {0, 1} <= set(task.labels[parts == part].tolist()):
            raise BadInput(
                f"no {part} lines show both sides of {task.name!r}", where="training", cure="Add lines that do"
            )


def _fit(rows: Any, task: Task, train_rows: Flags) -> tuple[npt.NDArray[np.float64], float]:
    try:
        from sklearn.svm import LinearSVC
    except ImportError:
        raise Missing("training needs scikit-learn", cure="pip install 'amanat[train]'") from None
    chosen = train_rows & (task.labels >= 0)
    model = LinearSVC(C=_PENALTY, random_state=0).fit(rows[chosen], task.labels[chosen])
    return model.coef_[0], float(model.intercept_[0])


def _whole_sums(matrix: Matrix, column: npt.NDArray[np.int8]) -> npt.NDArray[np.float64]:
    """Σ weight / √Σ norm of every line, with the whole-number weights as they are shipped."""
    from scipy import sparse

    inverse = np.divide(1.0, matrix.idf, out=np.zeros_like(matrix.idf), where=matrix.idf > 0)
    sums: npt.NDArray[np.float64] = matrix.rows @ sparse.diags(inverse) @ column.astype(np.float64)
    return sums


def _calibrate(logits: npt.NDArray[np.float64], labels: npt.NDArray[np.int8]) -> tuple[float, float]:
    """Slope and shift that make logits probabilities (J. Platt, 1999), fitted on dev."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(logits.reshape(-1, 1), labels)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _thresholds(chances: npt.NDArray[np.float64], truth: Flags) -> tuple[float, float]:
    """The highest chance where F1 on dev is at its best, and the lowest from which precision is `_FIRM` (2: never)."""
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(truth[order])
    taken = np.arange(1, len(order) + 1)
    f1 = 2 * hits / (taken + truth.sum())
    # of thresholds as good as the best, the highest: a doubtful text is left alone
    found = float(chances[order][int(np.flatnonzero(f1 >= f1.max() - _AS_GOOD)[0])])
    sure = np.flatnonzero((hits / taken >= _FIRM) & (hits >= 5))
    firm = float(chances[order][sure[-1]]) if len(sure) else 2.0
    return round(found - 5e-5, 4), round(firm, 4)


def _write(folder: Path, table: npt.NDArray[np.int8], notes: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / "weights.draft.npy"
    np.save(draft, table, allow_pickle=False)
    draft.replace(folder / "weights.npy")
    draft = folder / "heads.draft"
    draft.write_text(json.dumps(notes, indent=1), encoding="utf-8")
    draft.replace(folder / "heads.json")


def card_lines(notes: dict[str, Any]) -> Iterator[str]:
    """What was trained, as lines: how many lines, and where each head begins to find and to be firm."""
    yield "lines: " + ", ".join(f"{name} {count}" for name, count in notes["lines"].items())
    for name, head in notes["heads"].items():
        firm = "never" if head["firm"] > 1 else f"{head['firm']:.2f}"
        yield f"{name:24} found from {head['found']:.2f}, firm from {firm}"
