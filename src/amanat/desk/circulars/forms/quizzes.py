"""The forms of a quiz: writing the questions, and answering them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from amanat.desk.circulars.models import Question
from amanat.desk.circulars.models.circulars import LANGUAGES
from amanat.desk.circulars.models.quizzes import MOST_QUESTIONS
from amanat.desk.lib.numerals import local
from amanat.desk.registry.forms.fields import PlainForm

LEAST, MOST = 2, 5
_NAMES = dict(LANGUAGES)


class QuestionsForm(PlainForm):
    """Up to three questions, each in every language of the letter. `languages`: those it is written in."""

    def __init__(self, *args: Any, languages: Iterable[str], kept: Iterable[Question] = (), **kwargs: Any) -> None:
        self.languages = list(languages)
        initial: dict[str, Any] = {}
        for one in kept:
            initial[f"right{one.place}"] = one.right + 1
            for language, said in one.words.items():
                initial[f"asks{one.place}{language}"] = said["asks"]
                initial[f"options{one.place}{language}"] = "\n".join(said["options"])
                initial[f"passage{one.place}{language}"] = said.get("passage", "")
        super().__init__(*args, initial=initial, **kwargs)
        for place in range(1, MOST_QUESTIONS + 1):
            for language in self.languages:
                self._add(place, language)
            self.fields[f"right{place}"] = forms.IntegerField(
                label=_("Which line is right"), min_value=1, max_value=MOST, required=False
            )

    def _add(self, place: int, language: str) -> None:
        marked = {"lang": language, "dir": "rtl" if language == "ur" else "ltr"}
        labels = {"number": local(place), "language": _NAMES[language]}
        self.fields[f"asks{place}{language}"] = forms.CharField(
            label=gettext("Question {number} · {language}").format(**labels), max_length=300, required=False,
            widget=forms.TextInput(attrs=marked),
        )  # fmt: skip
        self.fields[f"options{place}{language}"] = forms.CharField(
            label=gettext("Answers to choose from · {language}").format(**labels), max_length=1000, required=False,
            help_text=_("One a line: two to five."), widget=forms.Textarea(attrs={**marked, "rows": 3}),
        )  # fmt: skip
        self.fields[f"passage{place}{language}"] = forms.CharField(
            label=gettext("Words of the letter that answer it · {language}").format(**labels), max_length=600,
            required=False, widget=forms.Textarea(attrs={**marked, "rows": 2}),
            help_text=_("Shown to whoever answers wrongly, so that they learn."),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Whole questions only: asked in every language, with as many answers in each, one of them right."""
        data = super().clean() or {}
        self.questions = [found for place in range(1, MOST_QUESTIONS + 1) if (found := self._question(place, data))]
        return data

    def _question(self, place: int, data: dict[str, Any]) -> dict[str, Any] | None:
        words = {}
        for language in self.languages:
            lines = [line.strip() for line in data.get(f"options{place}{language}", "").splitlines() if line.strip()]
            said = {"asks": data.get(f"asks{place}{language}", "").strip(), "options": lines}
            if passage := data.get(f"passage{place}{language}", "").strip():
                said["passage"] = passage
            words[language] = said
        if not any(said["asks"] or said["options"] for said in words.values()):
            return None
        self._check(place, words, data.get(f"right{place}"))
        return {"words": words, "right": (data.get(f"right{place}") or 1) - 1}

    def _check(self, place: int, words: dict[str, dict[str, Any]], right: int | None) -> None:
        many = len(words[self.languages[0]]["options"])
        for language, said in words.items():
            if not said["asks"]:
                self.add_error(f"asks{place}{language}", _("Write the question in this language too."))
            if not LEAST <= len(said["options"]) <= MOST:
                self.add_error(f"options{place}{language}", _("Write two to five answers, one a line."))
            elif len(said["options"]) != many:
                self.add_error(
                    f"options{place}{language}", _("Write as many answers in every language, in the same order.")
                )
        if not right or right > many:
            self.add_error(f"right{place}", _("Say which line is right: 1 for the first."))


class AnswerForm(PlainForm):
    """The questions of a circular, in one language, to tick."""

    def __init__(self, *args: Any, questions: Iterable[Question], language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(questions)
        for one in self.asked:
            said = one.words.get(language) or next(iter(one.words.values()))
            self.fields[f"q{one.pk}"] = forms.TypedChoiceField(
                label=said["asks"], choices=list(enumerate(said["options"])), coerce=int, widget=forms.RadioSelect,
                error_messages={"required": gettext_lazy("Choose one of the answers.")},
            )  # fmt: skip

    def given(self) -> dict[int, int]:
        """The place of the chosen answer by the number of the question."""
        return {one.pk: self.cleaned_data[f"q{one.pk}"] for one in self.asked}
