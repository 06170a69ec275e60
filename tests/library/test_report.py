"""The report cuts a text into pieces and shows what it must, without a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.report import pieces


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=5))
def test_pieces_make_the_text_again(text: str, spans: list[tuple[int, int]]) -> None:
    inside = [(min(a, b), min(max(a, b), len(text))) for a, b in spans]
    cut = list(pieces(text, inside))
    assert "".join(piece for piece, _ in cut) == text
    marked = {place for start, end in inside for place in range(start, end)}
    assert sum(len(piece) for piece, is_marked in cut if is_marked) == len(marked)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], [("abcdef", False)]),
        ([(0, 6)], [("abcdef", True)]),
        ([(1, 3), (2, 4)], [("a", False), ("bc", True), ("d", True), ("ef", False)]),
    ],
)
def test_overlapping_evidence_is_marked_once(spans: list[tuple[int, int]], expected: list[tuple[str, bool]]) -> None:
    assert list(pieces("abcdef", spans)) == expected
