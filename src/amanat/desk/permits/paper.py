"""The letters on decisions, as sheets: who writes to whom, what is granted or refused, and how to see it is genuine."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from amanat.desk.lib.commas import dot
from amanat.desk.lib.letters import Passage, Sheet, day_in, say
from amanat.desk.permits import law
from amanat.desk.permits.models import Letter, Permit
from amanat.desk.registry.models import Appointment, Office, Person

_LOCAL = frozenset({"ur", "hi", "bn"})


def sheet(letter: Letter) -> Sheet:
    """The sheet of a letter; its code is checked at the desk's own address."""
    permit, lang = letter.permit, letter.language
    assert permit.office is not None
    assert permit.decided_on is not None
    is_grant = letter.kind == Letter.Kind.GRANT
    return Sheet(
        language=lang,
        title=say("permit", f"{letter.kind}-title", lang),
        office=_office_lines(permit.office, lang),
        number=permit.number or f"{permit.office.code}/{permit.pk}",
        day=permit.decided_on,
        to=_person_lines(permit.person, permit.asked_from, lang),
        subject=permit.subject,
        passages=_granted(permit, lang) if is_grant else _refused(permit, lang),
        signed=_signed(permit, permit.office, lang),
        copies=[say("permit", "file", lang)],
        code=permit.code or "",
        address=f"{settings.AMANAT_ADDRESS}{reverse('permits:verify', args=[permit.code])}" if permit.code else "",
    )


def _granted(permit: Permit, lang: str) -> list[Passage]:
    key = "grant" if permit.decided_by_id else "presumed"
    assert permit.submitted_on
    assert permit.starts_on
    assert permit.ends_on
    opening = say(
        "permit", key, lang, asked=day_in(permit.submitted_on, lang), act=say("act", permit.act, lang),
        start=day_in(permit.starts_on, lang), end=day_in(permit.ends_on, lang), clause=law.cited(permit.due_by, lang),
    )  # fmt: skip
    passages = [Passage(opening)]
    if permit.place:
        passages.append(Passage(permit.place, say("permit", "place", lang), is_quoted=True))
    if covered := [law.cited(clause, lang) for clause in permit.clauses()]:
        passages.append(Passage(dot(lang).join(covered), say("permit", "covers", lang)))
    if permit.conditions:
        passages.append(Passage(permit.conditions, say("permit", "conditions", lang), is_quoted=True))
    return [*passages, Passage(say("permit", "bounds", lang))]


def _refused(permit: Permit, lang: str) -> list[Passage]:
    assert permit.submitted_on
    asked, act = day_in(permit.submitted_on, lang), say("act", permit.act, lang)
    passages = [
        Passage(say("permit", "refusal", lang, asked=asked, act=act)),
        Passage(permit.reason, say("permit", "reason", lang), is_quoted=True),
    ]
    if permit.ground:
        passages.append(Passage(law.cited(permit.ground, lang), say("permit", "ground", lang)))
    return [*passages, Passage(say("permit", "again", lang))]


def _signed(permit: Permit, office: Office, lang: str) -> list[str]:
    if permit.decided_by is None:
        return []
    lines = _person_lines(permit.decided_by, office, lang)
    if permit.on_behalf_of:
        lines.insert(1, say("permit", "in-place", lang, person=_name(permit.on_behalf_of, lang)))
    return lines


def _person_lines(person: Person, office: Office, lang: str) -> list[str]:
    post = Appointment.objects.filter(person=person, office=office).order_by("-starts_on").first()
    title = [post.title] if post and post.title else []
    return [_name(person, lang), *title, _named(office, lang)]


def _office_lines(office: Office, lang: str) -> list[str]:
    own = _named(office, lang)
    above = Office.objects.filter(pk__in=office.ancestors()[:1]).exclude(pk=office.pk).first()
    return [_named(above, lang), own] if above else [own]


def _name(person: Person, lang: str) -> str:
    return person.local_name if lang in _LOCAL and person.local_name else person.name


def _named(office: Office, lang: str) -> str:
    return office.local_name if lang in _LOCAL and office.local_name else office.name
