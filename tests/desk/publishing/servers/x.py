"""A stand-in for the API of X. What is asked and what is answered is checked against its published description.

Schemas: github.com/xdevplatform/docs, openapi.json at 00b419b (API v2), what the desk uses of it. No package registry
has that description, so they stand here.
"""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from jsonschema import Draft202012Validator

from tests.desk.publishing.servers.standin import Answer, Asked, StandIn

_NUMBER = {"type": "string", "pattern": "^[0-9]{1,19}$"}
CREATE = {  # CreatePostsRequest
    "type": "object", "additionalProperties": False,
    "properties": {
        "text": {"type": "string"},
        "media": {
            "type": "object", "required": ["media_ids"], "additionalProperties": False,
            "properties": {"media_ids": {"type": "array", "minItems": 1, "maxItems": 4, "items": _NUMBER}},
        },
        "reply": {
            "type": "object", "required": ["in_reply_to_tweet_id"], "additionalProperties": False,
            "properties": {"in_reply_to_tweet_id": _NUMBER},
        },
    },
}  # fmt: skip
CREATED = {  # CreatePostsResponse
    "type": "object", "required": ["data"],
    "properties": {
        "data": {"type": "object", "required": ["id", "text"], "properties": {"id": _NUMBER}}
    },
}  # fmt: skip
DELETED = {"properties": {"data": {"required": ["deleted"], "properties": {"deleted": {"type": "boolean"}}}}}
POSTS = {
    "properties": {
        "data": {"type": "array", "items": {"properties": {"id": {"type": "string"}, "text": {"type": "string"}}}}
    }
}


class Server(StandIn):
    """X, with one account."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[dict[str, Any]] = []
        self.numbers = itertools.count(1000)
        self.hidden: list[str] = []
        self.alts: list[str] = []
        self.on("POST", "/2/tweets", CREATED, self.create)
        self.on("GET", "/2/users/me", None, self.me)
        self.on("GET", "/2/users/42/tweets", POSTS, lambda asked: (200, {"data": self.posts, "meta": {}}))
        self.on("GET", "/2/tweets/search/recent", POSTS, self.search)
        self.on("DELETE", r"/2/tweets/(\d+)", DELETED, self.delete)
        self.on("PUT", r"/2/tweets/(\d+)/hidden", None, self.hide)
        self.on("POST", "/2/media/upload", None, lambda asked: (200, {"data": {"id": "77"}}))
        self.on("POST", "/2/media/metadata", None, self.describe)

    def answer(self, asked: Asked) -> Answer:
        if 'oauth_token="right"' not in asked.headers.get("Authorization", ""):
            return 401, {"title": "Unauthorized", "status": 401, "detail": "Unauthorized"}
        return super().answer(asked)

    def me(self, asked: Asked) -> Answer:
        data = {"id": "42", "name": "Lahore", "username": "lahore", "description": "Schools", "profile_image_url": ""}
        return 200, {"data": data}

    def create(self, asked: Asked) -> Answer:
        Draft202012Validator(CREATE).validate(asked.json)
        text = asked.json["text"]
        if any(post["text"] == text for post in self.posts):
            return 403, {
                "title": "Forbidden",
                "status": 403,
                "detail": "You are not allowed to create duplicate content.",
            }
        return 201, {"data": self.post(text, asked.json.get("reply", {}).get("in_reply_to_tweet_id"))}

    def post(self, text: str, answers: str | None = None) -> dict[str, Any]:
        row: dict[str, Any] = {
            "id": str(next(self.numbers)), "text": text, "author_id": "42",
            "created_at": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
        }  # fmt: skip
        if "https://" in text:
            link = next(word for word in text.split() if word.startswith("https://"))
            row["text"] = text.replace(link, "https://t.co/a1").replace("&", "&amp;")
            row["entities"] = {"urls": [{"url": "https://t.co/a1", "expanded_url": link, "start": 0, "end": 9}]}
        if answers:
            row["referenced_tweets"] = [{"type": "replied_to", "id": answers}]
        self.posts.insert(0, row)
        return row

    def search(self, asked: Asked) -> Answer:
        return 200, {"data": [row for row in self.posts if row.get("referenced_tweets")]}

    def delete(self, asked: Asked, pk: str) -> Answer:
        self.posts = [row for row in self.posts if row["id"] != pk]
        return 200, {"data": {"deleted": True}}

    def hide(self, asked: Asked, pk: str) -> Answer:
        assert asked.json == {"hidden": True}
        self.hidden.append(pk)
        return 200, {"data": {"hidden": True}}

    def describe(self, asked: Asked) -> Answer:
        self.alts.append(asked.json["metadata"]["alt_text"]["text"])
        return 200, {"data": {"id": asked.json["id"]}}
