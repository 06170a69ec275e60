"""How a circular spread through the tree: who had it from whom, and the picture of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from amanat.desk.circulars.models import Dispatch
from amanat.desk.circulars.tally import Place, Sum, Tally

MOST = 40
"""How many offices a picture holds."""
ROW, STEP, BAR, GAP = 30, 22, 96, 8
WIDTH = 640
_LONGEST = 44


@dataclass
class Node:
    """An office on the way of a circular, with those it passed it on to; `place` None: it issued it and got no copy."""

    pk: int
    name: str
    place: Place | None
    below: list[Node] = field(default_factory=list)
    sum: Sum = field(default_factory=Sum)

    @property
    def own(self) -> Sum:
        """The count of the office itself."""
        return self.place.sum if self.place else Sum()


class Line(NamedTuple):
    """One line of the picture, with where its parts stand (in the picture's own units), and of the table beside it."""

    node: Node
    depth: int
    folded: int
    x: int
    y: int
    knee: str
    text: int
    done: int
    done_x: int
    bar_x: int
    label: str

    @property
    def bar_y(self) -> int:
        """The upper edge of the bar."""
        return self.y - 7

    @property
    def text_y(self) -> int:
        """Where the name stands."""
        return self.y + 5

    @property
    def share(self) -> int:
        """How much of a hundred is acknowledged, people where they are asked and offices where not."""
        return _share(self.node.sum)


class Picture(NamedTuple):
    """A tree as far as it fits: its lines and size. `hidden`: offices of the first level that are not drawn."""

    lines: list[Line]
    width: int
    height: int
    hidden: int


def senders(tally: Tally) -> dict[int, int | None]:
    """From whom each office had the circular; None for those at the top.

    Within one sending an office has it from the nearest office above that got it by the same; else from the sender.
    """
    rows = Dispatch.objects.filter(circular=tally.circular).values_list("pk", "office")
    sent = dict(rows)
    first, found = tally.circular.office_id, {}
    for pk, place in tally.places.items():
        above = [int(part) for part in place.path.split("/") if part][-2::-1]
        same = (one for one in above if one in tally.places and tally.places[one].dispatch == place.dispatch)
        near = next(same, None)
        found[pk] = None if pk == first else near if near is not None else sent.get(place.dispatch or 0, first)
    return found


def grown(tally: Tally) -> list[Node]:
    """The trees of a tally, each office under the one it had the circular from, the counts summed up to the top."""
    nodes = {pk: Node(pk, str(place), place) for pk, place in tally.places.items()}
    parents = senders(tally)
    first = tally.circular.office
    if first.pk not in nodes and first.pk in parents.values():
        nodes[first.pk] = Node(first.pk, str(first), None)
    tops: list[Node] = []
    for pk, node in nodes.items():
        above = parents.get(pk)
        (nodes[above].below if above in nodes and above != pk else tops).append(node)
    for top in tops:
        _add_up(top)
    return sorted(tops, key=_order)


def find(tops: list[Node], pk: int) -> Node | None:
    """The node of an office."""
    waiting = list(tops)
    while waiting:
        node = waiting.pop()
        if node.pk == pk:
            return node
        waiting += node.below
    return None


def drawn(tops: list[Node], *, is_rtl: bool) -> Picture:
    """As many levels as fit, line by line; of a level that is too wide at once, those with most missing."""
    levels: list[list[Node]] = []
    total, hidden, level = 0, 0, sorted(tops, key=_order)
    while level:
        if levels and total + len(level) > MOST:
            if len(levels) > 1 or len(tops) > 1:
                break
            level = sorted(level, key=lambda node: (-node.sum.missing - node.sum.silent, *_order(node)))
            hidden, level = len(level) - (MOST - total), level[: MOST - total]
        levels.append(level)
        total += len(level)
        if hidden:
            break
        level = [child for node in level for child in node.below]
    shown = {id(node) for one in levels for node in one}
    lines: list[Line] = []
    for top in sorted(tops, key=_order):
        _draw(top, 0, shown, lines, is_rtl)
    return Picture(lines, WIDTH, len(lines) * ROW + GAP, hidden)


def _draw(node: Node, depth: int, shown: set[int], lines: list[Line], is_rtl: bool) -> None:
    if id(node) not in shown:
        return
    below = [child for child in sorted(node.below, key=_order) if id(child) in shown]
    x, y = GAP + depth * STEP, len(lines) * ROW + ROW // 2 + GAP // 2
    done = BAR * _share(node.sum) // 100

    def at(place: int, width: int = 0) -> int:
        return WIDTH - place - width if is_rtl else place

    here = len(lines)
    label = node.name if len(node.name) <= _LONGEST else f"{node.name[: _LONGEST - 1]}…"
    folded = 0 if below else len(node.below)
    lines.append(
        Line(node, depth, folded, at(x), y, "", at(x + BAR + GAP), done, at(x, done), at(x, BAR), label)
    )  # fmt: skip
    knees = []
    for child in below:
        knees.append(len(lines))
        _draw(child, depth + 1, shown, lines, is_rtl)
    # A stroke from under the bar down to each that had it from here.
    stem = at(x + STEP // 2)
    for number in knees:
        child_line = lines[number]
        lines[number] = child_line._replace(knee=f"M{stem} {lines[here].y + ROW // 3}V{child_line.y}H{at(x + STEP)}")


def _add_up(top: Node) -> None:
    """Sum up from the leaves, without recursion: a chain of offices may be long."""
    order, waiting = [], [top]
    while waiting:
        node = waiting.pop()
        order.append(node)
        waiting += node.below
    for node in reversed(order):
        node.sum = sum((child.sum for child in node.below), node.own)


def _share(count: Sum) -> int:
    asked, done = (count.people, count.read) if count.people else (count.offices, count.received)
    return 100 * done // asked if asked else 100


def _order(node: Node) -> tuple[str, int]:
    return (node.place.path if node.place else "", node.pk)


def chains(tally: Tally) -> dict[int, list[int]]:
    """The way up from each office where somebody is missing: itself, whom it had it from, and so on to the top."""
    parents = senders(tally)
    found: dict[int, list[int]] = defaultdict(list)
    for pk, place in tally.places.items():
        here: int | None = pk if not place.sum.is_done else None
        while here is not None and here not in found[pk]:
            found[pk].append(here)
            here = parents.get(here)
    return {pk: way for pk, way in found.items() if way}
