"""The guide has a page for each program whose files are recognised, and says what the declarations say."""

import re
from pathlib import Path

import pytest

from regulars.transfer.formats import FORMATS
from regulars.transfer.source_pages import layouts_of, renewed, renewed_index

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
INDEX = GUIDE / "sources" / "README.md"
PAGES = {path.name: path.read_text("utf-8") for path in (GUIDE / "sources").glob("*.md") if path != INDEX}
COMMAND = "python scripts/file_pages.py"


def test_every_layout_has_one_page():
    told = [layout for page in PAGES.values() for layout in layouts_of(page)]

    assert sorted(told) == sorted(name for name, one in FORMATS.items() if not one.is_own)


def test_the_index_names_every_page_and_the_guide_links_them():
    assert INDEX.read_text("utf-8") == renewed_index(INDEX.read_text("utf-8"), PAGES), COMMAND
    importing = (GUIDE / "importing.md").read_text("utf-8")
    assert all(f"(sources/{name})" in importing for name in [*PAGES, INDEX.name])


@pytest.mark.parametrize("name", PAGES)
class TestAPage:
    def test_names_a_layout_that_exists(self, name):
        assert layouts_of(PAGES[name])

    def test_has_the_tables_of_its_layouts(self, name):
        assert PAGES[name] == renewed(PAGES[name]), COMMAND

    def test_says_how_what_and_what_not(self, name):
        parts = re.findall(r"^## (.+)$", PAGES[name], re.MULTILINE)

        assert parts == ["How to get the file", "What arrives", "What cannot"]
