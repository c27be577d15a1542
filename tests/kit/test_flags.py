"""Yes and no in five languages."""

import pytest

from regulars.kit.flags import NO, YES, read_flag


@pytest.mark.parametrize("word", ["Yes", "TRUE", "1", "có", "Ya", "da", "Oo", " y ", "on."])
def test_takes_every_yes(word):
    assert read_flag(word) is True


@pytest.mark.parametrize("word", ["No", "false", "0", "không", "Tidak", "nu", "hindi", "off"])
def test_takes_every_no(word):
    assert read_flag(word) is False


@pytest.mark.parametrize("word", ["", "maybe", "yesterday", "2"])
def test_takes_nothing_else(word):
    assert read_flag(word) is None


def test_no_word_is_both():
    assert not set(YES.split(", ")) & set(NO.split(", "))
