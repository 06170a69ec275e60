"""What is typed of slots, practice and the calendar."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from amanat.desk.lib.numerals import in_ascii
from amanat.desk.publishing.forms.fields import NearDayField
from amanat.desk.publishing.models.plans import HANDOVER_DAYS, INSPECTION_DAYS
from amanat.desk.registry.forms.fields import PlainForm
from amanat.desk.registry.models import Channel, Person

_MOST_A_DAY = 12


class SlotsForm(PlainForm):
    """The times of each day of the week at which a channel speaks."""

    def __init__(self, *args: Any, channel: Channel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now: dict[int, list[str]] = {day: [] for day in WEEKDAYS}
        for slot in channel.slots.all():
            now[slot.weekday].append(f"{slot.at:%H:%M}")
        for day, name in WEEKDAYS.items():
            self.fields[f"day-{day}"] = forms.CharField(
                label=name, required=False, max_length=120, initial=", ".join(now[day]),
                widget=forms.TextInput(attrs={"dir": "ltr"}),
                help_text=_("Times with commas, such as 10:00, 16:30") if day == 0 else "",
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Times of the clock, each once."""
        for day in WEEKDAYS:
            name = f"day-{day}"
            try:
                self.cleaned_data[name] = _times(self.cleaned_data.get(name, ""))
            except ValueError:
                self.add_error(name, _("Write times as 09:30, with commas between them; at most twelve."))
        return self.cleaned_data

    def slots(self) -> list[tuple[int, time]]:
        """What was typed: day of the week and time."""
        return [(day, at) for day in WEEKDAYS for at in self.cleaned_data[f"day-{day}"]]


def _times(typed: str) -> list[time]:
    parts = [part.strip() for part in in_ascii(typed).replace("،", ",").split(",") if part.strip()]
    found = sorted({time.fromisoformat(part if len(part) > 4 else f"0{part}") for part in parts})
    if len(found) > _MOST_A_DAY or any(one.second or one.microsecond or one.tzinfo for one in found):
        raise ValueError(typed)
    return found


class PracticeForm(PlainForm):
    """What an office holds itself to where no rule says it."""

    weekly_posts = forms.IntegerField(
        label=_("Posts a week on each channel, at least"), required=False, min_value=1, max_value=50,
        help_text=_("Where a clause says a number, the clause counts."),
    )  # fmt: skip
    inspection_days = forms.IntegerField(
        label=_("Days that a security inspection may be overdue before the channel falls silent"), min_value=0,
        max_value=365, initial=INSPECTION_DAYS,
    )  # fmt: skip
    handover_days = forms.IntegerField(
        label=_("Days that a handover may be overdue before the channel falls silent"), min_value=0, max_value=365,
        initial=HANDOVER_DAYS,
    )  # fmt: skip


class CalendarFilter(PlainForm):
    """Which channel and which days a calendar shows."""

    on = NearDayField(label=_("Around the day"), required=False)
    channel = forms.ModelChoiceField(Channel.objects.none(), label=_("Channel"), required=False, empty_label=_("all"))

    def __init__(self, *args: Any, by: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["channel"].queryset = Channel.objects.visible_to(by).in_use()  # type: ignore[attr-defined]

    def day(self) -> date:
        """The day asked for; today where none is, or it is no day."""
        self.is_valid()
        return self.cleaned_data.get("on") or timezone.localdate()

    def chosen(self) -> Channel | None:
        """The channel asked for."""
        self.is_valid()
        return self.cleaned_data.get("channel")
