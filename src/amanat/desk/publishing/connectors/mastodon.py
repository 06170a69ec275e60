"""Mastodon, by `Mastodon.py`. Its servers hold to an Idempotency-Key for an hour; after that the account is asked."""

from __future__ import annotations

import hashlib
import html
import json
import re
import time
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import requests

from amanat.desk.lib.wire import Adapter
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
from amanat.desk.publishing.connectors.speaking import number_of, speaking, wire_to

if TYPE_CHECKING:
    from mastodon import Mastodon as Client

_SPOKEN = "4.0.0"
"""The version whose calls are used; named, so that the server is not asked for its own each time."""
_SKEW = timedelta(minutes=5)
_PAGES = 5
_PAUSE = 1.0


class Mastodon:
    """One account on one server."""

    limits = Limits(pictures=4, picture_bytes=16_000_000)
    cannot = frozenset({"hide"})

    def __init__(self, account: Account) -> None:
        self._account = account
        self._wire = wire_to(account.server)

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def publish(self, post: Post, key: str) -> Published:
        """Post it, with the key as Idempotency-Key."""
        media = [self._upload(one) for one in post.pictures]
        with speaking(self._wire, decides=True):
            made = self._client.status_post(
                post.text, in_reply_to_id=post.answers or None, media_ids=media or None, visibility="public",
                language=post.language, idempotency_key=key,
            )  # fmt: skip
            return self._published(made)

    def find(self, post: Post, key: str, since: datetime) -> Published | None:  # noqa: ARG002 (no server tells a key)
        """A post of the account since then with exactly this text, in answer to the same post or to none."""
        before = None
        for _page in range(_PAGES):
            with speaking(self._wire):
                rows = self._client.account_statuses(self._me, exclude_reblogs=True, max_id=before, limit=40)
                # the client makes an empty list of anything: what says nothing does not say that there is nothing
                if not self._wire.last or not isinstance(json.loads(self._wire.last.answer), list):
                    raise TypeError
                for row in rows:
                    if row["created_at"] < since - _SKEW:
                        return None
                    if str(row["in_reply_to_id"] or "") == post.answers and self._source(row) == post.text:
                        return self._published(row)
                if not rows:
                    return None
                before = rows[-1]["id"]
        raise Temporary("broken", "too many posts since")

    def replies(self, post_id: str) -> list[Reply]:
        """What stands below the post."""
        with speaking(self._wire):
            below = self._client.status_context(post_id)["descendants"]
        return [
            Reply(
                str(row["id"]), row["account"]["acct"], plain(row["content"]), row["created_at"], row["url"] or "",
                str(row["in_reply_to_id"]),
            )
            for row in below
        ]  # fmt: skip

    def edit(self, post_id: str, post: Post) -> Published:
        """Put another text in its place; the server shows that it was edited, and how it read before."""
        with speaking(self._wire):
            media = [one["id"] for one in self._client.status(post_id)["media_attachments"]]
            return self._published(self._client.status_update(post_id, post.text, media_ids=media or None))

    def delete(self, post_id: str) -> Published:
        """Delete it."""
        try:
            with speaking(self._wire):
                self._client.status_delete(post_id, delete_media=True)
        except Permanent as fault:
            if fault.code != "not-there":
                raise
        last = self._wire.last
        return Published(post_id, "", last.sent if last else b"", last.answer if last else b"")

    def hide(self, reply: str, post: str) -> Published:  # noqa: ARG002
        """Mastodon cannot hide an answer to a post from others."""
        raise Permanent("not-allowed")

    def profile(self) -> Profile:
        """How the account shows itself."""
        with speaking(self._wire):
            me = self._client.account_verify_credentials()
        return Profile(me["display_name"], me["source"]["note"] or plain(me["note"]), me["avatar"], me["acct"])

    @cached_property
    def _client(self) -> Client:
        from mastodon import Mastodon as Client

        session = requests.Session()
        session.trust_env = False
        session.adapters.clear()
        for scheme in ("https://", "http://"):
            session.mount(scheme, Adapter(self._wire))
        return Client(
            access_token=self._account.secrets["token"], api_base_url=self._account.server, session=session,
            ratelimit_method="throw", version_check_mode="created", mastodon_version=_SPOKEN,
        )  # fmt: skip

    @cached_property
    def _me(self) -> str:
        with speaking(self._wire):
            return str(self._client.account_verify_credentials()["id"])

    def _source(self, row: Any) -> str:
        """The text as it was sent; what is shown is HTML. "" where it was deleted meanwhile."""
        try:
            with speaking(self._wire):
                return str(self._client.status_source(row["id"])["text"])
        except Permanent as fault:
            if fault.code != "not-there":
                raise
            return ""

    def _upload(self, picture: Picture) -> Any:
        name = f"{hashlib.sha256(picture.data).hexdigest()[:16]}.{picture.kind.rpartition('/')[2]}"
        try:
            with speaking(self._wire):
                media = self._client.media_post(
                    picture.data, mime_type=picture.kind, description=picture.alt, file_name=name
                )
                while media["url"] is None:  # taken, and still being worked on
                    time.sleep(_PAUSE)
                    media = self._client.media(media["id"])
        except Permanent as fault:
            code = "picture-refused" if fault.code == "refused" else fault.code
            raise Permanent(code, fault.detail, fault.answer) from None
        return media["id"]

    def _published(self, made: Any) -> Published:
        last = self._wire.last
        assert last
        return Published(number_of(made), made["url"] or made["uri"], last.sent, last.answer)


def plain(text: str) -> str:
    """The words of a piece of HTML, paragraphs and breaks as lines."""
    lines = re.sub(r"<br\s*/?>|</p>\s*<p>", "\n", text)
    return html.unescape(re.sub(r"<[^>]*>", "", lines)).strip()
