"""The check for machines: the engine of the page, the JSON of the command. It reads no cookie and keeps nothing."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.renderers import JSONRenderer
from ninja.throttling import AnonRateThrottle
from pydantic import ConfigDict, Field, WithJsonSchema

from amanat import __version__
from amanat.desk.rules import engine
from amanat.desk.rules.private import note
from amanat.errors import BadInput, UnknownName
from amanat.inputs import MAX_BYTES, pack_of
from amanat.report import triage_json, verdict_json
from amanat.rulebook import Rulebook
from amanat.ruling import Context, rule, triage

Lang = Literal["en", "ur", "hi", "bn"]


class Readable(JSONRenderer):
    """JSON with its letters as people write them."""

    json_dumps_params = {"ensure_ascii": False}


class Comment(Schema):
    """A citizen's comment on an office's page."""

    model_config = ConfigDict(extra="forbid", title="Comment")
    text: Annotated[str, Field(description="What was written; at most 1,000,000 bytes of UTF-8.")]
    lang: Annotated[Lang, Field(description="Language of the answer.")] = "en"


class Draft(Comment):
    """A post before it is published: the text, and what it cannot tell."""

    model_config = ConfigDict(extra="forbid", title="Draft")
    pack: Annotated[str, Field(description="The rules the writer is under, e.g. pk-federal.", max_length=40)]
    account: Annotated[Literal["official", "personal", "group"], Field(description="As whom.")] = "personal"
    platform: Annotated[str, Field(description="facebook, x, whatsapp …", max_length=40)] = ""
    duty: Annotated[bool, Field(description="Speaking is the writer's duty.", strict=True)] = False
    service: Annotated[str, Field(description="Where the pack has rules of their own for it.", max_length=40)] = ""
    date: Annotated[
        str,
        Field(description="The day of the post, 2026-01-31; today where none is given.", max_length=10),
        WithJsonSchema({"type": "string", "format": "date"}),
    ] = ""


class Fault(Schema):
    """What is wrong, where, and how to cure it. Never what was sent."""

    what: str
    where: str
    cure: str


class Faults(Schema):
    """Why there is no answer."""

    errors: list[Fault]


class PerAddress(AnonRateThrottle):
    """So many requests a minute from one address; the cache holds moments, nothing of what was sent."""

    scope = "api"
    cache = caches["callers"]  # this process's own memory: the private check writes nothing to the database


api = NinjaAPI(
    title="Amanat",
    version=__version__,
    description="What the rules say about a post before it is published. Nothing that is sent is kept or logged.",
    urls_namespace="api",
    docs_url=None,
    renderer=Readable(),
    throttle=[PerAddress(f"{settings.API_RATE}/m")],
)
_ANSWERS: dict[Any, Any] = {200: dict[str, Any], 413: Faults, 422: Faults, 429: Faults, 500: Faults}


@api.post("/check", response=_ANSWERS, summary="Check a draft", operation_id="check")
def check(request: HttpRequest, response: HttpResponse, draft: Draft) -> Any:  # noqa: ARG001 (ninja's signature)
    """The verdict on a draft: the JSON of `amanat check --json`."""
    response["Cache-Control"] = "no-store"
    book = engine.rulebook()
    context = _context(draft, book)
    return verdict_json(rule(engine.read(_text(draft.text)), context, book), book, draft.lang)


@api.post("/comment", response=_ANSWERS, summary="Triage a comment", operation_id="comment")
def comment(request: HttpRequest, response: HttpResponse, comment: Comment) -> Any:  # noqa: ARG001
    """What to do with a citizen's comment: the JSON of `amanat comment --json`."""
    response["Cache-Control"] = "no-store"
    book = engine.rulebook()
    return triage_json(triage(engine.read(_text(comment.text)), book), book, comment.lang)


class TooLarge(Exception):
    """The text is over the limit."""


def _text(text: str) -> str:
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise BadInput("holds half a character (a lone surrogate)", where="text", cure="Send valid Unicode") from None
    if size > MAX_BYTES:
        raise TooLarge
    if not text.strip():
        raise BadInput("there is no text", where="text", cure="Give the words you want to check")
    return text


def _context(draft: Draft, book: Rulebook) -> Context:
    pack = book.pack(pack_of(draft.pack, "pack"))
    services = {name for clause in pack.clauses.values() for name in clause.services}
    if draft.service and draft.service not in services:
        raise UnknownName("service", draft.service, services, where="service")
    return Context(
        pack=pack.id, on=_day(draft.date), account=draft.account, platform=draft.platform,
        duty=draft.duty, service=draft.service,
    )  # fmt: skip


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written) if written else timezone.localdate()
    except ValueError:
        raise BadInput("not a date", where="date", cure="Write it as 2026-01-31") from None


def _refused(request: HttpRequest, status: int, *faults: tuple[str, str, str]) -> HttpResponse:
    errors = [{"what": what, "where": where, "cure": cure} for what, where, cure in faults]
    return api.create_response(request, {"errors": errors}, status=status)


@api.exception_handler(BadInput)
def bad_input(request: HttpRequest, error: BadInput) -> HttpResponse:
    """Something given cannot be used. A name that is unknown is not repeated: it may be a text in the wrong place."""
    what = f"unknown {error.kind}" if isinstance(error, UnknownName) else error.what
    return _refused(request, 422, (what, error.where, error.cure))


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The JSON is not of the form asked for."""
    return _refused(request, 422, *(_fault(one) for one in error.errors))


def _fault(found: dict[str, Any]) -> tuple[str, str, str]:
    where = next((str(part) for part in reversed(found["loc"]) if part in Draft.model_fields), "body")
    if found["type"] == "extra_forbidden":
        return "unknown key", "body", f"Known: {', '.join(Draft.model_fields)}"
    if found["type"] == "missing":
        return "is missing", where, f"Give {where}" if where != "body" else "Send a JSON object"
    cures = {"date": "Write it as 2026-01-31", "text": "Give a string of at most 1,000,000 bytes"}
    return "cannot be used", where, cures.get(where, "See /api/docs for what it may be")


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Not JSON at all; or too many requests, to which ninja adds when to come again."""
    if isinstance(error, Throttled):
        return _refused(request, 429, ("too many requests from this address", "", "Wait, see Retry-After"))
    return _refused(request, 422, ("this is no JSON", "body", 'Send {"text": "…", "pack": "…"} in UTF-8'))


@api.exception_handler(TooLarge)
@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: Exception) -> HttpResponse:  # noqa: ARG001 (ninja's signature)
    """More than is read at once."""
    cure = f"Send at most {MAX_BYTES:,} bytes of text, or use `amanat bulk`"
    return _refused(request, 413, ("the text is too large", "text", cure))


@api.exception_handler(Exception)
def failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """A fault of ours. The log is told where, not what was sent."""
    note(error)
    return _refused(request, 500, ("a fault of ours", "", "Nothing was kept. Try again in a moment"))
