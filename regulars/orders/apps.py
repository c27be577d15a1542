"""The orders floor in Django."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Loads what the floor declares when the house starts."""

    name = "regulars.orders"
    label = "orders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from regulars.orders import (  # noqa: F401  shown, checked, asked, asked, heard, done, moved, asked, found, told, undone
            calendar,
            checks,
            debt_fields,
            fields,
            handlers,
            jobs,
            merging,
            predicates,
            search,
            timeline,
            undoing,
        )
