"""Is a channel the office's own? What the office's website says of it: a rel="me" link, or a domain handle.

Only the address given is fetched, and only on the website of the office or of one above it. What was found is kept as a
code with a fact, and told in the language of whoever reads it.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.desk.lib import fetch
from amanat.desk.lib.choices import Platform
from amanat.desk.lib.refusals import Refused
from amanat.desk.registry.models import Channel, Office

HTML = ("text/html", "application/xhtml+xml")
_DID = re.compile(r"did:(?:plc:[a-z2-7]{24}|web:[a-z0-9.-]{4,200})")

FINDINGS = {
    **fetch.FAULTS,
    "linked": gettext_lazy("The page links to the channel and calls it its own."),
    "no-link": gettext_lazy(
        'The page was read, but has no link to the channel with rel="me". '
        "Put the line for the website on it and try again."
    ),
    "not-html": gettext_lazy("This is no page with links. Use a page of the website, such as its first one."),
    "domain": gettext_lazy("The handle is a domain of the office, and the domain confirms the account."),
    "no-domain": gettext_lazy(
        "The domain does not confirm an account. Set the handle up with Bluesky first, by the file it asks for."
    ),
    "waiting": gettext_lazy("The letter waits for a second person: the head, the authority or the steward."),
    "accepted": gettext_lazy("A second person read the letter and accepted it."),
    "refused": gettext_lazy("A second person read the letter and refused it."),
}
"""What a try can find."""


class Finding(NamedTuple):
    """What one try found: whether it proves the channel, a code of FINDINGS and a fact to it."""

    is_proved: bool
    code: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.detail}".strip()


def told(found: str) -> str:
    """A kept finding in the reader's language, with its fact."""
    code, _space, detail = found.partition(" ")
    said = str(FINDINGS.get(code, found))
    return f"{said} ({detail})" if detail and code in FINDINGS else said


def line_for(channel: Channel) -> str:
    """The line of HTML that the office puts on its page; text, which a page of ours shows and does not obey."""
    return f'<a rel="me" href="{escape(channel.address)}">{escape(str(channel))}</a>'


def domain_of(channel: Channel) -> str:
    """The domain that is the handle, on a platform where a handle can be one; "" otherwise."""
    return fetch.plain_host(channel.handle.lstrip("@")) if channel.platform == Platform.BLUESKY else ""


def sites_of(office: Office) -> list[str]:
    """The websites of the office and of those above it, its own first."""
    above = Office.objects.filter(pk__in=office.ancestors()).exclude(website="").order_by("-path")
    return [office.website for office in above]


def by_link(channel: Channel, address: str) -> Finding:
    """Whether the page at `address` links to the channel with rel="me". Raises Refused where that cannot be asked."""
    if not channel.address:
        raise Refused(_("Write the address of the channel first: without it no link can be looked for."))
    sites = _hosts(channel.office)
    try:
        page = fetch.fetch(address, lambda host: _is_on(host, sites))
    except fetch.Unreachable as fault:
        return Finding(False, fault.code, fault.detail)
    if page.kind not in HTML:
        return Finding(False, "not-html", page.kind[:60])
    links = _Links()
    links.feed(page.text)
    wanted = _same_form(channel.address)
    return (
        Finding(True, "linked")
        if any(_same_form(link) == wanted for link in links.found)
        else Finding(False, "no-link")
    )


def by_domain(channel: Channel) -> Finding:
    """Whether the handle is a domain of the office that confirms an account. Raises Refused where it is no domain."""
    host = domain_of(channel)
    if not host:
        raise Refused(_("The handle is no domain. Use the link or a letter."))
    sites = _hosts(channel.office)
    try:
        page = fetch.fetch(domain_address(host), lambda asked: _is_on(asked, sites))
    except fetch.Unreachable as fault:
        return Finding(False, fault.code, fault.detail)
    account = page.text.strip()
    return Finding(True, "domain", account) if _DID.fullmatch(account) else Finding(False, "no-domain")


def domain_address(host: str) -> str:
    """Where a domain says which account is its own."""
    return f"https://{host}/.well-known/atproto-did"


def page_suggested(channel: Channel) -> str:
    """The page most likely to hold the link: the first of the office's website."""
    return next(iter(sites_of(channel.office)), "")


def _hosts(office: Office) -> list[str]:
    """The hosts of the websites, without www. Raises Refused where there is none."""
    hosts = []
    for website in sites_of(office):
        try:
            hosts.append(fetch.take_apart(website).origin.removeprefix("www."))
        except fetch.Unreachable:
            continue
    if not hosts:
        raise Refused(
            _("Neither the office nor one above it has a website here. Add it to the office, or use a letter.")
        )
    return hosts


def _is_on(host: str, sites: list[str]) -> bool:
    """Whether `host` is one of the sites or lies below one."""
    return any(host == site or host.endswith(f".{site}") for site in sites)


def _same_form(address: str) -> str:
    """An address without what makes no difference: scheme, case of the host, www, a slash at the end, the fragment."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}{f'?{parts.query}' if parts.query else ''}" if host else ""


class _Links(HTMLParser):
    """Collects where links with rel="me" lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link."""
        given = dict(reversed(attrs))  # of an attribute written twice, browsers take the first
        if tag in ("a", "link") and "me" in (given.get("rel") or "").lower().split() and given.get("href"):
            self.found.append(given["href"] or "")
