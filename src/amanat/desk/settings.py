"""Settings of the desk. Everything that differs from place to place comes from the environment: docs/running.md."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from amanat.desk.lib import environment

HERE = Path(__file__).parent

DEBUG = environment.flag("AMANAT_DEBUG")
SECRET_KEY = environment.text("AMANAT_SECRET_KEY", "only-for-development-never-for-use-anywhere" if DEBUG else None)
if not DEBUG and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "AMANAT_SECRET_KEY is too short. Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(60))'"
    )
ALLOWED_HOSTS = environment.names("AMANAT_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG else "")
if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("AMANAT_HOSTS is not set. Name the hosts this desk answers for: desk.example.gov.pk")
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS if "[" not in host and host != "*"]
# What signs in to platforms is sealed with these, the newest first (docs/publishing.md).
AMANAT_TOKEN_KEYS = environment.names("AMANAT_TOKEN_KEYS")
if any(len(key) < 40 for key in AMANAT_TOKEN_KEYS):
    raise ImproperlyConfigured(
        "A key in AMANAT_TOKEN_KEYS is too short. Make one: "
        "python3 -c 'import secrets; print(secrets.token_urlsafe(60))'"
    )
# What platforms bill for a post, where it is not what publishing/data/prices.toml says: docs/running.md.
AMANAT_PRICES = environment.prices("AMANAT_PRICES")
DATA = environment.folder("AMANAT_DATA", Path.home() / ".local" / "share" / "amanat")

INSTALLED_APPS = [
    "amanat.desk.home",
    "amanat.desk.publishing",
    "amanat.desk.circulars",
    "amanat.desk.permits",
    "amanat.desk.rules",
    "amanat.desk.registry",
    "amanat.desk.audit",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "ninja",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "amanat.desk.lib.health.ProbeMiddleware",
    "amanat.desk.lib.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "amanat.desk.lib.refusals.RefusalMiddleware",
    "amanat.desk.registry.signin.gate.Gate",
]

ROOT_URLCONF = "amanat.desk.urls"
WSGI_APPLICATION = "amanat.desk.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
            "builtins": ["amanat.desk.lib.templatetags.desk", "django.templatetags.i18n"],
        },
    }
]

_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
_database = environment.database("DATABASE_URL", f"sqlite:///{DATA / 'amanat.sqlite3'}")
if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {**_SQLITE, **_database.get("OPTIONS", {})}
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Limits on guessing count in the cache, so all processes share it (the table comes with registry 0002).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "amanat_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # the public check writes nothing to the database: what counts its callers is this process's own memory
    "callers": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "callers"},
}

# What takes longer than a page may is queued in the database, and done by `amanat worker`.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Who signs in, and how: docs/desk.md
AUTH_USER_MODEL = "registry.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email", "name", "number")}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:today"
LOGOUT_REDIRECT_URL = "rules:check"
ACCOUNT_ADAPTER = "amanat.desk.registry.signin.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "amanat.desk.registry.signin.adapters.SocialAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "amanat.desk.registry.signin.adapters.display"
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {"login_failed": "10/m/ip,5/5m/key", "reset_password": "20/h/ip,3/h/key"}
ACCOUNT_FORMS = {
    "login": "amanat.desk.registry.signin.forms.SignIn",
    "reauthenticate": "amanat.desk.registry.signin.forms.Again",
    "reset_password": "amanat.desk.registry.signin.forms.Forgotten",
    "reset_password_from_key": "amanat.desk.registry.signin.forms.NewPassword",
    "change_password": "amanat.desk.registry.signin.forms.ChangePassword",
    "set_password": "amanat.desk.registry.signin.forms.SetPassword",
}
MFA_ADAPTER = "amanat.desk.registry.signin.adapters.FactorAdapter"
MFA_FORMS = {
    "authenticate": "amanat.desk.registry.signin.forms.SecondStep",
    "reauthenticate": "amanat.desk.registry.signin.forms.SecondStepAgain",
    "activate_totp": "amanat.desk.registry.signin.forms.StartApp",
    "add_webauthn": "amanat.desk.registry.signin.forms.AddKey",
    "authenticate_webauthn": "amanat.desk.registry.signin.forms.UseKey",
    "login_webauthn": "amanat.desk.registry.signin.forms.UseKeyAlone",
    "reauthenticate_webauthn": "amanat.desk.registry.signin.forms.UseKeyAgain",
    "edit_webauthn": "amanat.desk.registry.signin.forms.RenameKey",
}
AMANAT_SECOND_FACTOR = environment.choice("AMANAT_SECOND_FACTOR", "deciders", ("deciders", "all", "none"))
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Amanat"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
OIDC = environment.text("AMANAT_OIDC_ADDRESS", "")
if OIDC:
    if not (DEBUG or OIDC.startswith("https://")):
        raise ImproperlyConfigured("AMANAT_OIDC_ADDRESS must begin with https://: what it says decides who comes in.")
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "government",
                "name": environment.text("AMANAT_OIDC_NAME", "OpenID Connect"),
                "client_id": environment.text("AMANAT_OIDC_CLIENT"),
                "secret": environment.text("AMANAT_OIDC_SECRET"),
                "settings": {"server_url": OIDC},
            }
        ],
    }

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ur", "اردو"), ("hi", "हिन्दी"), ("bn", "বাংলা")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LOCALE_PATHS = [HERE / "locale"]
FORMAT_MODULE_PATH = ["amanat.desk.lib.formats"]
USE_TZ = True
TIME_ZONE = environment.time_zone("AMANAT_TIME_ZONE", "Asia/Karachi")

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [HERE / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = DATA / "files"
SCAN = shlex.split(environment.text("AMANAT_SCAN", ""))
API_RATE = environment.number("AMANAT_API_RATE", 60)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
FILE_UPLOAD_PERMISSIONS = 0o600
VERIFICATION_ALLOWED_HOSTS: list[
    str
] = []  # only for tests: hosts with port that are asked although they are not public

# Security. HTTPS ends at a proxy that sets X-Forwarded-Proto (docs/running.md).
_SECURE = not DEBUG and not environment.flag("AMANAT_PLAIN_HTTP")
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SECURE else None
ALLAUTH_TRUSTED_PROXY_COUNT = NINJA_NUM_PROXIES = environment.number("AMANAT_PROXIES", 1 if _SECURE else 0)
SECURE_REDIRECT_EXEMPT = [r"^-/"]
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # the sign-in form is sent on to the government's page: its origin, where that is not the address itself
        "form-action": [SELF, *environment.names("AMANAT_OIDC_PAGE", environment.origin(OIDC))],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

_mail = environment.choice("AMANAT_MAIL", "console" if DEBUG else "smtp", ("smtp", "console", "file", "dummy"))
EMAIL_BACKEND = f"django.core.mail.backends.{_mail.replace('file', 'filebased')}.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"
EMAIL_HOST = environment.text("AMANAT_MAIL_HOST", "localhost")
EMAIL_PORT = environment.number("AMANAT_MAIL_PORT", 25)
EMAIL_HOST_USER = environment.text("AMANAT_MAIL_USER", "")
EMAIL_HOST_PASSWORD = environment.text("AMANAT_MAIL_PASSWORD", "")
EMAIL_TIMEOUT = 10
EMAIL_USE_TLS = environment.flag("AMANAT_MAIL_TLS")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("AMANAT_MAIL_FROM", "amanat@localhost")
# Where links in mails lead, and the hour of the day (in TIME_ZONE) from which digests are sent.
_host = ALLOWED_HOSTS[0].lstrip(".").replace("*", "localhost")
AMANAT_ADDRESS = environment.text("AMANAT_ADDRESS", f"{'https' if _SECURE else 'http'}://{_host}").rstrip("/")
if not AMANAT_ADDRESS.startswith(("https://", "http://")):
    raise ImproperlyConfigured("AMANAT_ADDRESS is no address. Write https://desk.example.gov.pk")
AMANAT_DIGEST_HOUR = environment.number("AMANAT_DIGEST_HOUR", 8)
if AMANAT_DIGEST_HOUR > 23:
    raise ImproperlyConfigured("AMANAT_DIGEST_HOUR is no hour of the day. Write a number from 0 to 23.")

# What people type is never logged: lines name the view and the fault, not the request's body.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"discreet": {"()": "amanat.desk.lib.logs.Discreet"}},
    "handlers": {"err": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["discreet"]}},
    "root": {"handlers": ["err"], "level": "WARNING"},
    "loggers": {"django": {"handlers": [], "level": "WARNING", "propagate": True}},
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "amanat.desk.lib.refusals.SilentFilter"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # addresses are unique by a constraint that looks past upper and lower case
