"""A small server on loopback that speaks as a platform does, writes down what it is asked, checks what it answers."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from jsonschema import Draft202012Validator


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body.decode())


class Cut(Exception):
    """The connection breaks after the request was heard."""


Answer = tuple[int, Any] | tuple[int, Any, dict[str, str]]


class StandIn:
    """Routes are (method, pattern, schema of what is answered, function)."""

    def __init__(self) -> None:
        self.routes: list[tuple[str, re.Pattern[str], Any, Callable[..., Answer]]] = []
        self.asked: list[Asked] = []
        self.faults: list[Answer | type[Cut]] = []
        """Answered instead, once each, to what writes."""
        standin = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                parts = urlsplit(self.path)
                query = {key: values[0] for key, values in parse_qs(parts.query).items()}
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                if len(body) < length:  # whoever asked was killed in the middle
                    self.close_connection = True
                    return
                asked = Asked(self.command, parts.path, query, self.headers, body)
                standin.asked.append(asked)
                try:
                    status, answer, *more = standin.answer(asked)
                except Cut:
                    self.close_connection = True
                    return
                raw = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **(more[0] if more else {})}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(raw)))
                with suppress(ConnectionError):  # whoever asked is gone
                    self.end_headers()
                    self.wfile.write(raw)

            do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.address = f"http://{self.host}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def answer(self, asked: Asked) -> Answer:
        for method, pattern, schema, act in self.routes:
            match = pattern.fullmatch(asked.path)
            if method == asked.method and match:
                fault = self.faults.pop(0) if self.faults and self.is_write(asked) else None
                if fault is not None and not isinstance(fault, type):
                    return fault
                given = act(asked, *match.groups())
                if schema is not None and given[0] < 400:
                    Draft202012Validator(schema).validate(given[1])
                if fault is Cut:
                    raise Cut
                return given
        return 404, {"error": "Record not found"}

    def is_write(self, asked: Asked) -> bool:
        return asked.method == "POST"

    def on(self, method: str, path: str, schema: Any, act: Callable[..., Answer]) -> None:
        self.routes.append((method, re.compile(path), schema, act))

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
