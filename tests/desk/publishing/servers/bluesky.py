"""Bluesky's own server, started and stopped by the tests; and what the tests ask of it behind the desk's back."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

HERE = Path(__file__).parent
PASSWORD = "made-up-password"
_POST = "app.bsky.feed.post"
_numbers = itertools.count(1)


def missing() -> str:
    """Why the server cannot be started here; "" where it can."""
    if not shutil.which("node"):
        return "Node is not installed: what needs Bluesky's own server is not tested"
    if not (HERE / "node_modules/@atproto/pds").is_dir():
        return "Bluesky's own server is not installed (.ci/tools does it): what needs it is not tested"
    return ""


@dataclass
class Holder:
    """An account on the server."""

    handle: str
    did: str
    token: str = field(repr=False)


class Server:
    """The server, with the directory of names beside it; both on loopback alone."""

    def __init__(self, folder: Path) -> None:
        environment = {"PATH": os.environ["PATH"], "NODE_ENV": "development", "LOG_ENABLED": "false"}
        with (folder / "said").open("wb") as said:
            self._process = subprocess.Popen(
                ["node", "pds.cjs", str(folder)], cwd=HERE, env=environment, stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=said,
            )  # fmt: skip
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError((folder / "said").read_text()[-2000:])
        self.host = f"127.0.0.1:{json.loads(line)['port']}"
        self.address = f"http://{self.host}"

    def stop(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def call(self, name: str, token: str = "", *, body: Any = None, **query: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        address = f"{self.address}/xrpc/{name}"
        if body is None:
            answer = httpx.get(address, params=query, headers=headers, timeout=20)
        else:
            answer = httpx.post(address, json=body, headers=headers, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json() if answer.content else None

    def holder(self) -> Holder:
        """A new account."""
        handle = f"office{next(_numbers)}.test"
        body = {"handle": handle, "email": f"{handle}@example.org", "password": PASSWORD}
        made = self.call("com.atproto.server.createAccount", body=body)
        return Holder(handle, made["did"], made["accessJwt"])

    def posts(self, holder: Holder) -> list[dict[str, Any]]:
        """Every post of the account, page by page."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = self.call("com.atproto.repo.listRecords", repo=holder.did, collection=_POST, limit=100, **cursor)
            found += page["records"]
            if not page.get("cursor"):
                return found
            cursor = {"cursor": page["cursor"]}

    def holds(self, holder: Holder, key: str) -> bool:
        """Whether the account has a post of that key."""
        query = {"repo": holder.did, "collection": _POST, "rkey": key}
        return httpx.get(f"{self.address}/xrpc/com.atproto.repo.getRecord", params=query).status_code == 200

    def put(self, holder: Holder, collection: str, key: str, record: dict[str, Any]) -> Any:
        body = {"repo": holder.did, "collection": collection, "rkey": key, "record": record}
        return self.call("com.atproto.repo.putRecord", holder.token, body=body)
