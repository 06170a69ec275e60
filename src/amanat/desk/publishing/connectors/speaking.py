"""What every connector makes of what it heard: to be tried again, to be mended by a person, or to be asked about."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from amanat.desk.lib import fetch
from amanat.desk.lib.wire import Exchange, Wire
from amanat.desk.publishing.connectors import Permanent, Temporary, Unsure

log = logging.getLogger(__name__)
SECONDS = 60.0
"""How long one attempt may take from its first call to its last; shorter than the lease of a release."""
_LONGEST_WAIT = 6 * 3600
_MOMENT = 1_000_000_000
"""Numbers above are seconds since 1970, and not from now."""
_RESETS = ("ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset")
"""When a limit begins anew: Bluesky, Mastodon (by ISO 8601), X."""
_DETAIL = 200
_SERVER_FAULTS = {"not-an-address", "not-public", "not-the-host", "redirected"}


def wire_to(*addresses: str, seconds: float = SECONDS) -> Wire:
    """A wire to the hosts of these addresses and to no other."""
    try:
        return Wire({fetch.take_apart(address).origin for address in addresses}, seconds)
    except fetch.Unreachable as error:
        raise Permanent("server", error.code) from None


@contextmanager
def speaking(wire: Wire, *, decides: bool = False) -> Iterator[None]:
    """Turn whatever goes wrong inside into Temporary, Permanent or Unsure.

    `decides`: this call puts the post out, so that what is cut off in the middle may have come of it.
    """
    try:
        yield
    except (Temporary, Permanent, Unsure):
        raise
    except Exception as error:
        if wire.broken:
            if wire.broken.was_sent and decides:
                raise Unsure from None
            if wire.broken.code in _SERVER_FAULTS:
                raise Permanent("server", wire.broken.code) from None
            raise Temporary("no-answer", wire.broken.code) from None
        if wire.last is None or wire.last.status < 400:
            # the platform took it, and its answer was not understood
            log.warning("an answer of a platform was not understood: %s", type(error).__name__)
            raise (Unsure() if decides else Temporary("broken", type(error).__name__)) from None
        raise fault_of(wire.last, decides=decides) from None


def fault_of(heard: Exchange, *, decides: bool) -> Exception:
    """What an answer with an error means."""
    status = heard.status
    if status == 429:
        return Temporary("busy", after=retry_after(heard))
    if status == 401:
        return Permanent("key-refused", answer=heard.answer)
    if status == 403:
        return Permanent("not-allowed", said(heard), heard.answer)
    if status == 404 and not spoken(heard.answer):
        return Temporary("broken", "404")  # not the platform's own word
    if status == 404:
        return Permanent("not-there", answer=heard.answer)
    if status in (408, 425, 502, 503, 504) or status >= 500:
        return Unsure() if decides else Temporary("broken", str(status), retry_after(heard))
    return Permanent("refused", said(heard), heard.answer)


def retry_after(heard: Exchange) -> timedelta | None:
    """How long the platform asks to wait: Retry-After, or the moment at which its limit begins anew; bounded."""
    names = ("retry-after", *_RESETS)
    seconds = _seconds(next((heard.headers[name] for name in names if heard.headers.get(name)), "").strip())
    return None if seconds is None else bounded(seconds)


def bounded(seconds: float) -> timedelta:
    """A wait as it is kept: a second at least, and not for ever."""
    return timedelta(seconds=min(max(seconds, 1), _LONGEST_WAIT))


def _seconds(told: str) -> float | None:
    """From now: a number of seconds, a moment in seconds since 1970, a date as in mails or by ISO 8601."""
    try:
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", told):
            number = float(told)
            return number - time.time() if number > _MOMENT else number
        moment = datetime.fromisoformat(told) if re.match("[0-9]{4}-", told) else parsedate_to_datetime(told)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - time.time()
    except (ValueError, OverflowError):
        return None


def said(heard: Exchange) -> str:
    """The platform's own words for an error, short and on one line; a stranger's words, to be shown as such."""
    body = spoken(heard.answer)
    found = body.get("error")
    if isinstance(found, dict):
        found = found.get("message")
    found = body.get("detail") or body.get("message") or found
    return re.sub(r"\s+", " ", str(found or ""))[:_DETAIL]


def spoken(answer: bytes) -> dict[str, Any]:
    """What was answered as an object of JSON; empty for everything else, as from a machine in between."""
    try:
        body = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def number_of(made: Any) -> str:
    """The number that the platform gave to what was made. Raises ValueError where it says none."""
    number = made["id"]
    if not isinstance(number, str | int) or not str(number):
        raise ValueError("no number")
    return str(number)
