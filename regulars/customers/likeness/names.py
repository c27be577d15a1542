"""Names as they are compared: whole names, the same words in another order, slips of the finger."""

import re
from collections.abc import Iterator
from itertools import permutations

from rapidfuzz.distance import OSA

from regulars.kit.text import name_key

LONGEST = 60
"""Letters of a name in which slips are looked for; what is longer is no person's name."""

MOST_WORDS = 6
"""Of up to so many words every order is tried."""

SLIP_WORD = 4
"""Shorter words are other names, not slips: An and Anh, Hoa and Hoai."""

_WHOLE = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)+")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def whole_name(name: str) -> str:
    """The name folded, "" for a single word: half a country shares a given name."""
    key = name_key(name, 300)
    return key if len(key) <= 2 * LONGEST and _WHOLE.fullmatch(key) else ""


def words_key(whole: str) -> str:
    """The same for names that differ only in the order of their words."""
    words = whole.split(" ")
    return " ".join(sorted(words)) if len(words) <= MOST_WORDS else whole


def other_orders(whole: str) -> set[str]:
    """All names with this `words_key`."""
    words = whole.split(" ")
    return {" ".join(order) for order in permutations(words)} if len(words) <= MOST_WORDS else {whole}


def is_slip(one: str, other: str) -> bool:
    """Whether two whole names are one slip apart: a blank, or one letter of a longer word, never its first.

    A slip is a letter too many, too few or another, or two neighbours that changed places.
    """
    if max(len(one), len(other)) > LONGEST or OSA.distance(one, other, score_cutoff=1) != 1:
        return False
    return one.replace(" ", "") == other.replace(" ", "") or _slips(one.split(" "), other.split(" ")) == 1


def are_similar(one: str, other: str) -> bool:
    """Whether two whole names may be one name written carelessly: up to two slips, in any order of words."""
    if one.replace(" ", "") == other.replace(" ", ""):
        return True
    words = one.split(" "), other.split(" ")
    return 0 <= _slips(*words) <= 2 or 0 <= _slips(*map(sorted, words)) <= 2


def slips(whole: str) -> set[str]:
    """All names for which `is_slip` holds."""
    if len(whole) > LONGEST:
        return set()
    words = whole.split(" ")
    found = {" ".join((*words[:at], other, *words[at + 1 :])) for at, word in enumerate(words)
             for other in _word_slips(word)}  # fmt: skip
    found |= {other for other in _blank_slips(whole) if _WHOLE.fullmatch(other)}
    return {other for other in found if len(other) <= LONGEST} - {whole}


def shortened(whole: str) -> Iterator[str]:
    """The name without one of its letters or blanks: two names that are a slip apart meet in one of these."""
    last = ""
    for at, letter in enumerate(whole):
        if letter != last:
            yield whole[:at] + whole[at + 1 :]
        last = letter


def _slips(one: list[str], other: list[str]) -> int:
    """How many words differ by a slip; -1 when any differs by more, or there are not as many."""
    if len(one) != len(other):
        return -1
    differing = [(ours, theirs) for ours, theirs in zip(one, other, strict=True) if ours != theirs]
    return len(differing) if all(_is_word_slip(*pair) for pair in differing) else -1


def _is_word_slip(one: str, other: str) -> bool:
    is_long = min(len(one), len(other)) >= SLIP_WORD and one[0] == other[0]
    return is_long and one.isalpha() and other.isalpha() and OSA.distance(one, other, score_cutoff=1) == 1


def _word_slips(word: str) -> Iterator[str]:
    if not word.isalpha() or len(word) < SLIP_WORD:
        return
    for at in range(1, len(word) + 1):
        before, after = word[:at], word[at:]
        yield from (before + letter + after for letter in _LETTERS)
        if not after:
            continue
        yield from (before + letter + after[1:] for letter in _LETTERS if letter != after[0])
        if len(word) > SLIP_WORD:
            yield before + after[1:]
        if len(after) > 1 and after[0] != after[1]:
            yield before + after[1] + after[0] + after[2:]


def _blank_slips(whole: str) -> Iterator[str]:
    """A blank more, one less, or one that changed places with a letter beside it."""
    for at in range(1, len(whole)):
        yield whole[:at] + " " + whole[at:]
        if whole[at] == " ":
            yield whole[:at] + whole[at + 1 :]
            yield whole[: at - 1] + " " + whole[at - 1] + whole[at + 1 :]
            yield whole[:at] + whole[at + 1] + " " + whole[at + 2 :]
