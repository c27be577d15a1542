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
            checking,
            consent_checks,
            elsewhere,
            handlers,
            household_fields,
            jobs,
            labels,
            leaving,
            more_fields,
            own_actions,
            own_fields,
            undo_trials,
        )
        from regulars.customers.likeness import jobs as likeness_jobs  # noqa: F401
        from regulars.customers.likeness import timeline as likeness_timeline  # noqa: F401
