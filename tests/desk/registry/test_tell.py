from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.desk.registry.actions import notices
from amanat.desk.registry.models import Notice, Person
from tests.cast import Cast


def words() -> tuple[str, str]:
    return _("closed"), ""


def test_each_is_told_once_in_their_own_language(cast: Cast) -> None:
    Person.objects.filter(pk=cast["head@own"].pk).update(language="ur")
    people = [cast["head@own"], cast["officer@own"]]
    notices.tell(people, "closing-1", words, "/offices/1/")
    notices.tell(people, "closing-1", words, "/offices/1/")
    told = dict(Notice.objects.values_list("person__email", "what"))
    assert set(told) == {"head.own@example.org", "officer.own@example.org"}
    assert told["officer.own@example.org"] == "closed"
    assert told["head.own@example.org"] == "بند"
