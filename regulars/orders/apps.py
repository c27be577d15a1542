"""The orders floor in Django."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Loads what the floor declares when the house starts."""

    name = "regulars.orders"
    label = "orders"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from regulars.orders import (  # noqa: F401  checked, asked, asked, heard, done, asked, found, told
            checks,
            debt_fields,
            fields,
            handlers,
            jobs,
            predicates,
            search,
            timeline,
        )
