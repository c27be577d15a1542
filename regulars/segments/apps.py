"""The segments floor in Django."""

from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    """Loads what the floor declares when the house starts."""

    name = "regulars.segments"
    label = "segments"
    default_auto_field = "django.db.models.BigAutoField"
