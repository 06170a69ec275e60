"""A stand-in for the Graph API of Facebook, by its reference for people: Meta publishes no description for machines."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from tests.desk.publishing.servers.standin import Answer, Asked, StandIn

_V = "/v23.0"


class Server(StandIn):
    """One page, number 9."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[dict[str, Any]] = []
        self.numbers = itertools.count(1)
        self.comments: list[dict[str, Any]] = []
        self.asked_to: list[tuple[str, dict[str, list[str]]]] = []
        self.on("POST", f"{_V}/9/feed", None, self.create)
        self.on("POST", f"{_V}/9/photos", None, lambda asked: (200, {"id": "555"}))
        self.on("GET", f"{_V}/9/published_posts", None, lambda asked: (200, {"data": self.posts}))
        self.on("GET", f"{_V}/9", None, lambda asked: (200, {"id": "9", "name": "Lahore", "about": "Schools"}))
        self.on("GET", rf"{_V}/(9_\d+)/comments", None, self.below)
        self.on("POST", rf"{_V}/(9_\d+)/comments", None, self.comment)
        self.on("POST", rf"{_V}/(9_\d+)", None, self.change)
        self.on("DELETE", rf"{_V}/(9_\d+)", None, self.delete)

    def answer(self, asked: Asked) -> Answer:
        if asked.headers.get("Authorization") != "Bearer right":
            error = {"message": "Error validating access token", "type": "OAuthException", "code": 190}
            return 400, {"error": error}
        return super().answer(asked)

    def create(self, asked: Asked) -> Answer:
        pk = f"9_{next(self.numbers)}"
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self.posts.insert(0, {"id": pk, "message": asked.form["message"][0], "created_time": at})
        return 200, {"id": pk}

    def below(self, asked: Asked, pk: str) -> Answer:
        return 200, {"data": [row for row in self.comments if row.get("on", pk) == pk]}

    def comment(self, asked: Asked, pk: str) -> Answer:
        number = f"{pk.removeprefix('9_')}_{next(self.numbers)}"
        at = datetime.now(UTC).isoformat(timespec="seconds")
        page = {"id": "9", "name": "Lahore"}
        row = {"id": number, "message": asked.form["message"][0], "created_time": at, "from": page, "on": pk}
        self.comments.append(row)
        return 200, {"id": number}

    def change(self, asked: Asked, pk: str) -> Answer:
        self.asked_to.append((pk, asked.form))
        for row in self.posts:
            if row["id"] == pk and "message" in asked.form:
                row["message"] = asked.form["message"][0]
        return 200, {"success": True}

    def delete(self, asked: Asked, pk: str) -> Answer:
        if all(row["id"] != pk for row in self.posts):
            error = {
                "message": "Object does not exist",
                "type": "GraphMethodException",
                "code": 100,
                "error_subcode": 33,
            }
            return 400, {"error": error}
        self.posts = [row for row in self.posts if row["id"] != pk]
        return 200, {"success": True}
