"""The background work of files."""

from datetime import timedelta

from django.utils.timezone import now

from regulars.customers.actions import undo_needs
from regulars.kit.jobs import every
from regulars.shops.models import Shop
from regulars.shops.permissions import Permission
from regulars.shops.work import work
from regulars.transfer.exports import export_ended, write_export
from regulars.transfer.files import forget_file, private_path
from regulars.transfer.imports import import_ended, import_next_batch
from regulars.transfer.models import ExportLog, ImportRun

FILES_KEPT = timedelta(days=7)

undo_needs("import", Permission.IMPORT)
work("import", ended=import_ended)(import_next_batch)
work("export", ended=export_ended)(write_export)


@every("17 * * * *")
def purge_expired() -> None:
    """Delete files nobody may fetch any more: exports after 24 hours, uploads a week after they were given to us.

    What the runs and the export log say of them stays. An upload that was never started is forgotten whole.
    """
    for shop in Shop.objects.all():
        for log in ExportLog.objects.of(shop).filter(expires_at__lte=now()).exclude(stored_as=""):
            private_path(log.stored_as).unlink(missing_ok=True)
            ExportLog.objects.of(shop).filter(pk=log.pk).update(stored_as="")
        old = ImportRun.objects.of(shop).filter(created_at__lte=now() - FILES_KEPT).exclude(stored_as="")
        for run in old.exclude(state=ImportRun.State.RUNNING):
            forget_file(run.stored_as)
            ImportRun.objects.of(shop).filter(pk=run.pk).update(stored_as="")
        old.filter(state=ImportRun.State.UPLOADED).delete()
        ImportRun.objects.of(shop).filter(state=ImportRun.State.UPLOADED, stored_as="").delete()
