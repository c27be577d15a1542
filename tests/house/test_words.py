"""The pages speak other languages, and say the same in them."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from scripts.words import take_off_wrong_flags

ROOT = Path(__file__).parents[2]
LOCALES = ROOT / "regulars/locale"
GETTEXT = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"})
CATALOGUES = sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"\{\w*\}|%\(\w+\)s|__\w+__")


def catalogue(path):
    with path.open("rb") as file:
        return [message for message in read_po(file, locale=path.parts[-3]) if message.id]


def forms(text):
    return text if isinstance(text, tuple | list) else (text,)


@pytest.mark.parametrize("path", CATALOGUES, ids=[path.parts[-3] for path in CATALOGUES])
class TestACatalogue:
    def test_keeps_every_placeholder(self, path):
        changed = [
            message.id
            for message in catalogue(path)
            for said in forms(message.string)
            if said
            and set(PLACEHOLDER.findall(said)) != set(PLACEHOLDER.findall(forms(message.id)[-1]))
            and set(PLACEHOLDER.findall(said)) != set(PLACEHOLDER.findall(forms(message.id)[0]))
        ]

        assert changed == []

    def test_keeps_the_blanks_around(self, path):
        changed = [
            message.id
            for message in catalogue(path)
            if isinstance(message.string, str)
            and message.string
            and (message.id[:1] == " ", message.id[-1:] == " ")
            != (message.string[:1] == " ", message.string[-1:] == " ")
        ]

        assert changed == []

    def test_takes_no_percent_sign_for_a_format(self, path):
        """As it is written: whoever reads it guesses anew."""
        entries = path.read_text("utf-8").split("\n\n")

        assert [one for one in entries if re.search(r"^#,.*python-format", one, re.MULTILINE) and "%(" not in one] == []

    def test_says_nearly_everything(self, path):
        messages = catalogue(path)
        silent = [message.id for message in messages if not all(forms(message.string))]

        assert len(silent) <= len(messages) // 20, silent[:20]


def test_collecting_words_takes_no_percent_sign_for_a_format():
    words = Catalog(locale="vi")
    for said in ("{percent} % off", "20 % more", "%(n)s % off"):
        words.add(said)

    take_off_wrong_flags(words)

    assert [message.id for message in words if message.id and "python-format" in message.flags] == ["%(n)s % off"]


def test_no_words_stand_inside_an_f_string():
    """There nobody collects them, and they stay English for everybody."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in ROOT.glob("regulars/**/*.py")
        for written in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(written, ast.JoinedStr)
        for call in ast.walk(written)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in GETTEXT
    ]

    assert hidden == []


def test_there_are_four_languages_beside_english():
    assert {path.parts[-3] for path in CATALOGUES} == {"fil", "id", "ro", "vi"}
