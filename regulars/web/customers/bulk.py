"""What is done to many customers at once."""

from typing import Any

from regulars.shops.models import Staff


def actions_for(staff: Staff) -> list[dict[str, Any]]:
    return []
