"""How the pages of publishing fare with 5,000 drafts in one month. Run by `./bench months`.

On a database of its own, in a folder that is thrown away; with DATABASE_URL on an empty one there (`.ci/postgres`).
Times are wall time, pages as Django's test client gets them, with templates and middleware, without a network.
"""

from __future__ import annotations

import statistics
import time
from datetime import date, timedelta
from typing import Any

import desk

PAGES = ("month", "week", "cadence", "drafts")
LIMITS = {"month (ms)": 200, "week (ms)": 200}
SINCE = date(2025, 1, 1)


def measured(drafts: int) -> dict[str, float]:
    """The figures, by name: the median of 15."""
    from django.test import Client
    from django.urls import reverse

    client = Client()
    client.force_login(fill(drafts))
    figures = {}
    for name in PAGES:
        address = reverse(f"publishing:{name}")
        for _ in range(3):
            assert client.get(address).status_code == 200
        figures[f"{name} (ms)"] = statistics.median(timed(client, address) for _ in range(15))
        figures[f"{name} (KB)"] = len(client.get(address).content) / 1e3
    return figures


def timed(client: Any, address: str) -> float:
    """Milliseconds until the page is there."""
    begun = time.perf_counter()
    client.get(address)
    return (time.perf_counter() - begun) * 1e3


def fill(number: int) -> Any:
    """Twenty channels of an office with so many drafts, all within four weeks; who looks at them."""
    from django.utils import timezone

    from amanat.desk.publishing.models import Draft, Slot, Target, Version
    from amanat.desk.registry.models import Appointment, Channel, Office, Person

    office = Office.objects.create(code="ED", name="Education Department", pack="bd")
    head = Person.objects.create(name="Head", email="head@example.org")
    Appointment.objects.create(person=head, office=office, role="head", starts_on=SINCE)
    channels = Channel.objects.bulk_create(
        Channel(office=office, platform="mastodon", handle=f"@c{n}@example.org", state="verified") for n in range(20)
    )
    Slot.objects.bulk_create(Slot(channel=one, weekday=n % 7, at="10:00") for n, one in enumerate(channels))
    first = timezone.now().replace(day=1, hour=3)
    states = ("released", "scheduled", "in-review", "draft", "expired")
    rows = Draft.objects.bulk_create(
        Draft(office=office, author=head, title=f"Notice {n}", state=states[n % 5], approved_hash="x",
              wanted_at=first + timedelta(minutes=n * 40_320 // number))
        for n in range(number)
    )  # fmt: skip
    Target.objects.bulk_create(Target(draft=row, channel=channels[n % 20], language="en") for n, row in enumerate(rows))
    Version.objects.bulk_create(Version(draft=row, language="en", text="The counter is open.") for row in rows)
    return head


if __name__ == "__main__":
    desk.run(__doc__ or "", LIMITS, measured, drafts=5_000)
