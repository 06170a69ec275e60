"""X, by its API v2. It knows no key of ours: what may be out is looked for by its text, and never sent again by itself.

Signed with OAuth 1.0a for one account: four values from X's developer console that do not run out.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import httpx

from amanat.desk.publishing.connectors import Account, Limits, Permanent, Picture, Post, Profile, Published, Reply
from amanat.desk.publishing.connectors.speaking import fault_of, number_of, speaking, wire_to

HOME = "https://api.x.com"
_SKEW = timedelta(minutes=5)


class X:
    """One account on X."""

    limits = Limits(pictures=4, picture_bytes=5_000_000)
    cannot = frozenset({"edit", "find"})

    def __init__(self, account: Account) -> None:
        self._account = account
        self._wire = wire_to(HOME)

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def publish(self, post: Post, key: str) -> Published:  # noqa: ARG002 (X takes no key)
        """Post it."""
        body: dict[str, Any] = {"text": post.text}
        if post.pictures:
            body["media"] = {"media_ids": [self._upload(one) for one in post.pictures]}
        if post.answers:
            body["reply"] = {"in_reply_to_tweet_id": post.answers}
        with speaking(self._wire, decides=True):
            return self._published(number_of(self._call("POST", "/2/tweets", body, decides=True)["data"]))

    def find(self, post: Post, key: str, since: datetime) -> Published | None:  # noqa: ARG002
        """A recent post of the account with this text, in answer to the same post or to none.

        X shortens links, so they are compared as it unfolds them.
        """
        start = (since - _SKEW).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        query = {"start_time": start, "max_results": "100", "tweet.fields": "created_at,entities,referenced_tweets"}
        with speaking(self._wire):
            rows = self._call("GET", f"/2/users/{self._me['id']}/tweets", query=query).get("data", [])
            same = (row for row in rows if _unfolded(row) == post.text.strip() and _parent(row, "") == post.answers)
            found = next(same, None)
            return self._published(number_of(found)) if found else None

    def replies(self, post_id: str) -> list[Reply]:
        """The conversation below the post, of the last seven days."""
        query = {
            "query": f"conversation_id:{post_id}",
            "max_results": "100",
            "tweet.fields": "created_at,author_id,referenced_tweets",
        }
        with speaking(self._wire):
            rows = self._call("GET", "/2/tweets/search/recent", query=query).get("data", [])
        return [
            Reply(
                row["id"], row["author_id"], row["text"], datetime.fromisoformat(row["created_at"]),
                f"https://x.com/i/status/{row['id']}", _parent(row, post_id),
            )
            for row in rows
        ]  # fmt: skip

    def edit(self, post_id: str, post: Post) -> Published:  # noqa: ARG002
        """The API of X edits only what it was told beforehand to keep open, for an hour: the desk does not use that."""
        raise Permanent("not-allowed")

    def delete(self, post_id: str) -> Published:
        """Delete it."""
        try:
            with speaking(self._wire):
                if self._call("DELETE", f"/2/tweets/{post_id}")["data"]["deleted"] is not True:
                    raise ValueError("not deleted")
        except Permanent as fault:
            if fault.code != "not-there":
                raise
        return self._published(post_id)

    def hide(self, reply: str, post: str) -> Published:  # noqa: ARG002
        """Hide an answer: it stays readable, one more click away."""
        with speaking(self._wire):
            self._call("PUT", f"/2/tweets/{reply}/hidden", {"hidden": True})
        return self._published(reply)

    def profile(self) -> Profile:
        """How the account shows itself."""
        me = self._me
        return Profile(me["name"], me.get("description", ""), me.get("profile_image_url", ""), me.get("username", ""))

    @cached_property
    def _me(self) -> dict[str, Any]:
        with speaking(self._wire):
            query = {"user.fields": "description,profile_image_url"}
            found: dict[str, Any] = self._call("GET", "/2/users/me", query=query)["data"]
        return found

    def _upload(self, picture: Picture) -> str:
        if len(picture.data) > self.limits.picture_bytes:
            raise Permanent("picture-refused")
        body = {
            "media": base64.b64encode(picture.data).decode(),
            "media_category": "tweet_image",
            "media_type": picture.kind,
        }
        with speaking(self._wire):
            media = str(self._call("POST", "/2/media/upload", body)["data"]["id"])
            if picture.alt:
                self._call("POST", "/2/media/metadata", {"id": media, "metadata": {"alt_text": {"text": picture.alt}}})
        return media

    def _call(
        self, method: str, path: str, body: Any = None, query: Mapping[str, str] | None = None, *, decides: bool = False
    ) -> Any:
        address = f"{HOME}{path}" + (f"?{urlencode(query, quote_via=quote)}" if query else "")
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        headers = {"Authorization": signed(method, address, self._account.secrets), "Accept": "application/json"}
        if content:
            headers["Content-Type"] = "application/json"
        answer = self._wire.handle_request(httpx.Request(method, address, headers=headers, content=content))
        if answer.status_code >= 400:
            assert self._wire.last
            raise fault_of(self._wire.last, decides=decides)
        return answer.json()

    def _published(self, post_id: str) -> Published:
        last = self._wire.last
        return Published(
            post_id, f"https://x.com/i/status/{post_id}", last.sent if last else b"", last.answer if last else b""
        )


def signed(method: str, address: str, keys: Mapping[str, str], *, nonce: str = "", moment: str = "") -> str:
    """The Authorization header of OAuth 1.0a (RFC 5849, HMAC-SHA1); bodies in JSON are not part of what is signed."""
    parts = urlsplit(address)
    ours = {
        "oauth_consumer_key": keys["api_key"],
        "oauth_nonce": nonce or secrets.token_hex(16),
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": moment or str(int(time.time())),
        "oauth_token": keys["token"],
        "oauth_version": "1.0",
    }
    pairs = sorted((_quoted(k), _quoted(v)) for k, v in [*ours.items(), *parse_qsl(parts.query, True)])
    base = "&".join(map(_quoted, (
        method, f"{parts.scheme}://{parts.netloc}{parts.path}", "&".join(f"{k}={v}" for k, v in pairs),
    )))  # fmt: skip
    key = f"{_quoted(keys['api_secret'])}&{_quoted(keys['token_secret'])}"
    ours["oauth_signature"] = base64.b64encode(hmac.digest(key.encode(), base.encode(), hashlib.sha1)).decode()
    return "OAuth " + ", ".join(f'{_quoted(k)}="{_quoted(v)}"' for k, v in sorted(ours.items()))


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _unfolded(row: dict[str, Any]) -> str:
    """The text of a post with each shortened link as it was written, and without the link of its pictures."""
    text = str(row["text"])
    for link in row.get("entities", {}).get("urls", []):
        text = text.replace(link["url"], "" if "media_key" in link else link.get("expanded_url", link["url"]))
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _parent(row: dict[str, Any], top: str) -> str:
    # newer answers of X call it referenced_posts
    found = row.get("referenced_tweets") or row.get("referenced_posts") or []
    return next((one["id"] for one in found if one.get("type") == "replied_to"), top)
