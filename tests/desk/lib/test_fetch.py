"""Fetching: one public page, and no way into an inner network."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import httpcore
import pytest

from amanat.desk.lib import fetch
from tests.desk.website import Website


def anywhere(host: str) -> bool:
    return True


def fault(address: str, allows: Callable[[str], bool] = anywhere) -> str:
    with pytest.raises(fetch.Unreachable) as found:
        fetch.fetch(address, allows)
    assert found.value.code in fetch.FAULTS
    return found.value.code


def test_a_page_is_fetched_plainly(website: Website) -> None:
    website.says("/a?b=%C3%A9", "<p>ہم</p>")
    page = fetch.fetch(f"{website.address}/a?b=é", anywhere)
    assert (page.kind, page.text) == ("text/html", "<p>ہم</p>")
    headers = website.asked[0][1]
    assert headers["User-Agent"] == "Amanat (verification of official channels)"
    assert headers["Host"] == website.host
    assert not {"Cookie", "Authorization", "Referer"} & headers.keys()


@pytest.mark.parametrize(
    "address",
    [
                "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)", "gopher://example.org/",
        "example.org", "", "//x.org/",
        "http://", "http:///x", "http://user@example.org/", "http://user:word@example.org/", "http://@example.org/",
        "http://example.org:22/", "http://example.org:443/", "https://example.org:80/", "https://example.org:8443/",
        "http://example.org:99999/", "http://example.org:x/", "http://exa mple.org/", "http://example.org\\@x.org/",
        "http://example.org/\r\nHost: x", "http://example.org/\x00", "http://localhost/", "http://intranet/",
        "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
        "http://0x7f.0.0.1/", "http://10.0.0.1/", "http://8.8.8.8/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
        "http://[fe80::1%25eth0]/", "http://[2001:4860:4860::8888]/", "http://[::1", "http://127.0.0.1.:80/",
                "http://１２７.０.０.１/", "http://-x.example.org/", "http://x..org/", "http://x_y.example.org/",
        "http://" + "a" * 2000,
    ],
)  # fmt: skip
def test_every_odd_address_is_refused_before_anything_is_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: Any, **more: Any) -> Any:
        raise AssertionError("asked the name service")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    assert fault(address) == "not-an-address"


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("HTTP://Example.ORG", "example.org"),
        ("https://example.org:443/", "example.org"),
        ("http://example.org.:80/", "example.org"),
        ("https://bücher.example.org/", "xn--bcher-kva.example.org"),
    ],
)
def test_proper_addresses_are_brought_into_one_form(address: str, host: str) -> None:
    assert fetch.take_apart(address).host == host


@pytest.mark.parametrize(
    "number",
    [
                "127.0.0.1", "127.255.0.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254",
                "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "239.1.1.1", "240.0.0.1",
                "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
        "fe80::1", "fe80::1%eth0", "fc00::1",
                "fd12::1", "ff02::1", "fec0::1", "2001:db8::1", "2002:7f00:1::", "2001:0:1::1",
        "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "64:ff9b:1::1", "100::1", "nonsense", "",
    ],
)  # fmt: skip
def test_inner_numbers_are_known(number: str) -> None:
    assert not fetch.is_public(number)


@pytest.mark.parametrize(
    "number", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_public_numbers_are_known(number: str) -> None:
    assert fetch.is_public(number)


def resolves(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """A name service that gives one answer after the other; returns the names it was asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **more: Any) -> list[Any]:
        asked.append(host)
        numbers = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in numbers]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


@pytest.mark.parametrize("numbers", [["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1"], []])
def test_a_name_that_leads_inside_is_refused(numbers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    resolves(monkeypatch, numbers)
    assert fault("https://example.org/") == "not-public"


def test_the_connection_goes_to_the_number_that_was_checked(website: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    connected: list[tuple[str, int]] = []

    def connect_tcp(self: Any, host: str, port: int, *args: Any, **more: Any) -> Any:
        connected.append((host, port))
        raise httpcore.ConnectError

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect_tcp)
    asked = resolves(monkeypatch, ["93.184.216.34", "93.184.216.35"], ["127.0.0.1"])
    assert fault("http://rebinding.example.org/") == "no-connection"
    assert asked == ["rebinding.example.org"]
    assert connected == [("93.184.216.34", 80), ("93.184.216.35", 80)]


def test_an_unknown_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any, **more: Any) -> Any:
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    assert fault("https://nobody.example.org/") == "not-found"


def test_a_name_service_that_hangs_does_not_hang_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: time.sleep(1))
    began = time.monotonic()
    assert fault("https://slow.example.org/") == "too-slow"
    assert time.monotonic() - began < 0.9


def test_redirects_are_followed_three_times_and_checked(website: Website) -> None:
    for step in range(5):
        website.says(f"/{step}", "", 302, Location=f"/{step + 1}")
    website.says("/4", "there")
    assert fetch.fetch(f"{website.address}/1", anywhere).text == "there"
    assert fault(f"{website.address}/0") == "too-many-redirects"
    website.says("/out", "", 301, Location="http://127.0.0.1:1/")
    assert fault(f"{website.address}/out") == "not-an-address"
    website.says("/file", "", 307, Location="file:///etc/passwd")
    assert fault(f"{website.address}/file") == "not-an-address"
    website.says("/nowhere", "", 302)
    assert fault(f"{website.address}/nowhere") in ("too-many-redirects", "not-an-address")


def test_a_redirect_to_another_site_is_refused(website: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    website.says("/", "", 302, Location="https://elsewhere.example.org/")
    assert fault(website.address, lambda host: host == website.host) == "not-the-site"
    assert len(website.asked) == 1


def test_too_large_is_refused_whatever_the_header_says(website: Website) -> None:
    website.says("/", b"x" * (fetch.BYTES + 1))
    assert fault(website.address) == "too-large"
    website.says("/", b"x" * fetch.BYTES)
    assert len(fetch.fetch(website.address, anywhere).text) == fetch.BYTES


def test_packed_answers_are_refused(website: Website) -> None:
    website.says("/", b"\x1f\x8b", Content_Encoding="gzip")
    assert fault(website.address) == "no-page"


@pytest.mark.parametrize("status", [404, 500, 204, 206])
def test_what_is_no_page_is_told(website: Website, status: int) -> None:
    website.says("/", "", status)
    assert fault(website.address) == "no-page"


@pytest.mark.parametrize("where", ["head", "body"])
def test_dripping_bytes_end_at_the_deadline(website: Website, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "SECONDS", 0.4)

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n" + (b"\r\n" if where == "body" else b""))
        for _ in range(40):
            handler.wfile.write(b"X: y\r\n")
            handler.wfile.flush()
            time.sleep(0.05)

    website.answers["/"] = drip
    began = time.monotonic()
    assert fault(website.address) == "too-slow"
    assert time.monotonic() - began < 1.5


def test_rubbish_for_an_answer_is_told(website: Website) -> None:
    website.answers["/"] = lambda handler: handler.wfile.write(b"rubbish\r\n\r\n")
    assert fault(website.address) == "no-connection"
