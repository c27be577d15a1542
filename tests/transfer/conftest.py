"""A shop, its private files and short ways to import and look."""

from pathlib import Path

import pytest

from regulars.events.record import Actor
from regulars.shops.models import Shop
from regulars.shops.operations import create_shop

SAMPLES = Path(__file__).parent.parent / "samples"


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


def make_shop(slug: str = "kape", country: str = "PH", currency: str = "PHP", **more: str) -> Shop:
    more = {"timezone": "Asia/Manila", "language": "en"} | more
    return create_shop(slug.title(), slug=slug, country=country, currency=currency, by=Actor.system(), **more)


@pytest.fixture
def shop(db) -> Shop:
    return make_shop()
