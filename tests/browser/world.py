"""A desk with something in every room, and the address of every page in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from amanat.desk.registry.actions import channels, groups, handovers, invitations, offices, panels, proofs
from amanat.desk.registry.imports import kept
from amanat.desk.registry.models import Appointment, Person
from amanat.desk.rules import actions, engine
from tests.browser import calendars, circulars, permits, publishing
from tests.cast import SINCE, Cast

OIDC = {"provider_id": "government", "name": "Government", "client_id": "amanat", "secret": "none",
        "settings": {"server_url": "https://government.example"}}  # fmt: skip
PROVIDERS: dict[str, Any] = {"openid_connect": {"APPS": [OIDC]}}
STEWARD, WITH_FACTORS, WITHOUT_PASSWORD = "steward@top", "officer@own", "officer@sister"
HALFWAY = "halfway"
"""Who has given the password and not yet the code."""
ELSEWHERE = ("tables/", "accounts/social/", "accounts/confirm-email/(")
"""Django's own tables, and addresses of allauth that closed doors stand before."""
HEAD = "personnel number,name,office code,role\n"

ROOMS = {"permits": permits, "circulars": circulars, "calendars": calendars, "publishing": publishing}
"""Rooms that tell of themselves: `fill` puts something in, PAGES and OTHERS say who opens which addresses."""
Visit = tuple[str, str]
"""Who opens which address; nobody is signed in as ""."""


def route(path: str) -> str:
    """The pattern in urls.py by which an address is answered."""
    return resolve(urlsplit(path).path).route.replace("^", "")


def routes() -> set[str]:
    """Every pattern in urls.py by which the desk answers."""

    def walk(resolver: URLResolver, before: str) -> Iterator[str]:
        for one in resolver.url_patterns:
            if isinstance(one, URLPattern):
                yield f"{before}{one.pattern}".replace("^", "")
            else:
                yield from walk(one, before + str(one.pattern))

    return {one for one in walk(get_resolver(), "") if not one.startswith(ELSEWHERE)}


def fill(cast: Cast) -> dict[str, Any]:
    """Put something in every room; what the addresses need to name it."""
    head, moderator, steward = cast["head@own"], cast["moderator@own"], cast[STEWARD]
    facts: dict[str, Any] = {"platform": "facebook", "handle": "DirectorateLahore", "recovery_person": moderator}
    channel = channels.enter(cast.own, by=head, address="https://example.org/lahore", **facts)
    panels.seat(channel, by=head, people=[moderator])
    day = timezone.localdate()
    channels.inspect(channel, by=head, on=day, months=3, second_factor_on=True, note="The list has two old names.")
    letter = proofs.hand_in(channel, SimpleUploadedFile("letter.pdf", b"%PDF-1.7 letter"), by=moderator)
    group = groups.enter(cast.own, by=head, platform="whatsapp", name="Lahore schools")
    groups.administer(group, by=head, people=[moderator])
    post = Appointment.objects.get(person=moderator, office=cast.own)
    handover = handovers.begin(
        post, by=head, cause="transfer", leaves_on=day + timedelta(days=10), successor=cast["officer@own"],
        others=["The office telephone"],
    )  # fmt: skip
    closed = offices.enter(cast.top, by=steward, code="ED-OLD", name="Old office", kind="field")
    offices.close(closed, by=steward, reason="It was merged.")
    pack = engine.shipped().packs["pk-punjab"]
    paper = SimpleUploadedFile("rules.pdf", b"%PDF-1.7 rules")
    document = actions.attach(pack.instruments["pbcr66"], upload=paper, note="Gazette", by=steward)
    clause = engine.rulebook().clause("pbcr66-gifts")
    grade = actions.propose(clause, after="text", document=document, place="page 4", by=steward)
    newcomer = Person.objects.create(name="Newcomer", email="newcomer@example.org")
    Appointment.objects.create(person=newcomer, office=cast.own, starts_on=SINCE)
    _invitation, token = invitations.invite(newcomer, by=head)
    staff = SimpleUploadedFile("staff.csv", f"{HEAD}P-1,Asma,ED,officer\n".encode())
    faulty = SimpleUploadedFile("faulty.csv", f"{HEAD}P-1,Asma,ED,king\n".encode())
    key = _ways_in(cast)
    reset = user_pk_to_url_str(head), default_token_generator.make_token(head)
    return {
        "channel": channel.pk, "letter": letter.pk, "group": group.pk, "post": post.pk, "handover": handover.pk,
        "item": handover.items.order_by("-pk")[0].pk, "closed": closed.pk, "document": document.pk, "grade": grade.pk,
        "token": token, "own": cast.own.pk, "person": moderator.pk, "newcomer": newcomer.pk, "key": key,
        "reset": "-".join(reset), "plan": kept.keep(staff, "people", steward).sha256,
        "faulty": kept.keep(faulty, "people", steward).sha256,
        "other_post": Appointment.objects.get(person=cast["officer@own"]).pk,
        **{name: room.fill(cast) for name, room in ROOMS.items()},
    }  # fmt: skip


def _ways_in(cast: Cast) -> int:
    """Give one person every kind of second step and another only the government's account; the key's number."""
    person, kinds = cast[WITH_FACTORS], Authenticator.Type
    secret = {"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")}
    Authenticator.objects.create(user=person, type=kinds.TOTP, data=secret)
    codes = {"seed": get_adapter().encrypt("f" * 80), "used_mask": 0}
    Authenticator.objects.create(user=person, type=kinds.RECOVERY_CODES, data=codes)
    data = {"name": "Office computer", "credential": _credential()}
    key = Authenticator.objects.create(user=person, type=kinds.WEBAUTHN, data=data)
    other = cast[WITHOUT_PASSWORD]
    other.set_unusable_password()
    other.save()
    SocialAccount.objects.create(user=other, provider="government", uid="17")
    return int(key.pk)


def _credential() -> dict[str, Any]:
    """What a key says of itself when it is added: as little as the pages need."""
    public = ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    credential = AttestedCredentialData.create(b"\0" * 16, b"credential", public)
    flags = AuthenticatorData.FLAG.AT | AuthenticatorData.FLAG.UP
    said = AttestationObject.create("none", AuthenticatorData.create(b"\0" * 32, flags, 0, credential), {})
    client = {"type": "webauthn.create", "challenge": "eA", "origin": "https://desk.example"}
    return {
        "rawId": websafe_encode(b"credential"),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(client).encode()),
            "attestationObject": websafe_encode(bytes(said)),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


def pages(of: dict[str, Any]) -> list[Visit]:
    """Every page: what a GET answers with HTML."""
    public = (
        "/ /api/docs /rules/ /rules/bd/ /rules/bd/?on=2017-01-01 /rules/search/?q=gifts /rules/bd/bdg19-politics/"
        " /rules/pk-punjab/pbcr66-gifts/ /rules/pk-punjab/instruments/pbcr66/ /accounts/login/ /accounts/inactive/"
        " /accounts/signup/ /accounts/password/reset/ /accounts/password/reset/done/ /accounts/password/reset/key/done/"
        " /accounts/password/reset/key/{reset}/ /accounts/password/reset/key/1-rubbish/ /invitation/{token}/"
        " /invitation/rubbish/ /accounts/oidc/government/login/ /accounts/3rdparty/login/cancelled/"
        " /accounts/3rdparty/login/error/"
    )
    steward = (
        "/today/ /search/ /search/?q=lahore /offices/ /offices/?words=lahore /offices/{own}/ /offices/{closed}/"
        " /offices/{own}/enter/ /offices/{own}/change/ /offices/{own}/move/ /offices/{own}/people/enter/"
        " /offices/{own}/channels/enter/ /offices/{own}/groups/enter/ /people/ /people/?words=nobody /people/{person}/"
        " /people/{newcomer}/ /people/{person}/change/ /people/{person}/appoint/"
        " /posts/{post}/end/ /posts/{other_post}/handover/ /channels/ /channels/{channel}/ /channels/{channel}/change/"
        " /channels/{channel}/seat/ /channels/{channel}/inspect/ /groups/ /groups/{group}/ /groups/{group}/change/"
        " /groups/{group}/administer/ /handovers/ /handovers/{handover}/ /handovers/{handover}/change/"
        " /handovers/{handover}/add/ /handovers/{handover}/tick/{item}/ /channels/{channel}/proof/ /import/"
        " /import/people/{plan}/ /import/people/{faulty}/ /log/ /log/?words=nothing /rules/grades/"
        " /rules/pk-punjab/instruments/pbcr66/ /rules/pk-punjab/instruments/pbcr66/attach/"
        " /rules/pk-punjab/pbcr66-gifts/propose/ /accounts/logout/ /accounts/password/change/ /accounts/2fa/"
        " /accounts/2fa/totp/activate/ /accounts/2fa/webauthn/add/ /accounts/reauthenticate/"
    )
    factors = (
        "/today/ /accounts/2fa/ /accounts/2fa/totp/deactivate/ /accounts/2fa/recovery-codes/"
        " /accounts/2fa/recovery-codes/generate/ /accounts/2fa/webauthn/ /accounts/2fa/webauthn/keys/{key}/remove/"
        " /accounts/2fa/webauthn/keys/{key}/edit/ /accounts/2fa/reauthenticate/ /accounts/2fa/webauthn/reauthenticate/"
    )
    visits = {
        "": public, STEWARD: steward, WITH_FACTORS: factors,
        HALFWAY: "/accounts/2fa/authenticate/", WITHOUT_PASSWORD: "/accounts/password/set/ /accounts/3rdparty/",
    }  # fmt: skip
    return [(who, path.format(**of)) for who, paths in visits.items() for path in paths.split()] + _in_rooms(
        of, "PAGES"
    )


def others(of: dict[str, Any]) -> list[Visit]:
    """Every address that answers a GET with anything else: a file, JSON, another address, or that there is nothing."""
    paths = (
        "/people/{newcomer}/invite/ /rules/grades/{grade}/agree/ /rules/documents/{document}/"
        " /rules/cited/pbcr66-gifts/ /offices/{own}/close/ /offices/{closed}/reopen/ /channels/{channel}/doubt/"
        " /channels/{channel}/close/ /groups/{group}/close/ /handovers/{handover}/finish/ /handovers/{handover}/drop/"
        " /channels/{channel}/proof/domain/ /channels/{channel}/proof/letter/ /letters/{letter}/"
        " /letters/{letter}/accept/ /import/people/template.xlsx /import/people/{faulty}/faults.csv /export/people.csv"
        " /api/openapi.json /api/check /api/comment /api/ /accounts/ /accounts/email/ /accounts/confirm-email/"
        " /accounts/confirm-email/x/ /accounts/login/code/confirm/ /accounts/3rdparty/signup/"
        " /accounts/2fa/recovery-codes/download/ /accounts/2fa/webauthn/login/"
        " /accounts/oidc/government/login/callback/ /language/setlang/ /-/health /-/ready"
    )
    return [(STEWARD, path.format(**of)) for path in paths.split()] + _in_rooms(of, "OTHERS")


def _in_rooms(of: dict[str, Any], table: str) -> list[Visit]:
    """The visits of a table in every room's own module, each with the numbers of its room."""
    return [
        (who, path.format(**of[name]))
        for name, room in ROOMS.items()
        for who, paths in getattr(room, table).items()
        for path in paths.split()
    ]
