"""Training of the reader: from labelled lines to the table of weights, its thresholds and its model card.

One linear support vector machine a head (squared hinge, liblinear), on hashed features weighted by inverse document
frequency and brought to length one. Lines that public sets label only in part train only the head they speak to. Split
by a hash of the id: 70 % train, 15 % dev, 15 % test, which is never looked at here. What makes an output a probability,
and every threshold, comes of train and dev lines read by a model that did not learn them (cross-fitting, as J. Platt
advises, 1999); then all of them teach the model that is shipped. Sets that bring their own dev keep it for judging.
Same lines, same table, bit for bit.
"""

from __future__ import annotations

import hashlib
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
from amanat.screening.spotter import Spotter
from amanat.screening.weights import Table, save
from amanat.vocabulary import INTENTS, LATIN, TOPICS

Row = dict[str, Any]
Flags = npt.NDArray[np.bool_]
_RAREST = 2
"""Lines a feature must occur in to count: what was seen once teaches nothing about the next text."""
_MOST = 350_000
"""Features at most: as many as keep the table under 12 MB with a column a head."""
_PENALTY = 1.0
"""Inverse of the regularisation strength, chosen on dev."""
_FOLDS = 5
"""Parts the lines are cut into, each read by a model of the others."""
_STOPPING = frozenset(TOPICS) - {"unverified", "self-promotion", "media-activity", "commercial"}
"""Topics that the labelling guide answers with `stop` on every account."""
_ABUSIVE = frozenset({"abuse", "obscenity", "discrimination", "sectarian-communal", "threat"})
"""Topics that public sets of abusive comments hold."""
_AS_GOOD = 0.001
"""Difference of F1 that is no difference."""
_FIRM = 0.95
"""Precision, on lines not learnt, from which a learned signal alone may ground `stop` or `hide`."""


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
    found.append(_task("asks", (_asks(row) for row in rows)))
    found.append(_task("hides", (r["action"] == "hide" if "action" in r else None for r in rows)))
    found.append(_task("abusive", map(_is_abusive, rows)))
    return found


def _side(row: Row, topic: str) -> bool | None:
    """Whether a line carries a topic, as far as it is labelled."""
    if "topics" in row:
        return topic in row["topics"]
    side: bool | None = row.get("sides", {}).get(topic)
    return side


def _asks(row: Row) -> bool | None:
    """Whether the writer of a draft asks if something may be said, and says nothing that speaks for a topic."""
    return row["verdict"] == "ask" and not row["topics"] if row.get("kind") == "draft" and "verdict" in row else None


def _task(name: str, values: Iterable[Any]) -> Task:
    return Task(name, np.array([-1 if value is None else int(value) for value in values], np.int8))


def _is_abusive(row: Row) -> bool | None:
    """The one question that public sets of abusive comments answer."""
    if "topics" in row:
        return bool(_ABUSIVE & set(row["topics"]))
    return {"abusive": True, "normal": False}.get(str(row.get("label")))


class Matrix:
    """Lines as sparse rows, weighted by inverse document frequency of the lines taught, each of length one.

    `features`: the known ones, ascending, a column each: those of at least `_RAREST` lines, the commonest `_MOST`.
    """

    def __init__(self, documents: Sequence[Sequence[int]], taught: Flags) -> None:
        seen: Counter[int] = Counter()
        for features, counts in zip(documents, taught, strict=True):
            if counts:
                seen.update(set(features))
        often = sorted((f for f, count in seen.items() if count >= _RAREST), key=lambda f: (-seen[f], f))
        self.features = np.array(sorted(often[:_MOST]), np.uint32)
        counted = np.array([seen[int(feature)] for feature in self.features])
        self.idf = np.log(1 + int(taught.sum()) / (1 + counted))
        # the norm is kept in eight bits at run time, so it is here too
        self.norm = np.clip(np.rint(self.idf**2), 0, 127).astype(np.int8)
        self.rows = self._sparse(documents)

    def _sparse(self, documents: Sequence[Sequence[int]]) -> Any:
        from scipy import sparse

        column_of = {int(feature): column for column, feature in enumerate(self.features)}
        ends, columns, values = [0], list[int](), list[float]()
        for features in documents:
            counts = Counter(column_of[f] for f in features if f in column_of)
            length = np.sqrt(max(1, sum(int(self.norm[column]) * count for column, count in counts.items())))
            columns += counts
            values += [count * self.idf[column] / length for column, count in counts.items()]
            ends.append(len(columns))
        shape = len(documents), len(self.features)
        return sparse.csr_matrix((np.array(values, np.float32), np.array(columns), np.array(ends)), shape=shape)


def train(
    rows: Sequence[Row], folder: Path, *, examples: bool = True, report: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Train on `rows`, and the packs' `examples`; write table and `heads.json` into `folder`.

    Returns what heads.json holds.
    """
    spotter = Spotter()
    rows = [*rows, *(example_rows(spotter) if examples else ())]
    taught, folds = np.array([_is_taught(row) for row in rows]), np.array([_fold_of(row) for row in rows])
    report(f"reading {len(rows)} lines")
    matrix = Matrix([all_features(spotter.spot(row["text"]).document) for row in rows], taught)
    heads: dict[str, Any] = {}
    table = np.zeros((len(matrix.features) + 1, len(list(tasks(rows[:1]))) + 1), np.int8)
    for column, task in enumerate(tasks(rows)):
        report(f"training {task.name}")
        chosen = taught & (task.labels >= 0)
        _check_sides(task.name, task.labels[chosen], folds[chosen])
        table[:-1, column], heads[task.name] = _head(matrix, task.labels, chosen, folds)
    table[:-1, -1] = matrix.norm
    notes = {"heads": heads, "lines": {"taught": int(taught.sum()), "left": int((~taught).sum())}}
    report("leaving one source out")
    notes["left_out"] = left_out(matrix, rows, taught)
    _write(folder, Table(matrix.features, table), notes)
    return notes


def _is_taught(row: Row) -> bool:
    """Whether the shipped model may learn a line: no test line, and no dev line of a set that brings its own split."""
    return split_of(row) != "test" and row.get("split") != "dev"


def _fold_of(row: Row) -> int:
    key = f"fold {row.get('id') or row['text']}".encode("utf-8", "surrogatepass")
    return int(hashlib.sha256(key).hexdigest(), 16) % _FOLDS


def _check_sides(name: str, labels: npt.NDArray[np.int8], folds: npt.NDArray[np.int64]) -> None:
    for fold in range(_FOLDS):
        if not {0, 1} <= set(labels[folds != fold].tolist()):
            raise BadInput(f"too few lines show both sides of {name!r}", where="training", cure="Add lines that do")


def _head(
    matrix: Matrix, labels: npt.NDArray[np.int8], chosen: Flags, folds: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int8], dict[str, float]]:
    """One column of the table, and the numbers that go with it."""
    logits = np.zeros(len(labels))
    for fold in range(_FOLDS):
        weights, bias = _fit(matrix.rows, labels, chosen & (folds != fold))
        unseen = chosen & (folds == fold)
        logits[unseen] = matrix.rows[unseen] @ weights + bias
    slope, shift = _calibrate(logits[chosen], labels[chosen])
    chances = 1 / (1 + np.exp(-(slope * logits[chosen] + shift)))
    found, firm = _thresholds(chances, labels[chosen] == 1)
    weights, bias = _fit(matrix.rows, labels, chosen)
    scaled = weights * matrix.idf
    scale = max(float(np.quantile(np.abs(scaled[scaled != 0]), 0.9999)) / 127, 1e-9)
    column = np.clip(np.rint(scaled / scale), -127, 127).astype(np.int8)
    return column, {"scale": scale, "bias": bias, "slope": slope, "shift": shift, "found": found, "firm": firm}


def left_out(matrix: Matrix, rows: Sequence[Row], taught: Flags) -> dict[str, Row]:
    """How the head *abusive* does on each source when it has learnt only the others: macro-F1, AUC.

    Judged on the dev lines of the source, on all its lines where it has no dev.
    """
    labels = np.array([-1 if (side := _is_abusive(row)) is None else int(side) for row in rows], np.int8)
    sources = np.array([str(row.get("source", "ours")) for row in rows])
    dev = np.array([split_of(row) == "dev" for row in rows])
    found = {}
    for source in sorted(set(sources[labels >= 0])):
        others = taught & (sources != source) & (labels >= 0)
        its = (sources == source) & (labels >= 0)
        judged = its & dev if (its & dev).any() else its
        if {0, 1} <= set(labels[others].tolist()) and {0, 1} <= set(labels[judged].tolist()):
            weights, bias = _fit(matrix.rows, labels, others)
            found[source] = _judged(matrix.rows[judged] @ weights + bias, labels[judged] == 1)
    return found


def _judged(logits: npt.NDArray[np.float64], truth: Flags) -> Row:
    from sklearn.metrics import f1_score, roc_auc_score

    return {
        "n": len(truth),
        "macro_f1": round(float(f1_score(truth, logits > 0, average="macro")), 4),
        "auc": round(float(roc_auc_score(truth, logits)), 4),
    }


def _fit(rows: Any, labels: npt.NDArray[np.int8], chosen: Flags) -> tuple[npt.NDArray[np.float64], float]:
    try:
        from sklearn.svm import LinearSVC
    except ImportError:
        raise Missing("training needs scikit-learn", cure="pip install 'amanat[train]'") from None
    model = LinearSVC(C=_PENALTY, random_state=0).fit(rows[chosen], labels[chosen])
    return model.coef_[0], float(model.intercept_[0])


def _calibrate(logits: npt.NDArray[np.float64], labels: npt.NDArray[np.int8]) -> tuple[float, float]:
    """Slope and shift that make logits probabilities (J. Platt, 1999), fitted on lines not learnt."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(logits.reshape(-1, 1), labels)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _thresholds(chances: npt.NDArray[np.float64], truth: Flags) -> tuple[float, float]:
    """The highest chance where F1 is at its best, and the lowest from which precision is `_FIRM` (2: never)."""
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(truth[order])
    taken = np.arange(1, len(order) + 1)
    f1 = 2 * hits / (taken + truth.sum())
    # of thresholds as good as the best, the highest: a doubtful text is left alone
    found = float(chances[order][int(np.flatnonzero(f1 >= f1.max() - _AS_GOOD)[0])])
    sure = np.flatnonzero((hits / taken >= _FIRM) & (hits >= 5))
    firm = float(chances[order][sure[-1]]) if len(sure) else 2.0
    return round(found - 5e-5, 4), round(firm, 4)


def _write(folder: Path, table: Table, notes: dict[str, Any]) -> None:
    save(folder, table)
    draft = folder / "heads.draft"
    draft.write_text(json.dumps(notes, indent=1), encoding="utf-8")
    draft.replace(folder / "heads.json")


def card_lines(notes: dict[str, Any]) -> Iterator[str]:
    """What was trained, as lines: how many lines, and where each head begins to find and to be firm."""
    yield "lines: " + ", ".join(f"{name} {count}" for name, count in notes["lines"].items())
    for name, head in notes["heads"].items():
        firm = "never" if head["firm"] > 1 else f"{head['firm']:.2f}"
        yield f"{name:24} found from {head['found']:.2f}, firm from {firm}"
    for source, figures in notes["left_out"].items():
        yield f"abusive, never having learnt {source}: macro-F1 {figures['macro_f1']:.2f}, AUC {figures['auc']:.2f}"
