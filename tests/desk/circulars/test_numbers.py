from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.desk.circulars.models import NumberFormat
from amanat.desk.circulars.numbers import Form, fault, form_of, usual
from amanat.rulebook import COMMON
from tests.cast import Cast

DAY = date(2026, 3, 1)
PACKS = ["pk-federal", "pk-punjab", "pk-kp", "bd", "in-cg", COMMON, "no-such-pack"]
# The shapes of real numbers, from the policy sheets.
SHAPES = {
    "pk-federal": r"F\.No\.\d+/\d+/\d{4}-\w+",
    "pk-punjab": r"SO\(G\)\d+-\d+/\w+/\d{4}",
    "pk-kp": r"SO\(G\)\w+/\d+-\d+/\d{4}",
    "bd": r"[০-৯]{2}\.[০-৯]{2}\.[০-৯]{4}\.[০-৯]{3}\.[০-৯]{2}\.[০-৯]{3}\.[০-৯]{2}-[০-৯]{1,5}",
    "in-cg": r"एफ[\s.]*\d+-\d+/\d{4}/\w+",
}


@pytest.mark.parametrize("pack", PACKS)
def test_the_usual_form_of_a_pack_is_sound_and_says_whence_it_is(pack: str) -> None:
    form = usual(pack)
    assert fault(form.template) == ""
    assert form.source
    assert form.grade in ("text", "report", "unverified")


@pytest.mark.parametrize("pack", SHAPES)
def test_the_usual_form_gives_numbers_of_the_shape_that_was_seen(pack: str) -> None:
    assert re.fullmatch(SHAPES[pack], usual(pack).fill(77, DAY, "ED"))


@pytest.mark.parametrize(
    ("template", "digits", "number"),
    [
        ("No.F.3/3/{year}-PR-II({n})", "", "No.F.3/3/2026-PR-II(7)"),
        ("০৫.০০.০০০০.১৭৩.০৮.০১৪.{yy}-{n}", "bn", "০৫.০০.০০০০.১৭৩.০৮.০১৪.২৬-৭"),
        ("एफ {n}-42/{year}/एक-6", "hi", "एफ ७-42/२०२६/एक-6"),
        ("{office}/{n:4}/{yy}", "ur", "ED/۰۰۰۷/۲۶"),
    ],
)
def test_a_form_is_filled(template: str, digits: str, number: str) -> None:
    assert fault(template) == ""
    assert Form(template, digits).fill(7, DAY, "ED") == number


@pytest.mark.parametrize(
    "template",
    ["", "No. {year}", "No. {n}", "{n}/{n}/{year}", "{n}/{year}/{who}", "{n:0}/{year}", "{n}/{year}/{", "{n}{year}<b>",
     "{n}/{year}\n", "{n.__class__}/{year}", "{n!r}/{year}"],
)  # fmt: skip
def test_a_faulty_form_is_told(template: str) -> None:
    assert fault(template)


@given(st.lists(st.sampled_from(["{n}", "{year}", "{yy}", "/", "-", "A", "(", ")"]), max_size=8).map("".join))
def test_no_sound_form_gives_two_letters_of_a_year_one_number(template: str) -> None:
    if fault(template):
        return
    form = Form(template, "")
    assert len({form.fill(n, DAY, "X") for n in range(1, 1200, 7)}) == len(range(1, 1200, 7))


def test_an_office_has_its_own_form_or_that_of_its_rules(cast: Cast) -> None:
    assert form_of(cast.field) == usual("pk-punjab")
    assert form_of(cast.foreign) == usual("bd")
    NumberFormat.objects.create(office=cast.field, template="K-{n}/{yy}")
    assert form_of(cast.field) == Form("K-{n}/{yy}", "")
