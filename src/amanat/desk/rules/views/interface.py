"""The interface for machines, for people to read: drawn from its schema, with no script."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from amanat.desk.rules import engine
from amanat.desk.rules.api import Comment, Draft, api


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Both addresses with every field they take, an example to copy, and what they answer."""
    schema = api.get_openapi_schema()
    calls = [
        (path, method["post"]["summary"], method["post"]["description"], _fields(model))
        for (path, method), model in zip(schema["paths"].items(), (Draft, Comment), strict=True)
    ]
    shown = {
        "calls": calls,
        "packs": [name for name, pack in engine.shipped().packs.items() if pack.country],
        "address": request.build_absolute_uri("/api/check"),
    }
    return render(request, "rules/docs.html", shown)


def _fields(model: Any) -> list[dict[str, object]]:
    """Name, type, whether it has to be given, default and meaning of every field."""
    schema = model.model_json_schema()
    required = schema["required"]
    return [
        {
            "name": name,
            "type": " | ".join(field.get("enum", [field.get("type", "")])),
            "is_required": name in required,
            "default": json.dumps(field.get("default", "")),
            "says": field.get("description", ""),
        }
        for name, field in schema["properties"].items()
    ]
