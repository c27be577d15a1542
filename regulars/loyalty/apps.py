"""The loyalty floor in Django."""

from django.apps import AppConfig


class LoyaltyConfig(AppConfig):
    """Loads what the floor declares when the house starts."""

    name = "regulars.loyalty"
    label = "loyalty"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from regulars.loyalty import (  # noqa: F401  done, checked, asked, forgotten, heard, woken, moved, told, undone
            actions,
            checks,
            fields,
            forgetting,
            handlers,
            jobs,
            merging,
            timeline,
            undoing,
        )
