"""The worker, for stewards: whether it works, what waits for it, what failed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from amanat.desk.audit.door import allow
from amanat.desk.lib.views import page_of, person_of, signed_in
from amanat.desk.registry.actions import queue as acts
from amanat.desk.registry.models import Mailing, Worker
from amanat.desk.registry.workflow import STEWARD

SHOWN = 10


@require_safe
@signed_in
def worker(request: HttpRequest) -> HttpResponse:
    """When it last worked, what waits, and the tasks that failed or are tried again."""
    allow(STEWARD, person_of(request), None)
    now = timezone.now()
    failed = Q(status=TaskResultStatus.FAILED)
    rows = DBTaskResult.objects.filter(failed | (Q(status=TaskResultStatus.READY) & ~Q(exception_class_path="")))
    counts = DBTaskResult.objects.aggregate(
        ready=Count("pk", Q(status=TaskResultStatus.READY)), running=Count("pk", Q(status=TaskResultStatus.RUNNING))
    )
    mails = Mailing.objects.aggregate(
        waiting=Count("pk", Q(sent_at=None, fault="")),
        refused=Count("pk", Q(fault=Mailing.Fault.REFUSED)),
        undelivered=Count("pk", Q(fault=Mailing.Fault.UNDELIVERED)),
    )
    workers = list(Worker.objects.all()[:SHOWN])
    context = {
        "page": page_of(request, rows.order_by("-started_at", "pk")),
        "counts": counts,
        "mails": mails,
        "workers": [(one, _state(one, now)) for one in workers],
        "faults": [fault for one in workers if one.seen_at == workers[0].seen_at for fault in one.faults],
    }
    return render(request, "registry/worker.html", context)


def _state(one: Worker, now: datetime) -> str:
    if one.ended_at:
        return _("ended")
    return _("works") if one.is_alive(now) else _("silent: it was killed, or hangs")


@require_POST
@signed_in
def rerun(request: HttpRequest, number: UUID) -> HttpResponse:
    """Queue a failed task anew."""
    acts.run_again(number, by=person_of(request))
    messages.success(request, _("Done, and noted in the log."))
    return redirect("registry:worker")


@require_POST
@signed_in
def discard(request: HttpRequest, number: UUID) -> HttpResponse:
    """Give a failed task up."""
    acts.drop(number, by=person_of(request))
    messages.success(request, _("Done, and noted in the log."))
    return redirect("registry:worker")
