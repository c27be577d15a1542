"""Nobody has tried to sign in yet."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def no_tries_yet():
    """Rate limits count from nothing in every test."""
    cache.clear()
