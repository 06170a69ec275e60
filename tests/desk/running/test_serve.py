"""`amanat serve` in production: what it refuses, what it answers, what it says in its log, how it stops."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.desk.running.conftest import SECRET, Env, Running, Start, amanat, settings_of


@pytest.fixture(scope="module")
def served(start: Start, tmp_path_factory: pytest.TempPathFactory) -> Running:
    env = settings_of(tmp_path_factory.mktemp("served") / "data")
    return start("serve", "--bind", "127.0.0.1:0", "--workers", "2", env=env)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"AMANAT_SECRET_KEY": None}, "AMANAT_SECRET_KEY is not set"),
        ({"AMANAT_SECRET_KEY": "short"}, "AMANAT_SECRET_KEY is too short"),
        ({"AMANAT_HOSTS": ""}, "AMANAT_HOSTS is not set"),
        ({"AMANAT_PLAIN_HTTP": "perhaps"}, "Write 1 for yes or 0 for no"),
        ({"AMANAT_MAIL": "pigeon"}, "Write one of: smtp, console, file, dummy"),
        ({"AMANAT_MAIL_PORT": "-1"}, "Write a whole number, such as 25"),
        ({"AMANAT_TIME_ZONE": "Asia/Nowhere"}, "Asia/Kolkata"),
        ({"AMANAT_DATA": "/proc/amanat"}, "Name a folder that can be written"),
        ({"AMANAT_HOST": "desk.example"}, "Did you mean AMANAT_HOSTS?"),
        ({"DATABASE_URL": "mysql://amanat:pa55word@127.0.0.1/amanat"}, "names no database that the desk can use"),
        ({"DATABASE_URL": "postgres://amanat:pa55word@127.0.0.1:port/amanat"}, "%40"),
        ({"DATABASE_URL": "postgres://amanat:pa55word@127.0.0.1:1/amanat"}, "Is it running"),
    ],
)  # fmt: skip
def test_a_wrong_setting_stops_the_start_with_one_line(
    production: Env, changes: dict[str, str | None], says: str
) -> None:
    env = {name: value for name, value in (production | changes).items() if value is not None}
    status, out, err = amanat("serve", "--bind", "127.0.0.1:0", env=env)
    assert (status, out) == (2, "")
    assert err.startswith("amanat: ")
    assert err.count("\n") == 1
    assert says in err
    assert "pa55word" not in err


@pytest.mark.parametrize("bind", ["8000", "127.0.0.1:x", "127.0.0.1:70000", "unix:relative"])
def test_an_address_that_is_none_is_named(production: Env, bind: str) -> None:
    status, _, err = amanat("serve", "--bind", bind, env=production)
    assert (status, err.count("\n")) == (2, 1)
    assert "Write 127.0.0.1:8000 or unix:/folder/socket" in err


def test_an_address_that_is_not_ours_is_said(production: Env) -> None:
    assert "203.0.113.1:8000" in amanat("serve", "--bind", "203.0.113.1:8000", env=production)[2]


def test_pages_come_over_https_with_every_lock_on_them(served: Running) -> None:
    page = served.get("/")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy.split("; "))
    assert {name: page.headers[name] for name in _EXPECTED} == _EXPECTED
    assert "camera=()" in page.headers["permissions-policy"]
    cookie = served.get("/accounts/login/").headers["set-cookie"]
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax"))


_EXPECTED = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=31536000; includeSubDomains; preload",
}


def test_plain_http_is_sent_to_https_and_another_host_away(served: Running) -> None:
    plain = served.get("/", host="desk.example")
    assert (plain.status_code, plain.headers["location"]) == (301, "https://desk.example/")
    assert served.get("/", host="evil.example", x_forwarded_proto="https").status_code == 400


def test_a_watcher_needs_neither_name_nor_https(served: Running) -> None:
    for path, says in (("/-/health", "ok\n"), ("/-/ready", "ready\n")):
        answer = served.get(path, host="10.0.0.7")
        assert (answer.status_code, answer.text) == (200, says)
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_static_files_are_kept_for_a_year_and_small(served: Running) -> None:
    found = re.search(r'href="(/static/desk/amanat\.\w+\.css)"', served.get("/").text)
    assert found
    style = served.get(found[1], accept_encoding="gzip")
    assert style.headers["content-encoding"] == "gzip"
    assert "immutable" in style.headers["cache-control"]


def test_a_second_start_on_the_same_address_is_refused(served: Running, production: Env) -> None:
    status, _, err = amanat("serve", "--bind", served.url.removeprefix("http://"), env=production)
    assert (status, "is taken" in err, err.count("\n")) == (2, True, 1)


def test_the_log_names_routes_and_nothing_that_was_typed(start: Start, production: Env) -> None:
    served = start("serve", "--bind", "127.0.0.1:0", "--workers", "2", env=production)
    secret = "tok3nthatnobodymaysee"
    assert served.get("/-/health").text == "ok\n"
    assert served.get("/static/none.css").status_code == 404
    served.get(f"/accounts/password/reset/key/1-{secret}/?next={secret}")
    served.get(f"/none%0A{secret}?{secret}")
    served.get(f"/log/?words={secret}")
    assert served.get("/").status_code == 200
    assert served.stop() == 0
    assert secret not in served.said
    assert SECRET not in served.said
    lines = [line for line in served.said.splitlines() if line.startswith("at=")]
    pattern = r'at=\d{4}-\d\d-\d\dT[\d:.+]+ method=GET route="[^"]+" status=\d{3} bytes=\d+ ms=\d+'
    assert all(re.fullmatch(pattern, line) for line in lines)
    routes = {line.split('"')[1] for line in lines}
    assert {"/", "/log/", "/-/health", "/static/", "(no page)"} <= routes
    assert any("<key>" in route for route in routes)
    assert "Traceback" not in served.said


def test_it_listens_on_a_unix_socket(production: Env, start: Start, tmp_path: Path) -> None:
    where = tmp_path / "socket"
    process = subprocess.Popen(
        [sys.executable, "-m", "amanat", "serve", "--bind", f"unix:{where}", "--workers", "1", "--no-migrate"],
        env=production, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(200):
            if where.exists():
                break
            time.sleep(0.1)
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(where))) as client:
            assert client.get("http://any/-/health").text == "ok\n"
            behind = client.get("http://any/-/ready")
            assert (behind.status_code, "migrations are missing" in behind.text) == (503, True)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    assert not where.exists()
