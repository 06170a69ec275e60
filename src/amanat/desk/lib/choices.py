"""Closed lists that several rooms show: accounts, services, platforms, countries."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Platform(models.TextChoices):
    """Where an office speaks."""

    FACEBOOK = "facebook", "Facebook"
    X = "x", "X"
    INSTAGRAM = "instagram", "Instagram"
    YOUTUBE = "youtube", "YouTube"
    WHATSAPP = "whatsapp", "WhatsApp"
    TELEGRAM = "telegram", "Telegram"
    TIKTOK = "tiktok", "TikTok"
    LINKEDIN = "linkedin", "LinkedIn"
    MASTODON = "mastodon", "Mastodon"
    BLUESKY = "bluesky", "Bluesky"
    OTHER = "other", _("another")


class Service(models.TextChoices):
    """Services that a pack makes rules for. They decide, with the pack, which clauses bind a person."""

    NONE = "", _("general")
    PAS = "pas", _("Pakistan Administrative Service")
    PMS = "pms", _("Provincial Management Service")
    POLICE = "police", _("police")
    REVENUE = "revenue", _("revenue")
    CUSTOMS = "customs", _("customs")
    EDUCATION = "education", _("education")
    PRIMARY_EDUCATION = "primary-education", _("primary education")
    SECONDARY_EDUCATION = "secondary-education", _("secondary and higher education")
    HEALTH = "health", _("health")
    JUDICIAL = "judicial", _("judicial")
    ALL_INDIA = "all-india", _("All India Services")


class Account(models.TextChoices):
    """As whom one speaks; the ids are the library's."""

    PERSONAL = "personal", _("my own account")
    OFFICIAL = "official", _("an official page or account")
    GROUP = "group", _("a group that I administer")


class Country(models.TextChoices):
    """Countries that packs are made for, by ISO 3166."""

    BD = "BD", _("Bangladesh")
    IN = "IN", _("India")
    PK = "PK", _("Pakistan")


class Language(models.TextChoices):
    """The languages of the desk, as a sentence names them; a switch calls each by its own name (settings.LANGUAGES)."""

    EN = "en", _("English")
    UR = "ur", _("Urdu")
    HI = "hi", _("Hindi")
    BN = "bn", _("Bengali")
