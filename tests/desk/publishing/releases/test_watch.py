"""A channel whose name, picture or text was changed outside is noticed; people say whether it was the office."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from amanat.desk.audit.models import Event
from amanat.desk.lib.refusals import Refused
from amanat.desk.publishing.actions import releases, sending, watching
from amanat.desk.publishing.models import Watch
from amanat.desk.publishing.today import waiting
from tests.cast import Cast, items_of
from tests.desk.publishing.releases.making import scheduled
from tests.desk.publishing.releases.sky import Sky
from tests.desk.publishing.releases.test_bluesky import again

PROFILE = "app.bsky.actor.profile"


def show(sky: Sky, name: str, bio: str = "Schools") -> None:
    record = {"$type": PROFILE, "displayName": name, "description": bio}
    sky.server.put(sky.holder, PROFILE, "self", record)


@pytest.fixture
def watch(sky: Sky) -> Watch:
    show(sky, "Schools of Lahore")
    face = {"name": "Schools of Lahore", "bio": "Schools", "picture": ""}
    long_ago = timezone.now() - timedelta(days=2)
    made: Watch = Watch.objects.create(channel=sky.channel, known=face, seen=face, looked_at=long_ago)
    return made


def look(watch: Watch) -> Watch:
    Watch.objects.update(looked_at=timezone.now() - timedelta(days=2))
    watching.look_due(timezone.now())
    found: Watch = Watch.objects.select_related("channel__office").get()
    return found


def test_as_known_nobody_hears_of_it_and_it_is_looked_at_once_a_day(cast: Cast, sky: Sky, watch: Watch) -> None:
    assert look(watch).state == "calm"
    show(sky, "Crypto prizes")
    watching.look_due(timezone.now())  # looked at today already
    assert Watch.objects.get().state == "calm"
    assert not cast["head@own"].notices.exists()
    assert not Event.objects.exists()


def test_changed_outside_those_who_lead_are_told_with_both_values(cast: Cast, sky: Sky, watch: Watch) -> None:
    show(sky, "Crypto prizes")
    watch = look(watch)
    assert watch.state == "differs"
    assert cast["head@own"].notices.count() == 1
    assert not cast["officer@own"].notices.exists()
    (item,) = [one for one in items_of(waiting, cast["head@own"]) if one.url == watch.get_absolute_url()]
    assert "Schools of Lahore" in item.why
    assert "Crypto prizes" in item.why
    look(watch)
    assert Event.objects.filter(verb="notice").count() == 1
    show(sky, "Schools of Lahore")
    assert look(watch).state == "calm"


def test_it_was_us(cast: Cast, sky: Sky, watch: Watch) -> None:
    show(sky, "Schools of Lahore and Kasur")
    watch = look(watch)
    with pytest.raises(Refused):
        watching.own(watch, by=cast["moderator@own"])
    watch.refresh_from_db()
    watching.own(watch, by=cast["head@own"])
    assert look(watch).state == "calm"
    assert Watch.objects.get().known["name"] == "Schools of Lahore and Kasur"


def test_it_was_not_us_nothing_goes_out_there(cast: Cast, sky: Sky, watch: Watch) -> None:
    show(sky, "Crypto prizes")
    watching.disown(look(watch), by=cast["head@own"])
    (row,) = scheduled(cast, [sky.channel])
    sending.send(row.pk)
    row = again(row)
    assert (row.state, row.fault) == ("failed", "gate")
    assert "stranger" in row.fault_detail
    assert sky.texts() == []
    show(sky, "Schools of Lahore")
    assert look(watch).state == "calm"
    releases.retry(row, by=cast["head@own"])
    sending.send(row.pk)
    assert again(row).state == "released"
