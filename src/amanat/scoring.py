"""How well Amanat does on labelled lines: precision, recall and F1 per language and topic, with Wilson intervals."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from amanat.bulk.answers import Row
from amanat.bulk.rows import Answerer
from amanat.errors import AmanatError, BadInput
from amanat.ruling import Triage, Verdict
from amanat.vocabulary import ACTIONS, INTENTS, LANGS, LEVELS, TOPICS

_Z = 1.959964  # 95 %


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of a share (E. B. Wilson, JASA 22, 1927); (0, 1) where nothing was counted."""
    if not total:
        return 0.0, 1.0
    share = hits / total
    spread = _Z * math.sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2))
    middle = share + _Z**2 / (2 * total)
    scale = 1 + _Z**2 / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


_LABELS = {"verdict": LEVELS, "action": ACTIONS, "intent": INTENTS}


def check_labels(row: Row, where: str = "") -> None:
    """Refuse labels that are none of ours: a misspelt one would be counted as a mistake. Raises BadInput."""
    topics = row.get("topics") or []
    if not isinstance(topics, list) or not set(map(str, topics)) <= set(TOPICS):
        raise BadInput(f"{topics!r} are no topics of ours", where=where, cure=f"Give a list of: {', '.join(TOPICS)}")
    for key, known in _LABELS.items():
        if row.get(key, known[0]) not in known:
            raise BadInput(f"{row[key]!r} is no {key} of ours", where=where, cure=f"Use one of: {', '.join(known)}")


def split_of(row: Row) -> str:
    """train, dev or test: fixed by the row's own word, else by a hash of its id, else of its text."""
    if row.get("split") in ("train", "dev", "test"):
        return str(row["split"])
    key = str(row.get("id") or row.get("text")).encode("utf-8", "surrogatepass")
    place = int(hashlib.sha256(key).hexdigest(), 16) % 20
    return "train" if place < 14 else "dev" if place < 17 else "test"


@dataclass(slots=True)
class Share:
    """So many of so many."""

    hits: int = 0
    total: int = 0

    def add(self, hit: bool) -> None:
        """Count one more."""
        self.hits += hit
        self.total += 1

    def data(self) -> Row:
        """The share with its interval; no rate where nothing was counted."""
        low, high = wilson(self.hits, self.total)
        rate = round(self.hits / self.total, 4) if self.total else None
        return {"hits": self.hits, "n": self.total, "rate": rate, "low": round(low, 4), "high": round(high, 4)}


@dataclass(slots=True)
class Counts:
    """True positives, false positives and false negatives of one topic, or of many together."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def add(self, labelled: bool, found: bool) -> None:
        """Count one text."""
        self.tp += labelled and found
        self.fp += found and not labelled
        self.fn += labelled and not found

    def data(self) -> Row:
        """Precision and recall with intervals, and F1."""
        doubled = 2 * self.tp + self.fp + self.fn
        return {
            "precision": Share(self.tp, self.tp + self.fp).data(),
            "recall": Share(self.tp, self.tp + self.fn).data(),
            "f1": round(2 * self.tp / doubled, 4) if doubled else None,
        }


@dataclass(slots=True)
class Score:
    """The figures of one language form, or of all."""

    topics: dict[str, Counts] = field(default_factory=lambda: {topic: Counts() for topic in TOPICS})
    micro: Counts = field(default_factory=Counts)
    shares: dict[str, Share] = field(
        default_factory=lambda: {
            name: Share() for name in ("verdict", "clear_stopped", "action", "keep_hidden", "keep_reviewed", "intent")
        }
    )

    def add(self, row: Row, judged: Verdict | Triage) -> None:
        """Count one labelled row."""
        labels = set(row.get("topics") or ())
        for topic in TOPICS:
            found = topic in judged.reading
            self.topics[topic].add(topic in labels, found)
            self.micro.add(topic in labels, found)
        for name, hit in _hits(row, judged):
            self.shares[name].add(hit)

    def data(self) -> Row:
        """All figures as JSON data."""
        return {
            "micro": self.micro.data(),
            **{name: share.data() for name, share in self.shares.items()},
            "topics": {
                topic: counts.data() for topic, counts in self.topics.items() if counts.tp + counts.fp + counts.fn
            },
        }


@dataclass(slots=True)
class Mistake:
    """A row that was answered otherwise than it is labelled."""

    row: Row
    missed: list[str]
    wrong: list[str]
    answer: str
    label: str


def score(rows: Iterable[Row], answerer: Answerer, complain: Any) -> tuple[dict[str, Score], list[Mistake], int]:
    """Figures by language form (and "all"), the mistakes, and how many rows could not be used."""
    scores = {"all": Score()}
    mistakes = []
    broken = 0
    for row in rows:
        try:
            check_labels(row)
            judged = answerer.judged(row)
        except AmanatError as error:
            broken += 1
            complain(f"row {row.get('id')!r}: {error}")
            continue
        lang = row.get("lang") if row.get("lang") in LANGS else "other"
        for name in ("all", str(lang)):
            scores.setdefault(name, Score()).add(row, judged)
        mistake = _mistake(row, judged)
        if mistake:
            mistakes.append(mistake)
    order = ("all", *LANGS, "other")
    return {name: scores[name] for name in order if name in scores}, mistakes, broken


def _hits(row: Row, judged: Verdict | Triage) -> Iterator[tuple[str, bool]]:
    if isinstance(judged, Verdict):
        if "verdict" in row:
            yield "verdict", judged.level == row["verdict"]
            if row["verdict"] == "clear":
                yield "clear_stopped", judged.level == "stop"
        return
    if "action" in row:
        yield "action", judged.action == row["action"]
        if row["action"] == "keep":
            yield "keep_hidden", judged.action == "hide"
            yield "keep_reviewed", judged.action == "review"
    if "intent" in row:
        yield "intent", judged.intent == row["intent"]


def _mistake(row: Row, judged: Verdict | Triage) -> Mistake | None:
    labels, found = set(row.get("topics") or ()), set(judged.reading.topic_ids)
    is_draft = isinstance(judged, Verdict)
    answer = judged.level if isinstance(judged, Verdict) else judged.action
    label = str(row.get("verdict" if is_draft else "action", answer))
    if labels == found and answer == label:
        return None
    return Mistake(row, sorted(labels - found), sorted(found - labels), answer, label)


def score_lines(scores: dict[str, Score], *, details: bool) -> Iterator[str]:
    """The figures as a table; with `details` also topic by topic."""
    heads = "".join(f"{head:>19}" for head in ("verdict", "clear→stop", "keep→hide", "intent"))
    yield f"{'':10} {'topics P':>18} {'R':>18} {'F1':>6}{heads}"
    for name, one in scores.items():
        data = one.data()
        cells = [data["micro"]["precision"], data["micro"]["recall"]]
        rest = [data[key] for key in ("verdict", "clear_stopped", "keep_hidden", "intent")]
        f1 = data["micro"]["f1"]
        yield f"{name:10} " + " ".join(
            [
                *(f"{_cell(c):>18}" for c in cells),
                f"{'–' if f1 is None else format(f1, '.2f'):>6}",
                *(f"{_cell(c):>18}" for c in rest),
            ]
        )
    if details:
        yield ""
        for topic, data in scores["all"].data()["topics"].items():
            yield f"{topic:24} P {_cell(data['precision']):>18}  R {_cell(data['recall']):>18}  F1 {data['f1']}"


def _cell(share: Row) -> str:
    return f"{share['rate']:.2f} [{share['low']:.2f} {share['high']:.2f}]" if share["n"] else "–"


def mistake_line(mistake: Mistake) -> str:
    """One line for one mistake."""
    row = mistake.row
    missed = "".join(f" -{topic}" for topic in mistake.missed)
    wrong = "".join(f" +{topic}" for topic in mistake.wrong)
    return f"{row.get('id')} [{mistake.label}→{mistake.answer}]{missed}{wrong}: {row.get('text')}"
