"""Numbers that letters bear: one row counts one kind of letter of one office in one year."""

from __future__ import annotations

from django.db import models

from amanat.desk.registry.models.offices import Office


class Sequence(models.Model):
    """The last number given. Only `registry.actions.numbering` counts on."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="sequences")
    kind = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "kind", "year"], name="sequence_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"
