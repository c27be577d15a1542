"""The reference of what goes out says what the declarations say."""

from pathlib import Path

import pytest

from regulars.transfer.outgoing.reference import page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "exports.md"


@pytest.mark.django_db
def test_is_up_to_date():
    assert PAGE.read_text("utf-8") == page(), "python scripts/export_page.py"
