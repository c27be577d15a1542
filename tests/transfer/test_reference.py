"""The reference of file formats says what the declarations say."""

from pathlib import Path

from regulars.transfer.reference import page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "formats.md"


class TestTheReference:
    def test_is_up_to_date(self):
        assert PAGE.read_text("utf-8") == page(), "python scripts/file_pages.py"
