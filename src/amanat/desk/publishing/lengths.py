"""How long a text may be on each platform, counted as the platform counts. Pure: no database, no settings.

Sources, by platform:

- X: twitter-text, `config/v3.json` (github.com/twitter/twitter-text): 280, weights in hundredths, links 23, emoji 2.
- Bluesky: lexicon `app.bsky.feed.post` (github.com/bluesky-social/atproto): 300 graphemes and 3,000 bytes.
- Mastodon: `StatusLengthValidator` and `configuration.statuses` (github.com/mastodon/mastodon): 500 graphemes, links
  count 23, of a mention only the name. A server may allow more; what is counted here is what every server takes.
- Telegram: Bot API, `sendMessage` 4,096 and `sendPhoto` 1,024; WhatsApp: Cloud API, text 4,096 and caption 1,024.
- YouTube: Data API, `snippet.description`, 5,000 bytes. TikTok: Content Posting API, `title`, 2,200 UTF-16 units.
- Instagram: Graph API, `caption`, 2,200. LinkedIn: Posts API, `commentary`, 3,000. Facebook: no page of Meta's own was
  found that states it; 63,206 is what is generally reported.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import NamedTuple

import regex

_LINK = 23
_WIDE = 200
_NARROW = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Ranges of code points that X weighs 100; all others weigh 200."""
_GRAPHEME = regex.compile(r"\X")
_EMOJI = regex.compile(
    r"(?:[#*0-9]\uFE0F?\u20E3|\p{Regional_Indicator}{2}|[\u00A9\u00AE]\uFE0F"
    r"|(?![\u00A9\u00AE])\p{Extended_Pictographic}(?!\uFE0E))"
)
_CONJUNCT = regex.compile(r"(?V1)[\u094D\u09CD]\u200D?(?=[[\p{Deva}\p{Beng}]&&\p{L}])")
_PATH = r"(?:[/?#][A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*[A-Za-z0-9\-_~/=#&%+])?"
_PORT = r"(?::\d{2,5})?"
_LABELS = r"(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)+"
_KNOWN = r"(?:com|org|net|gov|edu|mil|int|info|biz|app|dev|news|online|site|xyz|social)"
_FULL = rf"https?://{_LABELS}[A-Za-z]{{2,24}}{_PORT}{_PATH}"
_BARE = rf"{_LABELS}(?:{_KNOWN}(?:\.[A-Za-z]{{2}})?|[A-Za-z]{{2}}(?=/)){_PORT}(?![A-Za-z0-9\-]|\.[A-Za-z]){_PATH}"
_FULL_LINK = regex.compile(rf"(?<![\w@$#.\-/]){_FULL}", regex.IGNORECASE)
_ANY_LINK = regex.compile(rf"(?<![\w@$#.\-/])(?:{_FULL}|{_BARE})", regex.IGNORECASE)
_MENTION = regex.compile(r"(?<![=/\w])@(\w+(?:[\w.\-]*\w)?)@[\w.\-]+\w")


class Length(NamedTuple):
    """How much of a platform's room a text takes: `used` of `most`, in `unit` (`characters`, `graphemes`, `bytes`).

    `most` None: no limit is known.
    """

    used: int
    most: int | None
    unit: str

    @property
    def fits(self) -> bool:
        """Whether the platform would take it."""
        return self.most is None or self.used <= self.most

    @property
    def left(self) -> int:
        """How much more would fit; negative for how much is too much; 0 where no limit is known."""
        return 0 if self.most is None else self.most - self.used


def measure(platform: str, text: str, *, has_picture: bool = False) -> Length:
    """How long `text` is on `platform`. Some allow less beside a picture."""
    return _MEASURES.get(platform, _unlimited)(text, has_picture)


def _bluesky(text: str, _has_picture: bool) -> Length:
    size, graphemes = len(text.encode()), _graphemes(text)
    return Length(size, 3000, "bytes") if size > 3000 and graphemes <= 300 else Length(graphemes, 300, "graphemes")


def _x(text: str, _has_picture: bool) -> Length:
    plain = unicodedata.normalize("NFC", text)
    links = len(_ANY_LINK.findall(plain))
    weight = sum(_weight(sign) for piece in _ANY_LINK.split(plain) for sign in _GRAPHEME.findall(piece))
    return Length(links * _LINK + weight // 100, 280, "characters")


def _weight(grapheme: str) -> int:
    """What X gives for it: an emoji with all its parts weighs as one; everything else by code point."""
    if _EMOJI.match(grapheme):
        return _WIDE
    return sum(100 if any(low <= ord(sign) <= high for low, high in _NARROW) else _WIDE for sign in grapheme)


def _mastodon(text: str, _has_picture: bool) -> Length:
    """Ruby, in which Mastodon is written, takes a conjunct of two consonants for two graphemes, unlike newer rules."""
    plain = _MENTION.sub(r"@\1", _FULL_LINK.sub("x" * _LINK, text))
    return Length(_graphemes(plain) + len(_CONJUNCT.findall(plain)), 500, "graphemes")


def _youtube(text: str, _has_picture: bool) -> Length:
    return Length(len(text.encode()), 5000, "bytes")


def _units(most: int, beside_a_picture: int | None = None) -> Callable[[str, bool], Length]:
    """A limit on UTF-16 units, as the programs of most platforms count characters."""

    def count(text: str, has_picture: bool) -> Length:
        used = len(text.encode("utf-16-le")) // 2
        return Length(used, beside_a_picture if has_picture and beside_a_picture else most, "characters")

    return count


def _unlimited(text: str, _has_picture: bool) -> Length:
    return Length(_graphemes(text), None, "graphemes")


def _graphemes(text: str) -> int:
    return len(_GRAPHEME.findall(text))


_MEASURES: dict[str, Callable[[str, bool], Length]] = {
    "bluesky": _bluesky,
    "x": _x,
    "mastodon": _mastodon,
    "facebook": _units(63_206),
    "instagram": _units(2_200),
    "linkedin": _units(3_000),
    "telegram": _units(4_096, beside_a_picture=1_024),
    "tiktok": _units(2_200),
    "whatsapp": _units(4_096, beside_a_picture=1_024),
    "youtube": _youtube,
}
