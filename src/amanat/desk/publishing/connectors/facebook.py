"""A Facebook Page, by the Graph API. It knows no key of ours: what may have been sent is looked for by its text."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx

from amanat.desk.publishing.connectors import Account, Limits, Permanent, Picture, Post, Profile, Published, Reply
from amanat.desk.publishing.connectors.speaking import fault_of, speaking, wire_to

HOME = "https://graph.facebook.com"
_VERSION = "v23.0"
_SKEW = timedelta(minutes=5)
_EXPIRED = 190
_LIMITS = {4, 17, 32, 613}


class Facebook:
    """One Page. `secrets`: the number of the page and its page token."""

    limits = Limits(pictures=10, picture_bytes=4_000_000)
    cannot = frozenset({"find", "picture"})

    def __init__(self, account: Account) -> None:
        self._account = account
        self._wire = wire_to(HOME)
        self._page = account.secrets["page"]

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def publish(self, post: Post, key: str) -> Published:  # noqa: ARG002 (Facebook takes no key)
        """Post it on the page; pictures are handed in first, unpublished."""
        fields = {"message": post.text}
        for number, one in enumerate(post.pictures):
            fields[f"attached_media[{number}]"] = json.dumps({"media_fbid": self._upload(one)})
        where = f"{post.answers}/comments" if post.answers else f"{self._page}/feed"
        with speaking(self._wire, decides=True):
            return self._published(self._call("POST", where, fields, decides=True)["id"])

    def find(self, post: Post, key: str, since: datetime) -> Published | None:  # noqa: ARG002
        """A recent post of the page with this text."""
        fields = {"fields": "message,created_time", "since": str(int((since - _SKEW).timestamp())), "limit": "100"}
        with speaking(self._wire):
            rows = self._call("GET", f"{self._page}/published_posts", fields).get("data", [])
        found = next((row for row in rows if row.get("message", "").strip() == post.text.strip()), None)
        return self._published(found["id"]) if found else None

    def replies(self, post_id: str) -> list[Reply]:
        """Comments on the post, answers to comments among them."""
        fields = {"fields": "message,created_time,from,permalink_url,parent", "filter": "stream", "limit": "100"}
        with speaking(self._wire):
            rows = self._call("GET", f"{post_id}/comments", fields).get("data", [])
        return [
            Reply(
                row["id"], row.get("from", {}).get("name", ""), row.get("message", ""),
                datetime.fromisoformat(row["created_time"]), row.get("permalink_url", ""),
                row.get("parent", {}).get("id", post_id),
            )
            for row in rows
        ]  # fmt: skip

    def edit(self, post_id: str, post: Post) -> Published:
        """Put another text in its place."""
        with speaking(self._wire):
            self._call("POST", post_id, {"message": post.text})
        return self._published(post_id)

    def delete(self, post_id: str) -> Published:
        """Delete it."""
        try:
            with speaking(self._wire):
                self._call("DELETE", post_id)
        except Permanent as fault:
            if fault.code != "not-there":
                raise
        return self._published(post_id)

    def hide(self, reply: str, post: str) -> Published:  # noqa: ARG002
        """Hide a comment: its author and their friends still see it."""
        with speaking(self._wire):
            self._call("POST", reply, {"is_hidden": "true"})
        return self._published(reply)

    def profile(self) -> Profile:
        """How the page shows itself. The address of its picture changes by itself, so the picture is not watched."""
        with speaking(self._wire):
            page = self._call("GET", self._page, {"fields": "name,about,username"})
        return Profile(page["name"], page.get("about", ""), "", page.get("username", ""))

    def _upload(self, picture: Picture) -> str:
        if len(picture.data) > self.limits.picture_bytes:
            raise Permanent("picture-refused")
        fields = {"published": "false", "alt_text_custom": picture.alt}
        file = {"source": (f"picture.{picture.kind.rpartition('/')[2]}", picture.data, picture.kind)}
        with speaking(self._wire):
            return str(self._call("POST", f"{self._page}/photos", fields, file)["id"])

    def _call(
        self, method: str, path: str, fields: dict[str, str] | None = None, files: Any = None, *, decides: bool = False
    ) -> Any:
        address = f"{HOME}/{_VERSION}/{path}"
        if method == "GET" and fields:
            address = f"{address}?{urlencode(fields)}"
        headers = {"Authorization": f"Bearer {self._account.secrets['token']}"}  # a token in an address would be logged
        sent = {"data": fields, "files": files} if method == "POST" else {}
        request = httpx.Request(method, address, headers=headers, **sent)
        request.read()
        answer = self._wire.handle_request(request)
        if answer.status_code >= 400:
            raise self._fault(answer, decides=decides)
        return answer.json()

    def _fault(self, answer: httpx.Response, *, decides: bool) -> Exception:
        """Facebook says most of its errors with 400 and a number."""
        assert self._wire.last
        heard = self._wire.last
        try:
            error = answer.json()["error"]
            code, sub = int(error.get("code", 0)), int(error.get("error_subcode", 0))
        except (ValueError, KeyError, TypeError, AttributeError):
            return fault_of(heard, decides=decides)
        if code == _EXPIRED:
            return Permanent("key-refused", answer=heard.answer)
        if code in _LIMITS:
            return fault_of(heard._replace(status=429), decides=decides)
        if code in (10, 200) or 200 < code < 300:
            return fault_of(heard._replace(status=403), decides=decides)
        if code == 100 and sub == 33:
            return Permanent("not-there", answer=heard.answer)
        if code in (1, 2) and heard.status >= 400:
            return fault_of(heard._replace(status=503), decides=decides)
        return fault_of(heard, decides=decides)

    def _published(self, post_id: str) -> Published:
        last = self._wire.last
        return Published(
            post_id, f"https://www.facebook.com/{post_id}", last.sent if last else b"", last.answer if last else b""
        )
