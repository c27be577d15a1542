"""The transfer floor in Django."""

from django.apps import AppConfig


class TransferConfig(AppConfig):
    """Loads what the floor declares when the house starts."""

    name = "regulars.transfer"
    label = "transfer"
    default_auto_field = "django.db.models.BigAutoField"
