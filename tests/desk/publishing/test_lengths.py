"""Lengths, counted as the platforms count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.desk.lib.choices import Platform
from amanat.desk.publishing.lengths import measure

FAMILY = "👨‍👩‍👧‍👦"
LINK = "https://lahore.example.gov.pk/a/long/address?of=something#there"
SIGNS = ["👨‍👩‍👧‍👦", "🇵🇰", "1️⃣", "❤️", "क्ष", "श्री", "ক্ষ", "نَ", "ا", "ی", "a", "é", "۔", "।", " "]


def used(platform: str, text: str) -> int:
    return measure(platform, text).used


@pytest.mark.parametrize(
    ("text", "x", "bluesky", "mastodon"),
    [
        ("", 0, 0, 0),
        ("hello", 5, 5, 5),
        (FAMILY, 2, 1, 1),
        ("🇵🇰🇧🇩", 4, 2, 2),
        ("1️⃣", 2, 1, 1),
        ("© 2026", 6, 6, 6),
        ("क्षमा", 5, 2, 3),
        ("بِسم", 4, 3, 3),
        ("漢字", 4, 2, 2),
        ("e\u0301", 1, 1, 1),
        (LINK, 23, len(LINK), 23),
        (f"See {LINK}.", 28, len(LINK) + 5, 28),
        (f"دیکھیے {LINK}۔", 31, len(LINK) + 8, 31),
        ("lahore.gov.pk", 23, 13, 13),
        ("write to a@example.org", 22, 22, 22),
        ("done.Next", 9, 9, 9),
        ("@office@social.example hello", 28, 28, 13),
    ],
)
def test_known_texts(text: str, x: int, bluesky: int, mastodon: int) -> None:
    assert (used("x", text), used("bluesky", text), used("mastodon", text)) == (x, bluesky, mastodon)


def test_bluesky_counts_bytes_where_they_run_out_first() -> None:
    text = FAMILY * 130
    assert measure("bluesky", text) == (len(text.encode()), 3000, "bytes")
    assert not measure("bluesky", text).fits
    assert measure("bluesky", "a" * 300).fits
    assert measure("bluesky", "a" * 301).left == -1


def test_youtube_counts_bytes_so_that_hindi_has_a_third() -> None:
    assert measure("youtube", "क" * 1667).fits is False
    assert measure("youtube", "a" * 5000).fits


@pytest.mark.parametrize(("platform", "alone", "beside"), [("telegram", 4096, 1024), ("whatsapp", 4096, 1024)])
def test_a_picture_leaves_less_room(platform: str, alone: int, beside: int) -> None:
    assert measure(platform, "x").most == alone
    assert measure(platform, "x", has_picture=True).most == beside


@pytest.mark.parametrize(
    ("platform", "most"),
    [("x", 280), ("bluesky", 300), ("mastodon", 500), ("facebook", 63206), ("instagram", 2200), ("telegram", 4096),
     ("linkedin", 3000), ("whatsapp", 4096), ("youtube", 5000), ("tiktok", 2200), ("other", None)],
)  # fmt: skip
def test_every_platform_has_its_limit(platform: str, most: int | None) -> None:
    assert measure(platform, "a").most == most
    assert platform in Platform.values


@given(st.lists(st.sampled_from(SIGNS), max_size=80))
def test_no_platform_counts_less_than_what_one_sees_or_more_than_twice_what_is_stored(signs: list[str]) -> None:
    text = "".join(signs)
    seen = used("other", text)
    assert used("bluesky", text) == seen
    assert seen <= used("mastodon", text) <= len(text)
    assert used("x", text) <= 2 * len(text)
    for platform in Platform.values:
        assert measure(platform, text).used >= 0


@given(st.text(max_size=200), st.text(max_size=200))
def test_more_text_never_takes_less_room(one: str, two: str) -> None:
    for platform in ("facebook", "youtube", "telegram"):
        assert used(platform, one + two) == used(platform, one) + used(platform, two)
    for platform in ("x", "mastodon", "bluesky"):
        assert used(platform, f"{one} \n {two}") >= max(used(platform, f"{one} "), 0) - 1


@given(st.integers(1, 6), st.text(alphabet="abcdefghij", min_size=1, max_size=300))
def test_however_long_a_link_is_x_counts_23(number: int, path: str) -> None:
    text = " ".join(f"https://example.org/{path}" for _ in range(number))
    assert used("x", text) == 23 * number + number - 1


@given(st.text(max_size=100))
def test_any_text_can_be_measured(text: str) -> None:
    for platform in Platform.values:
        length = measure(platform, text)
        assert length.fits == (length.most is None or length.left >= 0)
