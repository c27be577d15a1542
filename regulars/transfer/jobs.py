"""The background work of files."""

from datetime import timedelta

from django.utils.timezone import now

from regulars.customers.actions import undo_needs
from regulars.kit.jobs import every
from regulars.shops.models import Shop
from regulars.shops.permissions import Permission
from regulars.shops.work import work
from regulars.transfer.exports import KEPT_FOR, export_ended, write_export
from regulars.transfer.files import forget_file, private_path
from regulars.transfer.imports import import_ended, import_next_batch
from regulars.transfer.models import ExportLog, ImportRun
from regulars.transfer.outgoing import log as export_log
from regulars.transfer.trials import TRIAL, trial_ended, try_next_batch

FILES_KEPT = timedelta(days=7)

undo_needs("import", Permission.IMPORT)
work("import", ended=import_ended, told=True)(import_next_batch)
work(TRIAL, ended=trial_ended)(try_next_batch)
work("export", ended=export_ended, told=True)(write_export)


@every("17 * * * *")
def purge_expired() -> None:
    """Delete files nobody may fetch any more: exports after 24 hours, uploads a week after they were given to us.

    What the runs and the export log say of them stays. An upload that was never started is forgotten whole.
    """
    for shop in Shop.objects.all():
        for log in ExportLog.objects.of(shop).filter(expires_at__lte=now()).exclude(stored_as=""):
            private_path(log.stored_as).unlink(missing_ok=True)
            export_log.forget_file(log)
        old = ImportRun.objects.of(shop).filter(created_at__lte=now() - FILES_KEPT).exclude(stored_as="")
        for run in old.exclude(state=ImportRun.State.RUNNING):
            forget_file(run.stored_as)
            ImportRun.objects.of(shop).filter(pk=run.pk).update(stored_as="")
        old.filter(state=ImportRun.State.UPLOADED).delete()
        ImportRun.objects.of(shop).filter(state=ImportRun.State.UPLOADED, stored_as="").delete()
    _sweep_exports()


def _sweep_exports() -> None:
    """Delete what a worker left that was killed while it wrote: files that no export knows after a day."""
    limit = (now() - KEPT_FOR).timestamp()
    folder = private_path("exports")
    old = [path for path in folder.glob("*") if path.stat().st_mtime < limit] if folder.is_dir() else []
    known = set(
        ExportLog.objects.filter(stored_as__in=[f"exports/{path.name}" for path in old]).values_list(
            "stored_as", flat=True
        )
    )
    for path in old:
        if f"exports/{path.name}" not in known:
            path.unlink(missing_ok=True)
