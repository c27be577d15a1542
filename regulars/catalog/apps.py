"""The catalog floor in Django."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Loads what the floor declares when the house starts."""

    name = "regulars.catalog"
    label = "catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from regulars.catalog import (  # noqa: F401  checked, asked, heard, done, asked, undone
            checks,
            fields,
            handlers,
            jobs,
            predicates,
            undoing,
        )
