"""A stand-in for a Mastodon server: Idempotency-Key, sources, media that take a while. Answers are checked.

Schemas: github.com/abraham/mastodon-openapi, dist/schema.json at 00b6b1d (Mastodon 4.4), the fields the desk relies on
and all that are required. No package registry has that description, so the few that are used stand here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.desk.publishing.servers.standin import Answer, Asked, StandIn

_URI = {"type": "string", "format": "uri"}
ACCOUNT = {
    "type": "object",
    "required": [
        "acct", "avatar", "avatar_static", "bot", "created_at", "display_name", "emojis", "fields", "followers_count",
        "following_count", "group", "header", "header_static", "id", "locked", "note", "statuses_count", "uri", "url",
        "username",
    ],
    "properties": {"id": {"type": "string"}, "note": {"type": "string"}, "avatar": _URI},
}  # fmt: skip
STATUS = {
    "type": "object",
    "required": [
        "account", "content", "created_at", "emojis", "favourites_count", "id", "media_attachments", "mentions",
        "reblogs_count", "replies_count", "sensitive", "spoiler_text", "tags", "uri", "visibility",
    ],
    "properties": {
        "account": ACCOUNT, "content": {"type": "string"}, "created_at": {"type": "string", "format": "date-time"},
        "id": {"type": "string"}, "url": {"type": ["string", "null"], "format": "uri"}, "uri": {"type": "string"},
        "in_reply_to_id": {"type": ["string", "null"]}, "language": {"type": ["string", "null"]},
        "visibility": {"enum": ["direct", "private", "public", "unlisted"]}, "media_attachments": {"type": "array"},
    },
}  # fmt: skip
SOURCE = {"type": "object", "required": ["id", "text", "spoiler_text"]}
MEDIA = {
    "type": "object", "required": ["id", "type"],
    "properties": {"id": {"type": "string"}, "url": {"type": ["string", "null"]}, "type": {"enum": ["image"]}},
}  # fmt: skip


class Server(StandIn):
    """One server with one account."""

    def __init__(self) -> None:
        super().__init__()
        self.statuses: list[dict[str, Any]] = []
        self.sources: dict[str, str] = {}
        self.keys: dict[str, dict[str, Any]] = {}
        self.descriptions: list[str] = []
        self.note = "Schools of Lahore"
        self.on("POST", "/api/v1/statuses", STATUS, self.create)
        self.on("GET", "/api/v1/accounts/verify_credentials", ACCOUNT, lambda asked: (200, self.me()))
        self.on("GET", "/api/v1/accounts/1/statuses", {"type": "array", "items": STATUS}, self.listed)
        self.on("GET", r"/api/v1/statuses/(\d+)", STATUS, lambda asked, pk: (200, self.one(pk)))
        self.on("PUT", r"/api/v1/statuses/(\d+)", STATUS, self.edit)
        self.on("DELETE", r"/api/v1/statuses/(\d+)", STATUS, self.delete)
        self.on("GET", r"/api/v1/statuses/(\d+)/source", SOURCE, self.source)
        self.on("GET", r"/api/v1/statuses/(\d+)/context", None, self.context)
        self.on("POST", "/api/v2/media", MEDIA, self.media)
        self.on("GET", r"/api/v1/media/(\d+)", MEDIA, lambda asked, pk: (200, self.medium(pk, "ready")))

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("Authorization") != "Bearer right":
            return 401, {"error": "The access token is invalid"}
        return super().answer(asked)

    def me(self) -> dict[str, Any]:
        picture = "https://social.example/avatar.png"
        return {
            "id": "1", "username": "lahore", "acct": "lahore", "display_name": "Lahore", "note": f"<p>{self.note}</p>",
            "source": {"note": self.note}, "avatar": picture, "avatar_static": picture, "header": picture,
            "header_static": picture, "bot": False, "locked": False, "group": False, "emojis": [], "fields": [],
            "created_at": "2024-01-01T00:00:00.000Z", "followers_count": 0, "following_count": 0, "statuses_count": 0,
            "url": "https://social.example/@lahore", "uri": "https://social.example/users/lahore",
        }  # fmt: skip

    def create(self, asked: Asked) -> Answer:
        key = asked.headers.get("Idempotency-Key")
        if key in self.keys:
            return 200, self.keys[key]
        text = asked.form["status"][0]
        if len(text) > 500:
            return 422, {"error": "Validation failed: Text character limit of 500 exceeded"}
        answers = asked.form.get("in_reply_to_id", [None])[0]
        media = [self.medium(pk, "ready") for pk in asked.form.get("media_ids[]", [])]
        made = self.status(text, asked.form.get("language", [None])[0], answers, media)
        if key:
            self.keys[key] = made
        return 200, made

    def status(self, text: str, language: str | None, answers: str | None = None, media: Any = ()) -> dict[str, Any]:
        pk = str(len(self.sources) + 100)
        shown = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br />")
        row = {
            "id": pk, "created_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"), "content": f"<p>{shown}</p>",
            "account": self.me(), "emojis": [], "favourites_count": 0, "media_attachments": list(media), "mentions": [],
            "reblogs_count": 0, "replies_count": 0, "sensitive": False, "spoiler_text": "", "tags": [],
            "uri": f"https://social.example/users/lahore/statuses/{pk}", "url": f"https://social.example/@lahore/{pk}",
            "visibility": "public", "language": language, "in_reply_to_id": answers,
        }  # fmt: skip
        self.statuses.insert(0, row)
        self.sources[pk] = text
        return row

    def one(self, pk: str) -> dict[str, Any]:
        return next(row for row in self.statuses if row["id"] == pk)

    def listed(self, asked: Asked) -> Answer:
        before = asked.query.get("max_id")
        rows = [row for row in self.statuses if before is None or int(row["id"]) < int(before)]
        return 200, rows[: int(asked.query.get("limit", 20))]

    def edit(self, asked: Asked, pk: str) -> Answer:
        self.sources[pk] = asked.form["status"][0]
        return 200, self.one(pk)

    def delete(self, asked: Asked, pk: str) -> Answer:
        gone = [row for row in self.statuses if row["id"] == pk]
        self.statuses = [row for row in self.statuses if row["id"] != pk]
        return (200, gone[0]) if gone else (404, {"error": "Record not found"})

    def source(self, asked: Asked, pk: str) -> Answer:
        return 200, {"id": pk, "text": self.sources[pk], "spoiler_text": ""}

    def context(self, asked: Asked, pk: str) -> Answer:
        return 200, {"ancestors": [], "descendants": [row for row in self.statuses if row["in_reply_to_id"] == pk]}

    def media(self, asked: Asked) -> Answer:
        self.descriptions.append(asked.body.partition(b'name="description"')[2].split(b"\r\n")[2].decode())
        return 202, self.medium("7", "")

    def medium(self, pk: str, ready: str) -> dict[str, Any]:
        url = "https://social.example/7.png" if ready else None
        return {"id": pk, "type": "image", "url": url, "preview_url": url, "description": "", "meta": {}}
