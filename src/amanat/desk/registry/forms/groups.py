"""What is typed of groups and their administrators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from amanat.desk.registry.forms.fields import PeopleField, PlainForm, RowForm
from amanat.desk.registry.models import Group, Office, Person
from amanat.desk.registry.models.groups import GroupQuerySet
from amanat.desk.registry.workflow import GROUP_STATES


class GroupForm(RowForm):
    """A group."""

    class Meta:
        model = Group
        fields = ["platform", "name", "purpose", "members"]

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.office = office

    def clean(self) -> dict[str, Any]:
        """A name that no other open group of the office has on that platform."""
        given = super().clean() or self.cleaned_data
        same = Group.objects.filter(office=self.office, state="open").exclude(pk=self.instance.pk)
        if same.filter(platform=given.get("platform"), name=given.get("name", "")).exists():
            self.add_error("name", _("This office has a group of that name already."))
        return given


class AdministerForm(PlainForm):
    """The administrators of a group."""

    people = PeopleField(label=_("Administrators"), help_text=_("People with a post at this office today."))

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        now = group.administrators.current().values("person")
        people = Person.objects.filter(Q(pk__in=now) | Q(pk__in=Person.objects.posted_at(group.office).values("pk")))
        super().__init__(*args, initial={"people": Person.objects.filter(pk__in=now)}, **kwargs)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]


class GroupFilter(PlainForm):
    """Filters of the list of groups; all may stay empty."""

    words = forms.CharField(label=_("Name, or office by name or code"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("any")), *GROUP_STATES])

    def narrow(self, groups: GroupQuerySet) -> GroupQuerySet:
        """`groups` that the filters leave; a filter that is not understood leaves all."""
        if not self.is_valid():
            return groups
        given = self.cleaned_data
        if words := given["words"]:
            groups = groups.filter(
                Q(name__icontains=words) | Q(office__code__iexact=words) | Q(office__name__icontains=words)
                | Q(office__local_name__icontains=words)
            )  # fmt: skip
        return groups.filter(state=given["state"]) if given["state"] else groups
