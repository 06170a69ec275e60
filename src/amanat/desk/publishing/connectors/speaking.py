"""What every connector makes of what it heard: to be tried again, to be mended by a person, or to be asked about."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import parsedate_to_datetime

from amanat.desk.lib import fetch
from amanat.desk.lib.wire import Exchange, Wire
from amanat.desk.publishing.connectors import Permanent, Temporary, Unsure

log = logging.getLogger(__name__)
SECONDS = 60.0
"""How long one attempt may take from its first call to its last; shorter than the lease of a release."""
_LONGEST_WAIT = timedelta(hours=6)
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
    if status == 404:
        return Permanent("not-there", answer=heard.answer)
    if status in (408, 425, 502, 503, 504) or status >= 500:
        return Unsure() if decides else Temporary("broken", str(status), retry_after(heard))
    return Permanent("refused", said(heard), heard.answer)


def retry_after(heard: Exchange) -> timedelta | None:
    """How long the platform asks to wait: Retry-After, or the moment at which its limit begins anew; bounded."""
    told = heard.headers.get("retry-after", "")
    reset = next(
        (heard.headers[name] for name in ("ratelimit-reset", "x-rate-limit-reset") if name in heard.headers), ""
    )
    seconds: float | None = None
    if told.isdigit():
        seconds = float(told)
    elif told:
        try:
            seconds = parsedate_to_datetime(told).timestamp() - time.time()
        except ValueError:
            seconds = None
    elif reset.isdigit():
        seconds = float(reset) - time.time()
    if seconds is None:
        return None
    return min(max(timedelta(seconds=seconds), timedelta(seconds=1)), _LONGEST_WAIT)


def said(heard: Exchange) -> str:
    """The platform's own words for an error, short and on one line; a stranger's words, to be shown as such."""
    try:
        body = json.loads(heard.answer)
    except ValueError:
        return ""
    found = body.get("error") if isinstance(body, dict) else None
    if isinstance(found, dict):
        found = found.get("message")
    if isinstance(body, dict):
        found = body.get("detail") or body.get("message") or found
    return re.sub(r"\s+", " ", str(found or ""))[:_DETAIL]
