"""Fields and manners that several forms of the registry share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amanat.desk.registry.models import Office, Person

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
    _PeopleField = forms.ModelMultipleChoiceField[Person]
else:
    _ModelForm, _PeopleField = forms.ModelForm, forms.ModelMultipleChoiceField


class Manners(forms.BaseForm):
    """Whatever is typed runs in its own direction."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.TextInput | forms.Textarea):
                field.widget.attrs.setdefault("dir", "auto")


class PlainForm(Manners, forms.Form):
    """A form of its own fields."""


class RowForm(Manners, _ModelForm):
    """A form on the fields of a row. It never saves: actions do."""


class DayField(forms.DateField):
    """A day, picked or typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**kwargs)


class OfficeField(forms.CharField):
    """An office by its code, among `offices`."""

    offices: QuerySet[Office]

    def clean(self, value: Any) -> Office:
        """The office. Raises ValidationError where none of `offices` has that code."""
        code = super().clean(value)
        office = self.offices.filter(code__iexact=code).first()
        if office is None:
            raise forms.ValidationError(_("No office with that code is open to you here. Its page shows its code."))
        return office


class TonguesField(forms.MultipleChoiceField):
    """Languages; kept as codes with commas."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """The codes as a list."""
        return [code.strip() for code in value.split(",")] if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        """The codes with commas."""
        return ",".join(super().clean(value))


class PeopleField(_PeopleField):
    """Several people, to tick."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Person.objects.none(), widget=forms.CheckboxSelectMultiple, **kwargs)
