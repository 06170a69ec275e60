from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from amanat.desk.circulars.actions import withdrawals
from amanat.desk.circulars.models import Circular, Enclosure, Text
from amanat.desk.lib import files
from tests.desk.circulars.conftest import Letters

SignedIn = Callable[[str], Client]


def public(letters: Letters, **more: Any) -> Circular:
    return letters.sent(is_public=True, **more)


def page(circular: Circular, **query: str) -> str:
    return reverse("circulars:public", args=[circular.slug], query=query)


def test_anybody_reads_it_in_its_languages(letters: Letters, django_assert_max_num_queries: Any) -> None:
    circular = public(letters)
    client = Client()
    with django_assert_max_num_queries(12):
        answer = client.get(page(circular))
    text = answer.content.decode()
    assert '<html lang="ur" dir="rtl">' in text  # the official language of the office comes first
    assert circular.number in text
    english = client.get(page(circular, lang="en"))
    assert "Ask first." in english.content.decode()
    assert '<html lang="en" dir="ltr">' in english.content.decode()
    assert english.headers["Content-Language"] == "en"
    assert len(gzip.compress(english.content)) < 15_000


def test_it_is_the_same_for_everyone_and_may_be_kept(letters: Letters, signed_in: SignedIn) -> None:
    circular = public(letters)
    for address in (page(circular, lang="en"), reverse("circulars:public-list") + "?lang=en"):
        out, inside = Client().get(address), signed_in("head@top").get(address, headers={"accept-language": "bn"})
        assert out.content == inside.content
        assert out.headers["Cache-Control"] == "public, max-age=300"
        assert "Cookie" not in out.headers.get("Vary", "")
        assert not out.cookies


def test_no_person_is_named(letters: Letters) -> None:
    circular = public(letters)
    withdrawals.withdraw(circular, by=letters.cast["head@top"], reason="It named the wrong form.")
    for address in (page(circular, lang="en"), reverse("circulars:public-list") + "?lang=en"):
        assert " At Top" not in Client().get(address).content.decode()


@pytest.mark.parametrize("state", ["draft", "dropped", "dispatched"])
def test_what_is_not_open_is_not_there(letters: Letters, state: str) -> None:
    circular = letters.sent() if state == "dispatched" else public(letters)
    Circular.objects.filter(pk=circular.pk).update(state=state)
    assert Client().get(page(circular)).status_code == 404
    assert "Use of social media" not in Client().get(reverse("circulars:public-list") + "?lang=en").content.decode()


def test_out_of_force_it_stays_and_says_so(letters: Letters) -> None:
    old = public(letters)
    new = public(letters, supersedes=old)
    text = Client().get(page(old, lang="en")).content.decode()
    assert "a newer circular took its place" in text
    assert page(new) in text
    assert page(old) in Client().get(page(new, lang="en")).content.decode()
    withdrawals.withdraw(new, by=letters.cast["head@top"], reason="It named the wrong form.")
    text = Client().get(page(new, lang="en")).content.decode()
    assert "Withdrawn on" in text
    assert "It named the wrong form." in text


def test_a_successor_that_is_not_open_is_not_told(letters: Letters) -> None:
    old = public(letters)
    new = letters.sent(supersedes=old)
    text = Client().get(page(old, lang="en")).content.decode()
    assert "a newer circular took its place" in text
    assert new.number not in text


def test_earlier_versions_stay(letters: Letters) -> None:
    circular = public(letters)
    Circular.objects.filter(pk=circular.pk).update(version=2)
    Text.objects.create(circular=circular, version=2, language="en", subject="Corrected", body="Ask before.")
    client = Client()
    assert "Ask before." in client.get(page(circular)).content.decode()
    first = client.get(page(circular, version="1", lang="en")).content.decode()
    assert "Ask first." in first
    assert "earlier version" in first
    for wrong in ("3", "x", "9" * 30, "-1"):
        assert client.get(page(circular, version=wrong)).status_code in (200, 404)
    assert client.get(page(circular, version="3")).status_code == 404


@pytest.mark.parametrize(("state", "status"), [("clean", 200), ("unscanned", 200), ("waiting", 404), ("infected", 404)])
def test_enclosures_that_are_clean(letters: Letters, state: str, status: int) -> None:
    circular, closed = public(letters), letters.sent()
    kept = files.keep(SimpleUploadedFile("form.pdf", b"%PDF-1.7 form"), 1000, files.DOCUMENTS)
    one = Enclosure.objects.create(circular=circular, by=letters.cast["head@top"], **kept._asdict())
    Enclosure.objects.filter(pk=one.pk).update(state=state)
    client = Client()
    there = reverse("circulars:public-file", args=[circular.slug, one.pk])
    answer = client.get(there)
    assert answer.status_code == status
    if status == 200:
        assert b"".join(answer) == b"%PDF-1.7 form"
    text = client.get(page(circular, lang="en")).content.decode()
    assert ("form.pdf" in text) == (status == 200)
    assert ("not looked at for viruses" in text) == (state == "unscanned")
    assert client.get(reverse("circulars:public-file", args=[closed.slug, one.pk])).status_code == 404


def test_the_list_is_searched(letters: Letters, django_assert_max_num_queries: Any) -> None:
    circular = public(letters)
    client, there = Client(), reverse("circulars:public-list")

    def found(**query: str) -> bool:
        return page(circular) in client.get(there, {"lang": "en", **query}).content.decode()

    with django_assert_max_num_queries(12):
        assert found()
    year = str(circular.dated_on.year if circular.dated_on else 0)
    assert found(q="social ask")
    assert found(q="پوچھیں")
    assert found(q=circular.number, office=str(letters.cast.top.pk), year=year)
    assert not found(q="elephant")
    assert not found(office=str(letters.cast.foreign.pk))
    for rubbish in ("x", "-1", "9" * 30, "\x00"):
        assert client.get(there, {"office": rubbish, "year": rubbish, "page": rubbish}).status_code == 200
    assert client.get(there, {"q": "a" * 5000}).status_code == 200


def test_a_number_that_is_not_known_is_said_so(letters: Letters) -> None:
    circular = public(letters)
    Circular.objects.filter(pk=circular.pk).update(number="", elsewhere=True, serial=None, source="https://x.example/a")
    text = Client().get(page(circular, lang="en")).content.decode()
    assert "number not known to us" in text
    assert "the official wording always wins" in text
    assert 'href="https://x.example/a"' in text
