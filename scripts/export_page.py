"""Writes docs/reference/exports.md from the declarations. Opens the data folder: some fields ask what a shop has."""

from pathlib import Path

from regulars.runtime.house import open_house

TARGET = Path(__file__).resolve().parent.parent / "docs/reference/exports.md"

if __name__ == "__main__":
    with open_house():
        from regulars.transfer.outgoing.reference import page

        TARGET.write_text(page(), "utf-8")
