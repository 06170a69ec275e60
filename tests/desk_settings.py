"""Settings of the desk under test: SQLite in memory, or whatever DATABASE_URL names."""

import os
import tempfile

os.environ.setdefault("AMANAT_DEBUG", "1")
os.environ.setdefault("AMANAT_DATA", tempfile.mkdtemp(prefix="amanat-test-"))
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

from amanat.desk.settings import *  # noqa: F403

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_RATE_LIMITS = False
AMANAT_SECOND_FACTOR = "none"  # test_signin_factor.py asks for one

STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
