"""A website on loopback, for tests of what fetches pages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answers = dict[str, Callable[[BaseHTTPRequestHandler], object]]


class Website:
    """A real server on loopback; `answers` by path."""

    def __init__(self) -> None:
        self.answers: Answers = {}
        self.asked: list[Any] = []
        website = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                website.asked.append((self.path, dict(self.headers)))
                with suppress(OSError):
                    website.answers[self.path](self)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.address = f"http://{self.host}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def says(self, path: str, body: bytes | str, status: int = 200, **headers: str) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in ({"Content_Type": "text/html; charset=utf-8"} | headers).items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body if isinstance(body, bytes) else body.encode())

        self.answers[path] = answer

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
