"""The questions of a circular: written with the draft, answered by its readers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanat.desk.audit.door import allow
from amanat.desk.circulars.actions import quizzes
from amanat.desk.circulars.forms.quizzes import AnswerForm, QuestionsForm
from amanat.desk.circulars.models import Addressee, Circular
from amanat.desk.circulars.workflow import WRITERS
from amanat.desk.lib.views import form_page, person_of, signed_in


@signed_in
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the questions that go with a draft."""
    by = person_of(request)
    circular = get_object_or_404(Circular.objects.visible_to(by).filter(state="draft"), pk=pk)
    allow(WRITERS, by, circular.office)
    form = QuestionsForm(
        request.POST or None, languages=list(circular.subject), kept=circular.questions.all()
    )  # fmt: skip
    return form_page(
        request, form, lambda _data: quizzes.ask(circular, by=by, questions=form.questions),
        title=_("Questions that go with the circular"), submit=_("Keep the questions"), back=circular,
        lead=_("At most three. Readers answer them before they acknowledge; a wrong answer shows where to look."),
    )  # fmt: skip


@signed_in
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the questions; what is wrong is shown with the words of the letter, and may be tried again."""
    by = person_of(request)
    mine = Addressee.objects.filter(person=by).values("circular")
    circular = get_object_or_404(
        Circular.objects.visible_to(by).filter(pk__in=mine, state="dispatched", questions__isnull=False).distinct(),
        pk=pk,
    )
    asked = list(circular.questions.all())
    language = request.GET.get("language", "")
    if language not in circular.subject:
        language = get_language() if get_language() in circular.subject else next(iter(circular.subject))
    form = AnswerForm(request.POST or None, questions=asked, language=language)
    wrong = []
    if request.method == "POST" and form.is_valid():
        wrong = quizzes.answer(circular, by=by, given=form.given())
        if not wrong:
            messages.success(request, _("All right. Now acknowledge that you have read the circular."))
            return redirect(circular)
    page = {
        "circular": circular, "form": form, "language": language, "languages": list(circular.subject),
        "teach": [one.words.get(language) or next(iter(one.words.values())) for one in wrong], "asked": len(asked),
    }  # fmt: skip
    return render(request, "circulars/quiz.html", page)
