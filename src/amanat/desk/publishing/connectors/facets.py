"""Links and hashtags in a text as Bluesky wants them told: by the bytes between which they stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import regex

_LINK = regex.compile(r"(?<![\w/])https?://[^\s<>\"]+", regex.IGNORECASE)
_TAG = regex.compile(r"(?<![\p{L}\p{M}\p{N}_#＃&/])[#＃]([\p{L}\p{M}\p{N}_\u200c\u200d]{1,64})")
_TAIL = ".,;:!?۔؟،؛।॥'\"”’»…"


def facets(text: str) -> list[dict[str, Any]]:
    """The links and hashtags of `text`, in their order. Names of people are left as words: nobody is notified."""
    found = [*_links(text), *_tags(text)]
    taken = 0
    kept = []
    for begin, end, feature in sorted(found, key=lambda one: one[:2]):
        if begin >= taken:
            taken = end
            place = {"byteStart": len(text[:begin].encode()), "byteEnd": len(text[:end].encode())}
            kept.append({"index": place, "features": [feature]})
    return kept


def _links(text: str) -> Iterator[tuple[int, int, dict[str, str]]]:
    for match in _LINK.finditer(text):
        link = match[0].rstrip(_TAIL)
        while link.endswith(")") and link.count("(") < link.count(")"):
            link = link[:-1].rstrip(_TAIL)
        if len(link) > len("https://"):
            yield match.start(), match.start() + len(link), {"$type": "app.bsky.richtext.facet#link", "uri": link}


def _tags(text: str) -> Iterator[tuple[int, int, dict[str, str]]]:
    for match in _TAG.finditer(text):
        if not match[1].isdecimal():
            yield match.start(), match.end(), {"$type": "app.bsky.richtext.facet#tag", "tag": match[1]}
