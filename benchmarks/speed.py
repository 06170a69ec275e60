"""How fast Amanat is, and how that stands to its peers and to its own limits. Run by `./bench`.

Texts: the project's own corpus, cut or joined to the length a row names. Single-thread figures are CPU time
(`process_time`), the best of several passes; start-up and memory are taken from whole processes from outside.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil

from amanat import Context, Reader, load_rulebook
from amanat.bulk import Defaults, run
from amanat.ruling import rule
from amanat.screening.classifier import Classifier, all_features
from amanat.screening.folded import Folded
from amanat.screening.lexicon import Automaton, data_folder, read_words
from amanat.screening.scripts import scripts
from amanat.screening.spotter import Spotter

ROOT = Path(__file__).parents[1]
LIMITS = {
    "words alone: check p95 (ms)": 1.0,
    "words alone: check worst (ms)": 5.0,
    "words alone: checks a second": 5_000,
    "words alone: cold start of the command (s)": 0.4,
    "trained reader: check p95 (ms)": 1.5,
    "trained reader: cold start of the command (s)": 0.5,
    "3,000 terms more against 300 (ratio)": 1.5,
    "memory of the command (MB)": 200,
    "trained reader: bulk rows a second": 15_000,
}


def corpus() -> list[str]:
    """All texts of the corpus, in a fixed order."""
    files = sorted((ROOT / "corpus").glob("*.jsonl"))
    return [
        json.loads(line)["text"] for file in files for line in file.read_text(encoding="utf-8").splitlines() if line
    ]


def posts(texts: list[str], length: int, count: int) -> list[str]:
    """`count` posts of about `length` characters: neighbours of one language joined and cut."""
    found = []
    pending = ""
    for text in texts:
        pending = f"{pending} {text}".strip()
        if len(pending) >= length:
            found.append(pending[:length])
            pending = ""
    return (found * math.ceil(count / len(found)))[:count]


def seconds_each(work: Callable[[str], Any], texts: Iterable[str], passes: int = 3) -> float:
    """CPU seconds a text, the best of some passes."""
    texts = list(texts)
    best = math.inf
    for _ in range(passes):
        start = time.process_time()
        for text in texts:
            work(text)
        best = min(best, (time.process_time() - start) / len(texts))
    return best


def latencies(work: Callable[[str], Any], texts: Iterable[str]) -> list[float]:
    """CPU milliseconds of each text."""
    found = []
    for text in texts:
        start = time.process_time_ns()
        work(text)
        found.append((time.process_time_ns() - start) / 1e6)
    return sorted(found)


def checker(reader: Reader) -> Callable[[str], Any]:
    """A full check: read and rule."""
    rulebook = load_rulebook()
    context = Context("pk-federal", date(2026, 1, 15))
    return lambda text: rule(reader.read(text), context, rulebook)


def _pass(automaton: Automaton, text: str) -> list[Any]:
    folded = Folded(text)
    return automaton.search([automaton.channels(folded)], [scripts(folded.letters)])


def _gather(classifier: Classifier, features: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return classifier.table.take(features).sum(axis=0, dtype=np.int64)


def floors(texts: list[str]) -> tuple[float, float]:
    """Seconds a text of what no check can do without: one fold and automaton pass; one gather over the weights."""
    automaton = Automaton((data_folder(),), (), read_words(data_folder() / "spelled.txt"))
    classifier = Classifier(data_folder() / "model")
    spotter = Spotter()
    features = {text: np.array(all_features(spotter.spot(text).document)) for text in texts}
    return (
        seconds_each(lambda text: _pass(automaton, text), texts),
        seconds_each(lambda text: _gather(classifier, features[text]), texts),
    )


def rules_ratio(texts: list[str]) -> float:
    """Time of a reading with 3,000 rules in the lexicon to time with 300; the added terms are made-up words."""

    def reader_with(count: int) -> Reader:
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "lexicon" / "commercial"
            home.mkdir(parents=True)
            words = sorted(f"zq{number:05d}x wq{number % 97}" for number in range(count))
            (home / "en.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
            reader = Reader(Path(folder), learned=False)
            for text in texts:
                reader.read(text)  # word lists are read when a text first needs them: before the folder goes
            return reader

    few, many = reader_with(300), reader_with(3000)
    ratios = [seconds_each(many.read, texts, 1) / seconds_each(few.read, texts, 1) for _ in range(5)]
    return statistics.median(ratios)


def command(*more: str) -> tuple[float, float]:
    """Wall seconds of one `amanat check` (median of 7) and its peak memory in MB."""
    words = [sys.executable, "-m", "amanat", "check", "Good morning", "--pack", "pk-federal", "-q", *more]
    times = []
    for _ in range(7):
        start = time.perf_counter()
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    child = psutil.Popen(words, stdout=subprocess.DEVNULL)
    peak = 0
    while child.poll() is None:
        try:
            peak = max(peak, child.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.002)
    return statistics.median(times), peak / 1e6


def bulk_rate(texts: list[str], count: int, *, words_only: bool) -> float:
    """Rows a second of CPU time of the worker of `amanat bulk`, JSONL to JSONL, its start-up included.

    The texts come round again where there are fewer than `count`: their words are remembered then, no answer is.
    """
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.jsonl"
        rows = (json.dumps({"id": str(i), "text": texts[i % len(texts)]}, ensure_ascii=False) for i in range(count))
        source.write_text("\n".join(rows) + "\n", encoding="utf-8")
        start = _spent_by_children()
        run(
            source, Path(folder) / "out.jsonl", Defaults(on=date(2026, 1, 15), pack="bd", words_only=words_only), jobs=1
        )
        return count / (_spent_by_children() - start)


def _spent_by_children() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def peers() -> dict[str, Callable[[str], Any]]:
    """What a builder would reach for instead: each does a part of what a check does."""
    import spacy
    from better_profanity import profanity
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine
    from profanity_check import predict_prob

    class BlankEngine(SpacyNlpEngine):
        """spaCy without a trained model: presidio's patterns and checksums only, as no model can be fetched."""

        def __init__(self) -> None:
            super().__init__()
            self.nlp = {"en": spacy.blank("en")}

        def process_text(self, text: str, language: str) -> NlpArtifacts:
            return self._doc_to_nlp_artifact(self.nlp[language](text), language)

    analyzer = AnalyzerEngine(nlp_engine=BlankEngine(), supported_languages=["en"])
    profanity.load_censor_words()
    return {
        "presidio-analyzer": lambda text: analyzer.analyze(text, "en"),
        "better-profanity": profanity.contains_profanity,
        "alt-profanity-check": lambda text: predict_prob([text]),
    }


def main() -> None:
    """Measure and print; with --json, as data."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true")
    options.add_argument("--quick", action="store_true", help="fewer texts; for a look, not for quoting")
    chosen = options.parse_args()
    texts = corpus()
    sample = posts(texts, 280, 300 if chosen.quick else 2000)
    rows = 5_000 if chosen.quick else 200_000
    figures: dict[str, float] = {}
    each = {}
    for name, learned in (("words alone", False), ("trained reader", True)):
        check = checker(Reader(learned=learned))
        for text in sample[:200]:
            check(text)
        each[name] = seconds_each(check, sample)
        spread = latencies(check, sample)
        start_up, memory = command(*([] if learned else ["--words-only"]))
        figures |= {
            f"{name}: check p50 (ms)": spread[len(spread) // 2],
            f"{name}: check p95 (ms)": spread[int(len(spread) * 0.95)],
            f"{name}: check worst (ms)": spread[-1],
            f"{name}: checks a second": 1 / each[name],
            f"{name}: cold start of the command (s)": start_up,
            f"{name}: bulk rows a second": bulk_rate(texts, rows, words_only=not learned),
        }
    one_pass, one_gather = floors(sample)
    figures |= {
        "one fold and automaton pass alone (ms)": one_pass * 1e3,
        "one gather over the weights alone (ms)": one_gather * 1e3,
        "words alone: a check to one pass (ratio)": each["words alone"] / one_pass,
        "trained reader: a check to one pass and one gather (ratio)": each["trained reader"] / (one_pass + one_gather),
        "3,000 terms more against 300 (ratio)": rules_ratio(sample[:300]),
        "memory of the command (MB)": memory,
    }
    full = each["trained reader"]
    beside = {
        name: seconds_each(work, sample[: 60 if chosen.quick else 300], 1) / full for name, work in peers().items()
    }
    if chosen.json:
        print(json.dumps({"figures": figures, "peers": beside}, indent=2))
        return
    for name, value in figures.items():
        limit = f"   limit {LIMITS[name]:g}" if name in LIMITS else ""
        print(f"{name:60} {value:10.3f}{limit}")
    print("\nTime of a peer to the time of a full check with the trained reader, same texts, same run:")
    for name, ratio in beside.items():
        print(f"{name:60} {ratio:10.1f}×")


if __name__ == "__main__":
    main()
