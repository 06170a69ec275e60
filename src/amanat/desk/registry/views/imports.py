"""Import: load a spreadsheet, see what it would do, write it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from amanat.desk.lib import sheets
from amanat.desk.lib.numerals import local
from amanat.desk.lib.refusals import Overtaken
from amanat.desk.lib.views import PER_PAGE, person_of, signed_in
from amanat.desk.registry.actions import imports as actions
from amanat.desk.registry.forms.imports import ImportForm
from amanat.desk.registry.imports import kept as store
from amanat.desk.registry.imports.columns import KINDS, Kind
from amanat.desk.registry.imports.plan import Reach
from amanat.desk.registry.signin import fresh

FAULTS_SHOWN = 200
SHOWS = ("changed", "new", "same")


@signed_in
@fresh
def start(request: HttpRequest) -> HttpResponse:
    """Load a spreadsheet; its columns, and templates to begin with."""
    reach = Reach(person_of(request))
    form = ImportForm(request.POST or None, request.FILES or None, initial={"kind": request.GET.get("kind")})
    if request.method == "POST" and form.is_valid():
        kept = store.keep(form.cleaned_data["file"], form.cleaned_data["kind"], person_of(request))
        return redirect("registry:import-plan", kept.kind, kept.sha256)
    return render(request, "registry/import.html", {"form": form, "kinds": KINDS.values(), "office": reach.office()})


@signed_in
@fresh
def plan(request: HttpRequest, kind: str, sha256: str) -> HttpResponse:
    """What a loaded file would do; POST writes it."""
    kept = _kept(request, kind, sha256)
    summary = kept.summary()
    refusal = ""
    if request.method == "POST":
        try:
            counts = actions.write(kept, request.POST.get("fingerprint", ""), by=person_of(request))
        except Overtaken as overtaken:
            refusal = overtaken.reason
        else:
            text = _("Written: {new} new, {changed} changed, {same} as they were.")
            messages.success(request, text.format(**{name: local(count) for name, count in counts.items()}))
            return redirect("registry:offices")
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWS else next((one for one in SHOWS if summary["counts"][one]), "new")
    page = Paginator(range(summary["counts"][shown]), PER_PAGE).get_page(request.GET.get("page"))
    lines = kept.lines(shown, max(page.start_index() - 1, 0), PER_PAGE)
    labels = {column.name: column.label for column in KINDS[kind].columns}
    context = {
        "kept": kept, "kind": KINDS[kind], "summary": summary, "shown": shown, "page": page, "refusal": refusal,
        "tabs": [(one, summary["counts"][one]) for one in SHOWS],
        "faults": list(kept.lines("faults", 0, FAULTS_SHOWN)),
        "lines": [
            (row, title, [(labels[name], *both) for name, both in fields.items()]) for row, _s, title, fields in lines
        ],
    }  # fmt: skip
    return render(request, "registry/import_plan.html", context, status=409 if refusal else 200)


@require_safe
@signed_in
def faults(request: HttpRequest, kind: str, sha256: str) -> StreamingHttpResponse:
    """All faults of a loaded file, as CSV."""
    kept = _kept(request, kind, sha256)
    head = [_("Row"), _("Column"), _("What is wrong"), _("What to do")]
    rows = (row for part in ([head], kept.lines("faults")) for row in part)
    return StreamingHttpResponse(
        sheets.csv_lines(rows),
        content_type=sheets.CSV,
        headers={"Content-Disposition": f'attachment; filename="faults-{kind}.csv"'},
    )


@require_safe
@signed_in
def template(request: HttpRequest, kind: str) -> FileResponse:
    """An empty spreadsheet with the right heads, one made-up line, and what each column holds."""
    Reach(person_of(request))
    if kind not in KINDS:
        raise Http404
    return FileResponse(
        sheets.workbook(_template(KINDS[kind])),
        as_attachment=True,
        filename=f"amanat-{kind}.xlsx",
        content_type=sheets.XLSX,
    )


def _template(kind: Kind) -> dict[str, Any]:
    columns = [column for column in kind.columns if not column.is_told]
    heads = [str(column.label) for column in columns]
    told = [[str(column.label), _("needed") if column.is_needed else "", str(column.help)] for column in columns]
    return {
        kind.name: [heads, [kind.example.get(column.name, "") for column in columns]],
        _("Columns"): [[_("Column"), _("Needed"), _("What it holds")], *told],
    }


def _kept(request: HttpRequest, kind: str, sha256: str) -> store.Kept:
    """The kept file of this person. Raises Http404 for others' and for what is gone, Refused for who may not import."""
    Reach(person_of(request))
    kept = store.Kept(person_of(request).pk, kind, sha256)
    try:
        is_there = kept.is_there()
    except ValueError:
        is_there = False
    if not is_there:
        raise Http404
    return kept
