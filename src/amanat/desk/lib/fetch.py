"""Fetches one public page, and nothing else: no inner network, no long wait, no large answer, no cookies.

A name is resolved once, every address it has is checked, and the connection goes to a checked address, so that a second
answer of the name service changes nothing. Redirects are followed three times at most, each checked like the first.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import httpcore
import idna
from django.conf import settings
from django.utils.translation import gettext_lazy as _

SECONDS = 5.0
BYTES = 512 * 1024
REDIRECTS = 3
AGENT = "Amanat (verification of official channels)"
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})")
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_NETWORK_FAULTS = (httpcore.NetworkError, httpcore.ProtocolError, OSError)

FAULTS = {
    "not-an-address": _("This is no address of a public page. Write it in full: https://…, without a name or port."),
    "not-the-site": _("The address is not on the website of the office, or leads away from it. Use a page on it."),
    "not-public": _("The address leads into an inner network. Use a page that the public can open."),
    "not-found": _("The name in the address is not known. Look for a typing mistake, or try again later."),
    "too-slow": _("The page did not answer in time. Try again later, or use a lighter page."),
    "too-large": _("The page is larger than 512 KB. Use a smaller page of the same website."),
    "too-many-redirects": _("The page leads on to other pages too often. Use the address at which it ends."),
    "no-connection": _("The website could not be reached, or its certificate is not valid. Ask whoever runs it."),
    "no-page": _("The website answered without a page. Open the address yourself, and mend it."),
}
"""What can be wrong, with its cure."""


class Unreachable(Exception):
    """A page was not fetched. `code` is one of FAULTS; `detail` is a fact to it."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code, self.detail = code, detail
        super().__init__(f"{code} {detail}".strip())


class Page(NamedTuple):
    """What was fetched, from where in the end."""

    address: str
    kind: str
    text: str


class Target(NamedTuple):
    """An address taken apart and found proper; `is_test`: an exception named in the settings."""

    scheme: str
    host: str
    port: int
    path: str
    is_test: bool

    @property
    def origin(self) -> str:
        """The host, with its port where that is unusual."""
        return self.host if self.port == _PORTS[self.scheme] else f"{self.host}:{self.port}"


def fetch(address: str, allows: Callable[[str], bool]) -> Page:
    """The page at `address`; `allows` says of each host, that of a redirect too, whether it may be asked.

    Raises Unreachable.
    """
    deadline = time.monotonic() + SECONDS
    seen = ""
    for _hop in range(REDIRECTS + 1):
        target = take_apart(address)
        if not allows(target.origin) or (seen == "https" and target.scheme == "http"):
            raise Unreachable("not-the-site", target.origin)
        seen = target.scheme
        answer = _ask(target, deadline)
        if answer.status not in (301, 302, 303, 307, 308):
            return _page(address, answer)
        address = urljoin(address, answer.header("location"))
    raise Unreachable("too-many-redirects")


def take_apart(address: str) -> Target:
    """The parts of a proper public address. Raises Unreachable for every other form."""
    if len(address) > 2000 or re.search(r"[\x00-\x20\x7f\\]", address):
        raise Unreachable("not-an-address")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise Unreachable("not-an-address") from None
    if parts.scheme not in _PORTS or "@" in parts.netloc or not parts.hostname:
        raise Unreachable("not-an-address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    path = re.sub(r"[^\x21-\x7e]", lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), path)
    if parts.netloc in settings.VERIFICATION_ALLOWED_HOSTS:
        return Target(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], path, is_test=True)
    host = plain_host(parts.hostname)
    if not host or port not in (None, _PORTS[parts.scheme]):
        raise Unreachable("not-an-address")
    return Target(parts.scheme, host, _PORTS[parts.scheme], path, is_test=False)


def plain_host(host: str) -> str:
    """A name of the public name service in its plain form; "" for numbers in any notation and for all else."""
    try:
        plain = idna.encode(host.rstrip("."), uts46=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        return ""
    return plain if _HOST.fullmatch(plain) else ""


def is_public(number: str) -> bool:
    """Whether an IP address belongs to the public network, whatever it is wrapped in."""
    try:
        ip: Any = ipaddress.ip_address(number)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _TRANSLATED else None)
        if inner:
            return is_public(str(inner))
        if ip.scope_id or ip.sixtofour or ip.teredo or ip.is_site_local or int(ip) >> 32 == 0:
            return False
    return bool(
        ip.is_global
        and not (ip.is_private or ip.is_loopback or ip.is_link_local)
        and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
    )


class _Answer(NamedTuple):
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of that name; "" where there is none."""
        return next((value.decode("latin-1") for key, value in self.headers if key.lower() == name.encode()), "")


class _Stream(httpcore.NetworkStream):
    """A connection that ends at the deadline, however the bytes drip."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: float) -> None:
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 (the deadline decides)
        """What comes next, before the deadline."""
        return self._inner.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """Send, before the deadline."""
        self._inner.write(buffer, _left(self._deadline))

    def close(self) -> None:
        """Hang up."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """The same connection, encrypted; the same deadline."""
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(self._deadline)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the connection below knows of itself."""
        return self._inner.get_extra_info(info)


class Pinned(httpcore.NetworkBackend):
    """Connects to numbers that were checked, whatever name it is given."""

    def __init__(self, numbers: list[str], deadline: float) -> None:
        self._numbers, self._deadline = numbers, deadline

    def connect_tcp(
        self,
        host: str,  # noqa: ARG002
        port: int,
        timeout: float | None = None,  # noqa: ARG002
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """Connect to the number that was checked, whatever the name says now."""
        for last, number in enumerate(self._numbers, 1 - len(self._numbers)):
            try:
                return _Stream(httpcore.SyncBackend().connect_tcp(number, port, _left(self._deadline)), self._deadline)
            except httpcore.ConnectError:
                if not last:
                    raise
        raise httpcore.ConnectError


def _ask(target: Target, deadline: float) -> _Answer:
    headers: dict[bytes | str, bytes | str] = {
        "Host": target.origin,
        "User-Agent": AGENT,
        "Accept": "text/html, text/plain",
    }
    headers["Accept-Encoding"] = "identity"
    try:
        numbers = resolve(target, deadline)
        with (
            httpcore.ConnectionPool(
                ssl_context=ssl.create_default_context(), network_backend=Pinned(numbers, deadline), max_connections=1
            ) as pool,
            pool.stream(
                "GET",
                httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path),
                headers=headers,
            ) as response,
        ):
            return _Answer(response.status, response.headers, _body(response))
    except (httpcore.TimeoutException, TimeoutError):
        raise Unreachable("too-slow") from None
    except _NETWORK_FAULTS:
        raise Unreachable("no-connection") from None


def _body(response: httpcore.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_stream():
        body += chunk
        if len(body) > BYTES:
            raise Unreachable("too-large")
    return bytes(body)


def resolve(target: Target, deadline: float) -> list[str]:
    """The checked numbers of a host; one that is not public spoils all."""
    pool = ThreadPoolExecutor(1)
    try:
        found = pool.submit(socket.getaddrinfo, target.host, target.port, type=socket.SOCK_STREAM)
        numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found.result(_left(deadline))))
    except TimeoutError:
        raise Unreachable("too-slow") from None
    except (OSError, UnicodeError):
        raise Unreachable("not-found", target.host) from None
    finally:
        pool.shutdown(wait=False)
    if not numbers or not (target.is_test or all(map(is_public, numbers))):
        raise Unreachable("not-public", target.host)
    return numbers


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left


def _page(address: str, answer: _Answer) -> Page:
    if answer.status != 200:
        raise Unreachable("no-page", str(answer.status))
    if answer.header("content-encoding") not in ("", "identity"):
        raise Unreachable("no-page", answer.header("content-encoding")[:40])
    kind = answer.header("content-type").partition(";")[0].strip().lower()
    return Page(address, kind, answer.body.decode("utf-8", "replace"))
