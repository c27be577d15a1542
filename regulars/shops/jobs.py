"""The shops' background jobs; the worker looks for them here."""

from regulars.kit.jobs import every
from regulars.shops.operations.notifications import remove_old_notifications
from regulars.shops.work import carry_on, end_lost_runs

__all__ = ["carry_on", "end_lost_runs", "forget_old_notifications"]


@every("41 3 * * *")
def forget_old_notifications() -> None:
    """Remove what was read 90 days ago, or said then and never read."""
    remove_old_notifications()
