"""A Facebook Page, by the Graph API. It knows no key of ours: what may have been sent is looked for by its text."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx

from amanat.desk.lib.wire import Exchange
from amanat.desk.publishing.connectors import (
    Account,
    Limits,
    Permanent,
    Picture,
    Post,
    Profile,
    Published,
    Reply,
    Temporary,
)  # fmt: skip
from amanat.desk.publishing.connectors.speaking import (
    bounded,
    fault_of,
    number_of,
    retry_after,
    speaking,
    spoken,
    wire_to,
)

HOME = "https://graph.facebook.com"
_VERSION = "v23.0"
_SKEW = timedelta(minutes=5)
_EXPIRED = 190
_LIMITS = {4, 17, 32, 341, 613, 80001}
"""Of the app, the user, the page, the app for a while, the call; and of the page where its own token is used."""


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
            return self._published(number_of(self._call("POST", where, fields, decides=True)))

    def find(self, post: Post, key: str, since: datetime) -> Published | None:  # noqa: ARG002
        """A recent post of the page with this text; an answer is looked for among the comments of the page itself."""
        fields = {"fields": "message,created_time", "since": str(int((since - _SKEW).timestamp())), "limit": "100"}
        where = f"{self._page}/published_posts"
        if post.answers:
            where = f"{post.answers}/comments"
            fields = {"fields": "message,from", "filter": "stream", "order": "reverse_chronological", "limit": "100"}
        with speaking(self._wire):
            rows = self._call("GET", where, fields).get("data", [])
            if post.answers:
                rows = [row for row in rows if row.get("from", {}).get("id") == self._page]
            found = next((row for row in rows if (row.get("message") or "").strip() == post.text.strip()), None)
            return self._published(number_of(found)) if found else None

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
            _agreed(self._call("POST", post_id, {"message": post.text}))
        return self._published(post_id)

    def delete(self, post_id: str) -> Published:
        """Delete it. Of a post that the key may not see Facebook says the same as of one that is gone."""
        try:
            with speaking(self._wire):
                _agreed(self._call("DELETE", post_id))
        except Permanent as fault:
            if fault.code != "not-there":
                raise
            gone = self._published(post_id)
            with speaking(self._wire):  # raises Permanent where the key no longer reads the posts of the page
                self._call("GET", f"{self._page}/published_posts", {"fields": "id", "limit": "1"})
            return gone
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
            code, sub = int(error.get("code") or 0), int(error.get("error_subcode") or 0)
        except (ValueError, KeyError, TypeError, AttributeError):
            return fault_of(heard, decides=decides)
        if code == _EXPIRED:
            return Permanent("key-refused", answer=heard.answer)
        if code in _LIMITS:
            return Temporary("busy", after=_regained(heard) or retry_after(heard))
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


def _agreed(answer: Any) -> None:
    """Raise ValueError where Facebook does not say that it was done."""
    if answer is not True and answer["success"] is not True:
        raise ValueError("no success")


def _regained(heard: Exchange) -> timedelta | None:
    """When a page may go on, which Facebook says in minutes."""
    usage = spoken(heard.headers.get("x-business-use-case-usage", "").encode())
    rows = [row for rows in usage.values() if isinstance(rows, list) for row in rows if isinstance(row, dict)]
    minutes = [row.get("estimated_time_to_regain_access") for row in rows]
    longest = max((one for one in minutes if isinstance(one, int | float)), default=0)
    return bounded(longest * 60) if longest > 0 else None
