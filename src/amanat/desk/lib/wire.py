"""A conversation with one server over HTTPS: its own hosts, public numbers, no redirect, one deadline, small answers.

What was last sent and answered stays at hand, byte for byte; so does whether the other side may have got it. Both
`httpx` (as its transport) and `requests` (as its adapter) speak through it.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

import httpcore
import httpx
from requests.adapters import BaseAdapter
from requests.models import PreparedRequest, Response
from requests.structures import CaseInsensitiveDict

from amanat.desk.lib import fetch

BYTES = 4 * 1024 * 1024
AGENT = "Amanat (release of official posts)"
_FAULTS = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError)
_UNSENT = (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout, httpcore.UnsupportedProtocol)
_OURS = {b"host", b"user-agent", b"accept-encoding", b"connection", b"transfer-encoding"}
_context = ssl.create_default_context()


class Broken(OSError):
    """A call was not finished. `was_sent`: the other side may have got it all the same."""

    def __init__(self, code: str, *, was_sent: bool) -> None:
        self.code, self.was_sent = code, was_sent
        super().__init__(code)


class Exchange(NamedTuple):
    """What was sent and what was answered; never the headers sent, for they hold what signs in."""

    method: str
    address: str
    sent: bytes
    status: int
    headers: httpx.Headers
    answer: bytes


class Wire(httpx.BaseTransport):
    """One conversation: `hosts` (with their port where it is unusual) may be called, until `seconds` have passed."""

    def __init__(self, hosts: Collection[str], seconds: float) -> None:
        self._hosts, self._deadline = hosts, time.monotonic() + seconds
        self._pools: dict[str, httpcore.ConnectionPool] = {}
        self.last: Exchange | None = None
        self.broken: Broken | None = None

    def call(self, method: str, address: str, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Exchange:
        """Send and hear. Raises Broken."""
        self.last = self.broken = None
        try:
            self.last = self._exchange(method, address, headers, body)
        except fetch.Unreachable as error:
            self.broken = Broken(error.code, was_sent=False)
        except Broken as error:
            self.broken = error
        except _FAULTS as error:
            self.broken = Broken(type(error).__name__, was_sent=not isinstance(error, _UNSENT))
        if self.broken:
            raise self.broken
        assert self.last
        return self.last

    def _exchange(self, method: str, address: str, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> Exchange:
        target = fetch.take_apart(address)
        if target.origin not in self._hosts or not (target.scheme == "https" or target.is_test):
            raise Broken("not-the-host", was_sent=False)
        if time.monotonic() >= self._deadline:
            raise Broken("too-late", was_sent=False)
        kept = [(name, value) for name, value in headers if name.lower() not in _OURS]
        ours = [(b"Host", target.origin.encode()), (b"User-Agent", AGENT.encode()), (b"Accept-Encoding", b"identity")]
        url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        with self._pool(target).stream(method, url, headers=[*ours, *kept], content=body) as response:
            answer = bytearray()
            for chunk in response.iter_stream():
                answer += chunk
                if len(answer) > BYTES:
                    raise Broken("too-large", was_sent=True)
        if 300 <= response.status < 400:
            raise Broken("redirected", was_sent=method != "GET")
        return Exchange(method, address, body, response.status, httpx.Headers(response.headers), bytes(answer))

    def _pool(self, target: fetch.Target) -> httpcore.ConnectionPool:
        """The connections to a host; its numbers are looked up and checked once, and pinned."""
        if target.origin not in self._pools:
            numbers = fetch.resolve(target, self._deadline)
            self._pools[target.origin] = httpcore.ConnectionPool(
                ssl_context=_context, network_backend=fetch.Pinned(numbers, self._deadline), max_connections=1
            )
        return self._pools[target.origin]

    def close(self) -> None:
        """Hang up."""
        for pool in self._pools.values():
            pool.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """As a transport of httpx."""
        try:
            heard = self.call(request.method, str(request.url), request.headers.raw, request.read())
        except Broken as error:
            raise httpx.NetworkError(error.code) from error
        return httpx.Response(heard.status, headers=heard.headers, content=heard.answer)


class Adapter(BaseAdapter):
    """A wire as an adapter of requests."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    def send(self, request: PreparedRequest, *_args: Any, **_more: Any) -> Response:
        """As requests asks for it."""
        body: Any = request.body or b""
        headers = [(name.encode(), str(value).encode()) for name, value in request.headers.items()]
        content = body.encode() if isinstance(body, str) else body
        heard = self._wire.call(request.method or "GET", request.url or "", headers, content)
        response = Response()
        response.status_code, response.request, response.url = heard.status, request, request.url or ""
        response.headers = CaseInsensitiveDict(heard.headers.items())
        response._content = heard.answer  # as requests' own tests of adapters do: there is no other way in
        return response

    def close(self) -> None:
        """Hang up."""
        self._wire.close()
