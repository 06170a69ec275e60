"""Bluesky, by the `atproto` package. The record key of a post is the release's own: a second sending meets the first.

Seen on its own server (0.4.217): a second `createRecord` with the same key answers 500 and leaves one record.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from amanat.desk.publishing.connectors import (
    Account,
    Limits,
    Permanent,
    Post,
    Profile,
    Published,
    Reply,
    Temporary,
)  # fmt: skip
from amanat.desk.publishing.connectors.facets import facets
from amanat.desk.publishing.connectors.speaking import speaking, spoken, wire_to

if TYPE_CHECKING:
    from atproto import Client

_POST = "app.bsky.feed.post"
_GATE = "app.bsky.feed.threadgate"
_HIDDEN_MOST = 300
_OLD = (b"ExpiredToken", b"InvalidToken")
_GONE = ("RecordNotFound", "NotFound")


class Bluesky:
    """One account on Bluesky, or on any server of its kind."""

    limits = Limits(pictures=4, picture_bytes=1_000_000)
    cannot: frozenset[str] = frozenset()

    def __init__(self, account: Account) -> None:
        self._account = account
        self._wire = wire_to(account.server)

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def publish(self, post: Post, key: str) -> Published:
        """Create the record of that key."""
        record = self._record(post)
        return self._create(_POST, key, record)

    def find(self, post: Post, key: str, since: datetime) -> Published | None:  # noqa: ARG002 (the key says it all)
        """The record of that key."""
        found = self._get(_POST, key)
        return None if found is None else self._published(found.uri)

    def replies(self, post_id: str) -> list[Reply]:
        """The thread below the post, by the AppView; never by notifications, which leave some out."""
        from atproto import models

        with self._speaking():
            thread = self._client.app.bsky.feed.get_post_thread(
                models.AppBskyFeedGetPostThread.Params(uri=post_id)
            ).thread
        found: list[Reply] = []
        _gather(thread, post_id, found)
        return found

    def edit(self, post_id: str, post: Post) -> Published:
        """Put another text into its record, if nobody else did meanwhile. An app may go on showing the old text."""
        from atproto import models

        found = self._get(_POST, _key(post_id))
        if found is None:
            raise Permanent("not-there")
        record: dict[str, Any] = found.value.model_dump(by_alias=True, exclude_none=True)
        record |= {"text": post.text, "langs": [post.language]}
        record.pop("facets", None)
        if links := facets(post.text):
            record["facets"] = links
        data = models.ComAtprotoRepoPutRecord.Data(
            repo=self._did, collection=_POST, rkey=_key(post_id), record=record, swap_record=str(found.cid)
        )
        with self._speaking():
            self._client.com.atproto.repo.put_record(data)
        return self._published(post_id)

    def delete(self, post_id: str) -> Published:
        """Delete the record."""
        from atproto import models

        data = models.ComAtprotoRepoDeleteRecord.Data(repo=self._did, collection=_POST, rkey=_key(post_id))
        with self._speaking():
            self._client.com.atproto.repo.delete_record(data)
        return self._published(post_id)

    def hide(self, reply: str, post: str) -> Published:
        """Name the reply in the post's threadgate. Some apps show it all the same."""
        from atproto import models

        gate = self._get(_GATE, _key(post))
        hidden = list((gate.value.hidden_replies if gate else None) or [])
        if reply not in hidden:
            hidden = [*hidden, reply][-_HIDDEN_MOST:]
        record: dict[str, Any] = {"$type": _GATE, "post": post, "createdAt": _moment(datetime.now(UTC))}
        if gate:
            record |= gate.value.model_dump(by_alias=True, exclude_none=True)
        record["hiddenReplies"] = hidden
        data = models.ComAtprotoRepoPutRecord.Data(repo=self._did, collection=_GATE, rkey=_key(post), record=record)
        with self._speaking():
            self._client.com.atproto.repo.put_record(data)
        return self._published(reply)

    def profile(self) -> Profile:
        """The profile record, and the handle."""
        found = self._get("app.bsky.actor.profile", "self")
        if found is None:
            return Profile("", "", "")
        value = found.value
        picture = str(value.avatar.cid) if value.avatar else ""
        return Profile(value.display_name or "", value.description or "", picture)

    @cached_property
    def _client(self) -> Client:
        """Signed in: by the session kept from the last attempt, else anew."""
        from atproto import Client
        from atproto_client.exceptions import AtProtocolError
        from atproto_client.request import Request

        client = Client(self._account.server, Request(transport=self._wire, trust_env=False))

        def keep(_event: object, session: Any) -> None:
            # a session that is renewed half-way leads to wherever the account's document does
            client.update_base_url(self._account.server)
            self._account.sessions.set(session.encode())

        client.on_session_change(keep)
        with speaking(self._wire):
            try:
                # what was kept may be nothing, or too old
                client.login(session_string=self._account.sessions.get(), fetch_bsky_profile=False)
            except (ValueError, AtProtocolError):
                name = self._account.handle.removeprefix("@")
                client.login(name, self._account.secrets["password"], fetch_bsky_profile=False)
        client.update_base_url(self._account.server)  # not wherever the account's document leads
        return client

    @contextmanager
    def _speaking(self, *, decides: bool = False) -> Iterator[None]:
        """Speak as one who is signed in; a session that is refused is forgotten, and the next attempt signs in anew."""
        try:
            with speaking(self._wire, decides=decides):
                yield
        except Permanent as fault:
            is_old = fault.code == "key-refused" or any(name in fault.answer for name in _OLD)
            if not is_old or not self._account.sessions.get():
                raise
            self._account.sessions.set("")
            raise Temporary("no-answer", "session") from None

    @property
    def _did(self) -> str:
        session = self._client._session
        assert session
        return str(session.did)

    def _get(self, collection: str, key: str) -> Any:
        from atproto import models

        params = models.ComAtprotoRepoGetRecord.Params(repo=self._did, collection=collection, rkey=key)
        try:
            with self._speaking():
                return self._client.com.atproto.repo.get_record(params)
        except Permanent as fault:
            if spoken(fault.answer).get("error") in _GONE:
                return None
            raise

    def _create(self, collection: str, key: str, record: dict[str, Any]) -> Published:
        from atproto import models

        did = self._did
        data = models.ComAtprotoRepoCreateRecord.Data(repo=did, collection=collection, rkey=key, record=record)
        with self._speaking(decides=True):
            made = self._client.com.atproto.repo.create_record(data)
        return self._published(made.uri)

    def _record(self, post: Post) -> dict[str, Any]:
        record: dict[str, Any] = {
            "$type": _POST,
            "text": post.text,
            "langs": [post.language],
            "createdAt": _moment(post.at),
        }
        if found := facets(post.text):
            record["facets"] = found
        if post.pictures:
            record["embed"] = {"$type": "app.bsky.embed.images", "images": [self._image(one) for one in post.pictures]}
        if post.answers:
            record["reply"] = self._answer(post.answers)
        return record

    def _image(self, picture: Any) -> dict[str, Any]:
        if len(picture.data) > self.limits.picture_bytes:
            raise Permanent("picture-refused")
        with self._speaking():
            # not by upload_blob, which hands the bytes to httpx in a way that is deprecated
            answer = self._client.invoke_procedure(
                "com.atproto.repo.uploadBlob", content=picture.data, headers={"Content-Type": picture.kind}
            )
            blob = answer.content["blob"]
        return {
            "alt": picture.alt,
            "image": blob,
            "aspectRatio": {"width": picture.width, "height": picture.height},
        }

    def _answer(self, post_id: str) -> dict[str, Any]:
        parent = self._get(_POST, _key(post_id))
        if parent is None:
            raise Permanent("not-there")
        this = {"uri": post_id, "cid": str(parent.cid)}
        return {"root": this, "parent": this}

    def _published(self, post_id: str) -> Published:
        last = self._wire.last
        if last is None:
            raise Temporary("no-answer")
        did, key = post_id.removeprefix("at://").split("/")[0], _key(post_id)
        return Published(post_id, f"https://bsky.app/profile/{did}/post/{key}", last.sent, last.answer)


def _key(post_id: str) -> str:
    return post_id.rpartition("/")[2]


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _gather(thread: Any, parent: str, found: list[Reply]) -> None:
    for one in getattr(thread, "replies", None) or []:
        post = getattr(one, "post", None)
        if post is None:
            continue  # deleted, or blocked
        at = datetime.fromisoformat(post.record.created_at.replace("Z", "+00:00"))
        key = _key(post.uri)
        address = f"https://bsky.app/profile/{post.author.did}/post/{key}"
        found.append(Reply(post.uri, post.author.handle, post.record.text, at, address, parent))
        _gather(one, post.uri, found)
