"""Secrets as they stand in the database: sealed with keys that are in the settings, never in the database.

Sealed with the newest key, opened with any. A key is made new by setting it before the others; what is sealed then
opens as before, and is sealed with the new one when it is sealed `again`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes

Seal = MultiFernet
Broken = InvalidToken
"""What `decrypt` raises for what was sealed with no key that is known, or was altered."""


def made_for(purpose: str) -> Seal:
    """The seal of one purpose, with keys made of the desk's own secret: one purpose never opens another's."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return _seal(hashlib.sha256(purpose.encode() + force_bytes(key)).digest() for key in keys)


def of_tokens() -> Seal:
    """The seal of what signs in to platforms: keys from AMANAT_TOKEN_KEYS, newest first; the desk's own come last."""
    return _seal(_token_keys())


def is_new(sealed: bytes) -> bool:
    """Whether what signs in to a platform was sealed with the newest key. Raises Broken where no key opens it."""
    of_tokens().decrypt(sealed)
    try:
        _seal(_token_keys()[:1]).decrypt(sealed)
    except Broken:
        return False
    return True


def _token_keys() -> list[bytes]:
    own = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [hashlib.sha256(b"amanat tokens" + force_bytes(key)).digest() for key in (*settings.AMANAT_TOKEN_KEYS, *own)]


def _seal(keys: Iterable[bytes]) -> Seal:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
