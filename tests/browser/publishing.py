"""Publishing for the browser: drafts, releases, keys and corrections in every state with a page of its own."""

from __future__ import annotations

import io
from datetime import time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from amanat.desk.lib import files
from amanat.desk.publishing.actions import corrections, drafts, editing, mending, pictures, plans, releases
from amanat.desk.publishing.models import Correction, Draft, Mending, Release, Watch
from amanat.desk.registry.actions import panels
from amanat.desk.registry.models import Channel
from tests.cast import Cast
from tests.desk.publishing.releases import making

HEAD = "head@own"
PAGES = {
    "": "/publishing/public/{code}/ /publishing/public/{code}/{done}/ /publishing/public/{code}/{taken}/?lang=ur",
    HEAD: (
        "/publishing/ /publishing/?state=expired /publishing/month/ /publishing/week/ /publishing/cadence/"
        " /publishing/slots/ /publishing/offices/{own}/begin/ /publishing/offices/{own}/practice/"
        " /publishing/channels/{silent}/slots/ /publishing/channels/{silent}/ungate/ /publishing/drafts/{draft}/"
        " /publishing/drafts/{stopped}/ /publishing/drafts/{voted}/ /publishing/drafts/{gone}/"
        " /publishing/drafts/{voted}/history/ /publishing/drafts/{draft}/texts/ /publishing/drafts/{draft}/plan/"
        " /publishing/drafts/{draft}/pictures/ /publishing/drafts/{draft}/pictures/{picture}/"
        " /publishing/drafts/{draft}/pictures/{picture}/remove/ /publishing/drafts/{stopped}/lift/"
        " /publishing/drafts/{voted}/vote/ /publishing/drafts/{posted}/ /publishing/drafts/{posted}/correct/"
        " /publishing/drafts/{posted}/withdraw/ /publishing/releases/ /publishing/releases/?state=sending"
        " /publishing/releases/{waiting}/ /publishing/releases/{waiting}/post/ /publishing/releases/{failed}/"
        " /publishing/releases/{unsure}/ /publishing/releases/{unsure}/find/ /publishing/releases/{out}/"
        " /publishing/releases/{out}/record/ /publishing/channels/{silent}/ /publishing/channels/{wall}/"
        " /publishing/channels/{page}/ /publishing/channels/{page}/key/ /publishing/posts/"
        " /publishing/posts/?office={code} /publishing/corrections/ /publishing/corrections/?state=dropped"
        " /publishing/corrections/{open}/ /publishing/corrections/{held}/ /publishing/corrections/{done}/"
        " /publishing/mendings/{by_hand}/confirm/"
    ),
}  # fmt: skip
OTHERS = {
    HEAD: (
        "/publishing/drafts/{draft}/submit/ /publishing/drafts/{draft}/recall/ /publishing/drafts/{draft}/discard/"
        " /publishing/drafts/{draft}/copy/ /publishing/pictures/{picture}/ /publishing/pictures/{picture}/small/"
        " /publishing/releases/{failed}/retry/ /publishing/releases/{unsure}/resend/ /publishing/releases/{out}/sent/"
        " /publishing/releases/{failed}/skip/"
        " /publishing/releases/{out}/answer/ /publishing/releases/{out}/record/{sent}/"
        " /publishing/channels/{page}/key/remove/ /publishing/channels/{page}/own/ /publishing/channels/{page}/disown/"
        " /publishing/posts/{own}/check/ /publishing/posts/{own}/csv/ /publishing/corrections/{open}/look/"
        " /publishing/corrections/{held}/lift/ /publishing/corrections/{held}/abandon/"
        " /publishing/mendings/{by_hand}/retry/ /publishing/mendings/{by_hand}/resend/"
        " /publishing/mendings/{by_hand}/waive/"
    )
}
STOPPED = "Vote for the party; everyone must vote for our candidate in the election."


def fill(cast: Cast) -> dict[str, Any]:
    """Put them in; the numbers by which the addresses name them."""
    wall = making.channel_of(cast, "facebook", "Lahore")
    return {
        "own": cast.own.pk, "code": cast.own.code, "wall": wall.pk, "page": _page(cast).pk, **_drafts(cast),
        **_releases(cast, wall), **_corrections(cast, wall),
    }  # fmt: skip


def photo() -> bytes:
    """A small picture, as PNG."""
    written = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(written, "PNG")
    return written.getvalue()


def _page(cast: Cast) -> Channel:
    """A channel to which the desk has a key, and which looks different today."""
    channel, now = making.channel_of(cast, "bluesky", "lahore.example"), timezone.now()
    making.entrust(channel, "https://social.example", cast[HEAD], password="x")
    face = {"name": "Lahore", "bio": "The directorate.", "picture": ""}
    Watch.objects.create(
        channel=channel, known=face, seen=face | {"name": "Crypto"}, looked_at=now, state="differs", differs_since=now
    )
    return channel


def _drafts(cast: Cast) -> dict[str, int]:
    """Drafts in several states on a channel that may not speak today."""
    head, officer, day = cast[HEAD], cast["officer@own"], timezone.localdate()
    channel = Channel.objects.create(
        office=cast.own, platform="mastodon", handle="@lahore@social.example", languages="en,ur", state="verified",
        inspection_due_on=day - timedelta(days=60),
    )  # fmt: skip
    panels.seat(channel, by=head, people=[head])
    plans.set_slots(channel, by=head, slots=[(0, time(10)), (3, time(16, 30))])

    def begun(text: str) -> Draft:
        draft = editing.begin(
            cast.own, by=officer, title="Counter hours", purpose="service", language="en", text=text, channels=[channel]
        )
        at = timezone.now() + timedelta(days=2)
        editing.plan(draft, by=officer, title="Counter hours", purpose="service", wanted_at=at, targets={channel: "en"})
        return draft

    stopped = begun("Under the visionary and dynamic leadership of our Director Asif Khan. Salute to our beloved boss!")
    written, voted, gone = begun("The counter is open."), begun("The counter is shut."), begun("The counter has moved.")
    shown = pictures.add(written, SimpleUploadedFile("a.png", photo()), by=officer, alts={"en": "A door"})
    drafts.submit(voted, by=officer)
    drafts.submit(gone, by=officer)
    drafts.expire(gone, timezone.now() + timedelta(days=3))
    return {
        "stopped": stopped.pk, "draft": written.pk, "voted": voted.pk, "gone": gone.pk, "picture": shown.pk,
        "silent": channel.pk,
    }  # fmt: skip


def _releases(cast: Cast, wall: Channel) -> dict[str, Any]:
    """One that waits for a person, one that failed, one that may be out, one that is out."""
    waiting, failed, unsure = (making.scheduled(cast, [wall], f"Notice {n}")[0] for n in range(3))
    Release.objects.filter(pk=failed.pk).update(state="failed", fault="refused", fault_detail="Too long by 3.")
    Release.objects.filter(pk=unsure.pk).update(state="unknown", fault="unsure")
    out = _out(cast, wall, "Schools open at nine.")
    sent = files.keep_bytes(b'{"text": "Schools open at nine."}')
    Release.objects.filter(pk=out.pk).update(sent=sent, answer=files.keep_bytes(b'{"id": 1}'))
    return {
        "waiting": waiting.pk, "failed": failed.pk, "unsure": unsure.pk, "out": out.pk, "posted": out.draft_id,
        "sent": sent,
    }  # fmt: skip


def _corrections(cast: Cast, wall: Channel) -> dict[str, int]:
    """One that a person has yet to do by hand, one that a rule stops, one that is done, and a withdrawal."""

    def asked(text: str, right: str) -> Correction:
        wanted = [corrections.Wanted(one, "edit", right) for one in corrections.out(_out(cast, wall, text).draft)]
        return corrections.correct(
            wanted[0].release.draft, by=cast["officer@own"], reason="The hour was wrong.", found_at=timezone.now(),
            wanted=wanted,
        )  # fmt: skip

    begun, held = asked("Open at six.", "Open at seven."), asked("Open at two.", STOPPED)
    done = asked("Open at four.", "Open at five.")
    taken = corrections.withdraw(
        _out(cast, wall, "Open at one.").draft, by=cast["officer@own"], reason="Not true.", found_at=timezone.now()
    )
    for row in Mending.objects.filter(correction__in=[done, taken]):
        mending.confirm(row, by=cast[HEAD])
    by_hand = begun.mendings.get()
    Mending.objects.filter(pk=by_hand.pk).update(state="failed", fault="not-allowed", fault_detail="No such right.")
    return {"open": begun.pk, "held": held.pk, "done": done.pk, "taken": taken.pk, "by_hand": by_hand.pk}


def _out(cast: Cast, wall: Channel, text: str) -> Release:
    """A release that was posted by hand."""
    (row,) = making.scheduled(cast, [wall], text)
    releases.post(row, by=cast[HEAD], address=f"{wall.address}/{row.pk}")
    return row
