"""The demo shows posts that are out, put right, taken down, and one that waits."""

from __future__ import annotations

import pytest
from django.utils import timezone

from amanat.desk.demo import book
from amanat.desk.demo.build import build
from amanat.desk.publishing.models import Correction, Credential, Mending, Release, Version


@pytest.mark.usefixtures("db")
def test_the_demo_has_posts_in_four_languages() -> None:
    build("correct horse battery", timezone.localdate())
    assert set(Version.objects.values_list("language", flat=True)) == {"en", "ur", "hi", "bn"}
    titles = [one["title"] for one in book.releases()]
    assert Release.objects.out().filter(draft__title__in=titles).count() == len(titles)
    kinds = list(Correction.objects.order_by("pk").values_list("kind", "state", "level"))
    assert [(kind, state) for kind, state, _level in kinds].count(("correct", "done")) == 3
    assert ("withdraw", "done") in [pair[:2] for pair in kinds]
    assert ("correct", "open") in [pair[:2] for pair in kinds]
    assert {level for _kind, _state, level in kinds} <= {"clear", "care"}
    assert Mending.objects.filter(state="pending", release__channel__credential=None).count() == 1
    assert not Credential.objects.exists()  # no platform is ever called
    assert all(".example/" in address for address in Release.objects.out().values_list("address", flat=True))
