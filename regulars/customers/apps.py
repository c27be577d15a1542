"""The customers floor in Django."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Loads what the floor declares when the house starts."""

    name = "regulars.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from regulars.customers import (  # noqa: F401  background jobs; hears of new shops; declares
            bin,
            elsewhere,
            handlers,
            jobs,
            labels,
            more_fields,
        )
