"""What a post costs where a platform bills each call. Prices are data, with the day on which they were read."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from django.conf import settings

from amanat.desk.publishing.models import Release, Target, Version
from amanat.desk.registry.models import Channel

_LINK = re.compile(r"https?://|\b[\w-]+\.(?:com|org|net|gov|pk|in|bd|info)\b", re.IGNORECASE)


class Cost(NamedTuple):
    """What one post costs, in which money, whether because it holds a link, and how that is known."""

    amount: Decimal
    currency: str
    has_link: bool
    as_of: str
    source: str


@cache
def _prices() -> dict[str, Any]:
    text = files("amanat.desk.publishing").joinpath("data/prices.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def of_text(channel: Channel, text: str) -> Cost | None:
    """What a post with that text costs on that channel; None where the platform bills nothing."""
    price = {**_prices().get(channel.platform, {}), **settings.AMANAT_PRICES.get(channel.platform, {})}
    if not price:
        return None
    has_link = bool(_LINK.search(text))
    amount = price["post_with_link"] if has_link else price["post"]
    return Cost(Decimal(str(amount)), price["currency"], has_link, str(price["as_of"]), price["source"])


def of(row: Release) -> Cost | None:
    """What a release costs."""
    try:
        text = row.draft.version_for(row.channel).text
    except (Target.DoesNotExist, Version.DoesNotExist):
        return None
    return of_text(row.channel, text) if hasattr(row.channel, "credential") else None
