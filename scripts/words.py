"""Collects the words of the pages from code and templates, merges them into the other languages' catalogues, compiles.

New messages stand in the catalogues without a translation until somebody writes one; `tests/house/test_words.py`
counts them.
"""

import io
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "regulars/locale"
KEYWORDS = ["_", "gettext_lazy", "gettext_noop", "ngettext:1,2"]
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: Regulars\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def collected() -> Catalog:
    """Every message that code and templates say."""
    with tempfile.NamedTemporaryFile(suffix=".pot") as file:
        words = [part for keyword in KEYWORDS for part in ("-k", keyword)]
        command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg", *words]
        subprocess.run([*command, "--no-location", "-o", file.name, "."], cwd=ROOT, check=True)
        return read_po(file)


def merge(path: Path, words: Catalog) -> None:
    """Bring one catalogue up to date; nothing is guessed, what nobody says any more goes."""
    language = path.parts[-3]
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    plurals = catalogue.plural_forms
    catalogue.update(words, no_fuzzy_matching=True)
    take_off_wrong_flags(catalogue)
    text = io.BytesIO()
    write_po(text, catalogue, width=118, omit_header=True, sort_output=True, ignore_obsolete=True, no_location=True)
    path.write_text(HEADER.format(language=language, plurals=plurals) + text.getvalue().decode().lstrip())


def take_off_wrong_flags(catalogue: Catalog) -> None:
    """A percent sign is no format: “20 % off” is taken for one with a blank and an octal number by its looks.

    Ours have names: %(count)s.
    """
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        if not any("%(" in one for one in ids):
            message.flags.discard("python-format")


def compile_all() -> None:
    """Write the .mo files that pages read; they are not kept in the repository."""
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parts[-3])
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalogue)


if __name__ == "__main__":
    if "--compile" not in sys.argv:
        words = collected()
        for path in sorted(LOCALES.glob("*/LC_MESSAGES/django.po")):
            merge(path, words)
    compile_all()
