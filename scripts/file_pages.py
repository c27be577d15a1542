"""Writes the pages about files from the declarations: docs/reference/formats.md and docs/guide/sources/*.md."""

import os
from pathlib import Path

import django

DOCS = Path(__file__).resolve().parent.parent / "docs"
SOURCES = DOCS / "guide/sources"
INDEX = "README.md"


def main() -> None:
    """Write them; what people wrote around the tables of a source stays."""
    from regulars.transfer import reference
    from regulars.transfer.source_pages import renewed, renewed_index

    (DOCS / "reference/formats.md").write_text(reference.page(), "utf-8")
    pages = {path.name: renewed(path.read_text("utf-8")) for path in SOURCES.glob("*.md") if path.name != INDEX}
    index = renewed_index((SOURCES / INDEX).read_text("utf-8"), pages)
    for name, text in {**pages, INDEX: index}.items():
        (SOURCES / name).write_text(text, "utf-8")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.config.settings")
    django.setup()
    main()
