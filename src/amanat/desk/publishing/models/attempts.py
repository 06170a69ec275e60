"""What a release has in common with what puts it right: it is sent, at most once, by workers that may be killed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.desk.publishing.connectors import WAITS, WORDS
from amanat.desk.publishing.connectors.keys import new_key


class Attempt(models.Model):
    """Something to be sent. `key` is chosen and saved before anything is: by it the platform is asked.

    `sending_at` is the lease: since when the worker that took it up has it. `begun_at`: the first time it was taken up.
    """

    key = models.CharField(_("key"), max_length=13, unique=True, default=new_key, editable=False)
    next_try_at = models.DateTimeField(_("next try"))
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    begun_at = models.DateTimeField(_("first tried"), null=True, blank=True)
    sending_at = models.DateTimeField(_("being sent since"), null=True, blank=True)
    platform_id = models.CharField(_("number on the platform"), max_length=300, blank=True)
    address = models.URLField(_("address"), max_length=500, blank=True)
    fault = models.CharField(_("what went wrong"), max_length=20, blank=True)
    fault_detail = models.CharField(_("in the platform's words"), max_length=400, blank=True)
    sent = models.CharField(_("what was sent, by its hash"), max_length=64, blank=True)
    answer = models.CharField(_("what was answered, by its hash"), max_length=64, blank=True)

    class Meta:
        abstract = True

    @property
    def told(self) -> str:
        """What went wrong and what to do, in the reader's language; "" where nothing did."""
        return str(WORDS.get(self.fault) or WAITS.get(self.fault) or "")
