"""Settings of the desk under test: SQLite in a file of its own, or whatever DATABASE_URL names."""

import os
import tempfile

os.environ.setdefault("AMANAT_DEBUG", "1")
os.environ.setdefault("AMANAT_DATA", tempfile.mkdtemp(prefix="amanat-test-"))

from amanat.desk.settings import *  # noqa: F403

DEBUG = False
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405 (a thread of the live server leaves none open behind it)
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, not memory: threads that share a database in memory are told at once that it is locked, and do not wait.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_RATE_LIMITS = False
AMANAT_SECOND_FACTOR = "none"  # test_signin_factor.py asks for one

TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
