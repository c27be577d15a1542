"""The tasks floor in Django."""

from django.apps import AppConfig


class TasksConfig(AppConfig):
    """Loads what the floor declares when the house starts."""

    name = "regulars.tasks"
    label = "tasks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from regulars.tasks import (  # noqa: F401  done, asked, heard, reminded of, shown, told
            actions,
            fields,
            handlers,
            jobs,
            own_layers,
            telling,
            timeline,
        )
