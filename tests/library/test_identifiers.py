"""Identifiers: shape, checksum, context; no bare number is a false alarm. All numbers are made up."""

from __future__ import annotations

import pytest

from amanat import Reader


def kinds(words: Reader, text: str) -> set[str]:
    return {e.rule for topic in words.read(text).topics if topic.id == "personal-data" for e in topic.evidence}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("CNIC 35202-1234567-1", "cnic"),
        ("her card is 35202-1234567-1 ok", "cnic"),
        ("شناختی کارڈ ۳۵۲۰۲-۱۲۳۴۵۶۷-۱", "cnic"),
        ("cnic number 3520212345671", "cnic"),
        ("Aadhaar 2345 6789 0124", "aadhaar"),
        ("PAN ABCPE1234F of the applicant", "pan"),
        ("call him on 0300-1234567", "phone"),
        ("+92 300 1234567 is his number", "phone"),
        ("ফোন ০১৭১২৩৪৫৬৭৮", "phone"),
        ("मोबाइल 9876543210", "phone"),
        ("IBAN PK36SCBL0000001123456702", "iban"),
        ("passport AB1234567 lost", "passport"),
        ("card 4111 1111 1111 1111 exp 12/29", "card"),
        ("NID 1234567890", "national-id"),
        ("এনআইডি ১২৩৪৫৬৭৮৯০", "national-id"),
        ("the password is Office@123", "secret"),
        ("your OTP is 482913, do not share", "secret"),
    ],
)
def test_an_identifier_is_found(words: Reader, text: str, kind: str) -> None:
    assert kind in kinds(words, text)


@pytest.mark.parametrize(
    "text",
    [
        "Order 1234567890123 was dispatched",
        "Budget of 3520212345671 rupees",
        "2345 6789 0123 units sold",  # the shape of an Aadhaar number, the check wrong
        "Date 2024-10-01 12:30 to 14:30",
        "File ০৫.০০.০০০০.১৭৩.০৮.০১৪.০৭.১৩৬ of 7 May",
        "Helpline 0300-1234567 is open day and night",
        "Never share your password or OTP with anyone",
        "Roll numbers 100234 to 100567 sit in hall 4",
        "PIN code 492001 covers the ward",
        "ABCDE12345 is the bill reference",
        "4111 1111 1111 1112 is no card",
        "Pension section 07752-224466 from ten to five",
    ],
)
def test_a_bare_number_is_no_false_alarm(words: Reader, text: str) -> None:
    assert kinds(words, text) == set()


def test_the_span_covers_the_number_as_typed(words: Reader) -> None:
    text = "شناختی کارڈ ۳۵۲۰۲-۱۲۳۴۵۶۷-۱ دیکھیں"
    spans = [
        text[e.start : e.end] for topic in words.read(text).topics for e in topic.evidence if e.detector == "identifier"
    ]
    assert "۳۵۲۰۲-۱۲۳۴۵۶۷-۱" in spans
