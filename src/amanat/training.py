"""Training of the reader: from labelled lines to the table of weights, its thresholds and its model card.

One logistic regression a head (L2, liblinear), on hashed features weighted by inverse document frequency and brought to length one.
Lines that public sets label only in part train only the head they speak to. Split by a hash of the id: 70 % train, 15 %
dev (calibration and thresholds), 15 % test (never looked at here). Same lines, same table, bit for bit.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amanat.bulk.files import BROKEN, chunks
from amanat.errors import BadInput, Missing
from amanat.screening.classifier import all_features
from amanat.screening.features import SIZE
from amanat.screening.spotter import Spotter
from amanat.vocabulary import INTENTS, LANGS, TOPICS

Row = dict[str, Any]
Flags = npt.NDArray[np.bool_]
LATIN = tuple(lang for lang in LANGS if lang == "en" or lang.endswith("-Latn"))
_RAREST = 2
"""Lines a feature must occur in to count: what was seen once teaches nothing about the next text."""
_PENALTY = {"topic": 100.0, "intent": 30.0, "lang": 30.0, "abusive": 10.0}
"""Inverse of the regularisation strength, chosen on dev."""
_FIRM = 0.95
"""Precision on dev from which a learned signal alone may ground `stop` or `hide`."""


def split_of(row: Row) -> str:
    """train, dev or test: fixed by the row's own word, else by a hash of its id."""
    if row.get("split") in ("train", "dev", "test"):
        return str(row["split"])
    place = int(hashlib.sha256(str(row["id"]).encode()).hexdigest(), 16) % 20
    return "train" if place < 14 else "dev" if place < 17 else "test"


@dataclass(frozen=True)
class Task:
    """One head: its name, its kind, and for every line whether it is so (1), is not (0) or is not labelled (-1)."""

    name: str
    kind: str
    labels: npt.NDArray[np.int8]


def read_lines(files: Iterable[Path]) -> list[Row]:
    """All rows of JSONL files. Raises BadInput for a broken line."""
    rows: list[Row] = []
    for file in files:
        for chunk, _ in chunks(file, 1000):
            for row in chunk:
                if BROKEN in row:
                    raise BadInput(row[BROKEN], where=str(file), cure="Mend the line: the model is trained on all or none")
                rows.append(row)
    return rows


def tasks(rows: Sequence[Row]) -> list[Task]:
    """The heads and their labels."""
    found = [Task(topic, "topic", _flags(topic in r["topics"] if "topics" in r else None for r in rows)) for topic in TOPICS]
    found += [
        Task(f"intent-{name}", "intent", _flags(r["intent"] == name if "intent" in r else None for r in rows))
        for name in INTENTS
    ]
    latin = [r["lang"] if r.get("lang") in LATIN and "topics" in r else None for r in rows]
    found += [Task(f"lang-{name}", "lang", _flags(lang == name if lang else None for lang in latin)) for name in LATIN]
    found.append(Task("abusive", "abusive", _flags(_is_abusive(r) for r in rows)))
    return found


def _flags(values: Iterable[bool | None]) -> npt.NDArray[np.int8]:
    return np.array([-1 if value is None else int(value) for value in values], np.int8)


def _is_abusive(row: Row) -> bool | None:
    """The one question that public sets of abusive comments answer."""
    if "topics" in row:
        return bool({"abuse", "obscenity", "discrimination", "sectarian-communal", "threat"} & set(row["topics"]))
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


def train(rows: Sequence[Row], folder: Path, *, report: Any = lambda _: None) -> dict[str, Any]:
    """Train on `rows` and write `weights.npy` and `heads.json` into `folder`. Returns what heads.json holds."""
    spotter = Spotter()
    parts = np.array([split_of(row) for row in rows])
    report(f"reading {len(rows)} lines")
    matrix = Matrix([all_features(spotter.spot(row["text"]).document) for row in rows], parts == "train")
    heads: dict[str, Any] = {}
    table = np.zeros((SIZE, len(list(tasks(rows[:1]))) + 1), np.int8)
    for column, task in enumerate(tasks(rows)):
        report(f"training {task.name}")
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


def _fit(rows: Any, task: Task, train_rows: Flags) -> tuple[npt.NDArray[np.float64], float]:
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError:
        raise Missing("training needs scikit-learn", cure="pip install 'amanat[train]'") from None
    chosen = train_rows & (task.labels >= 0)
    model = LogisticRegression(C=_PENALTY[task.kind], solver="liblinear", class_weight={0: 1, 1: 2}, random_state=0)
    model.fit(rows[chosen], task.labels[chosen])
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
    """Where F1 on dev is best; and the lowest chance from which precision stays at `_FIRM` (2 where it never does)."""
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(truth[order])
    taken = np.arange(1, len(order) + 1)
    f1 = 2 * hits / (taken + truth.sum())
    found = float(chances[order][int(np.argmax(f1))])
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
