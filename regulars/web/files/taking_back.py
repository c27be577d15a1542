"""Taking an import back: first what would go, what would stay and why; then the word to do it."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from regulars.customers.undo_trials import TRIAL, trial_of, try_undo
from regulars.kit.errors import DomainError
from regulars.shops.models import JobRun
from regulars.shops.permissions import Permission
from regulars.transfer.models import ImportRun
from regulars.web.access import StaffRequest, staff_may
from regulars.web.files.runs import can_undo, home_of, import_in
from regulars.web.files.undone import account
from regulars.web.files.words import kind_name
from regulars.web.jobs.links import shows
from regulars.web.pages import page, redirect, tell, toast


@shows(TRIAL)
def page_of_undo_trial(job: JobRun) -> str | None:
    """The page of the import that is tried; other runs have none."""
    run = ImportRun.objects.of(job.shop_id).filter(job_run=job.data["batch"]).values_list("pk", flat=True).first()
    return f"files/imports/{run}/undo/" if run else None


@staff_may(Permission.IMPORT)
def import_undo(request: StaffRequest, pk: int) -> HttpResponse:
    """What taking an import back would do; nothing is written. A POST tries it, anew when it was tried before."""
    run = import_in(request, pk)
    job = run.job_run
    if job is None or not can_undo(run):
        return redirect(request, home_of(run))
    if request.method == "POST":
        try:
            try_undo(job, staff=request.staff, by=request.actor)
            tell(request, "jobs")
        except DomainError as refusal:
            toast(request, str(refusal), kind="problem")
        return redirect(request, home_of(run) + "undo/")
    trial = trial_of(job)
    context = {
        "run": run,
        "home": home_of(run),
        "kind_name": kind_name(run.kind),
        "undo_url": f"/s/{run.shop.slug}/jobs/{job.pk}/undo",
        "tried": _tried(request, run, trial) if trial else None,
    }
    return page(request, "files/undo.html", context)


def _tried(request: StaffRequest, run: ImportRun, trial: JobRun) -> dict[str, Any]:
    told = account(request, run, trial, is_trial=True)
    failed = trial.state in (JobRun.State.FAILED, JobRun.State.CANCELLED)
    error = (told["error"] or _("The check was stopped.")) if failed else ""
    return told | {"percent": trial.percent, "error": error}
