"""The pages speak other languages, and say the same in them."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parents[2] / "regulars/locale"
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

    def test_says_nearly_everything(self, path):
        messages = catalogue(path)
        silent = [message.id for message in messages if not all(forms(message.string))]

        assert len(silent) <= len(messages) // 20, silent[:20]


def test_there_are_four_languages_beside_english():
    assert {path.parts[-3] for path in CATALOGUES} == {"fil", "id", "ro", "vi"}
