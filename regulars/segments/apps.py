"""The segments floor in Django."""

from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    """Loads what the floor declares when the house starts."""

    name = "regulars.segments"
    label = "segments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from regulars.segments import (  # noqa: F401  done, asked, heard, done, moved, told
            actions,
            fields,
            handlers,
            jobs,
            merging,
            timeline,
        )
