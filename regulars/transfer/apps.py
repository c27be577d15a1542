"""The transfer floor in Django."""

from importlib import import_module

from django.apps import AppConfig


class TransferConfig(AppConfig):
    """Loads what the floor declares when the house starts."""

    name = "regulars.transfer"
    label = "transfer"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        outgoing = ("customers", "orders", "payments", "points", "logbook", "chain")
        for name in (*(f"outgoing.{part}" for part in outgoing), "jobs", "schedules"):
            import_module(f"regulars.transfer.{name}")
