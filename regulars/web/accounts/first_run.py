"""What the first run shows and guesses."""

import re

from django.http import HttpRequest
from django.utils.translation import gettext as _

from regulars.kit import countries

USUAL = "VN"
_HOMES = {"vi": "VN", "id": "ID", "fil": "PH", "tl": "PH", "ro": "RO"}


def steps() -> list[str]:
    """The four steps, in the reader's language."""
    return [_("Your account"), _("The shop"), _("Customers"), _("Done")]


def country_of(request: HttpRequest) -> str:
    """The country (ISO 3166 code) a browser's first languages speak of: "en-PH" and "fil" are both the Philippines."""
    tags = re.findall(r"([a-z]{2,3})(?:-([A-Z]{2}))?\b", request.headers.get("Accept-Language", "")[:200])
    homes = [_HOMES.get(language) or (region if region in _SHOPS else "") for language, region in tags]
    return next(filter(None, homes), USUAL)


# "en-US" is what English browsers say wherever they stand, so it tells nothing.
_SHOPS = frozenset(countries.codes()) - {"US", "GB"}
