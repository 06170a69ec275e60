"""Notices: what a person is told of, once, in their own language; shown on a page and sent together by mail."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from amanat.desk.registry.models.people import Person


class Notice(models.Model):
    """One thing a person is told. `key` names the occasion: nobody is told of it twice."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="notices", verbose_name=_("person"))
    key = models.CharField(max_length=120, editable=False)
    what = models.CharField(_("what"), max_length=200)
    why = models.CharField(_("why"), max_length=400, blank=True)
    url = models.CharField(_("where"), max_length=300)
    made_at = models.DateTimeField(_("moment"), auto_now_add=True)
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="notice_once")]
        indexes = [models.Index(fields=["person"], condition=models.Q(mailed_at=None), name="notice_unmailed")]

    def __str__(self) -> str:
        return self.what
