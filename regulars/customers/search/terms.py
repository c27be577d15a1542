"""What somebody typed into a search box, read once."""

from dataclasses import dataclass
from typing import Self

from django.db.models import Q

from regulars.kit.phones import query_digits
from regulars.kit.text import clean, fold, name_key, one_line, tokens

MOST_CHARACTERS = 200
MOST_WORDS = 8
SHORTEST_INSIDE = 3  # a trigram: anything shorter would be looked for in every customer's text


@dataclass(frozen=True, slots=True)
class Terms:
    """typed: cleaned, one line. words: folded, in the order typed. digits: how a phone may be stored, or none.

    key: what a name beginning like this has as its sort key.
    """

    typed: str
    words: tuple[str, ...]
    digits: tuple[str, ...]
    key: str

    @classmethod
    def of(cls, text: str, country: str | None) -> Self:
        typed = one_line(text)[:MOST_CHARACTERS]
        words = tokens(typed) or fold(typed).split()
        digits = query_digits(typed, country) or []
        return cls(typed, tuple(words[:MOST_WORDS]), tuple(digits), name_key(typed))

    @property
    def is_short(self) -> bool:
        """Only the beginnings of names and addresses are looked at: inside texts no index would help."""
        if self.digits:
            return False
        return (len(self.words) == 1 and len(self.words[0]) < SHORTEST_INSIDE) or not any(map(_has_letter, self.words))

    @property
    def spelled(self) -> list[str]:
        """The words with their accents, to see who is spelled exactly so."""
        return clean(self.typed).casefold().replace(",", " ").split()

    def inside(self, words: tuple[str, ...] | None = None) -> Q:
        """The condition on CustomerSearch.text: every word occurs (a short one: begins a word), or the number does."""
        if self.digits and words is None:
            return self._number_inside()
        question = Q()
        for word in self.words if words is None else words:
            question &= Q(text__contains=word if len(word) >= SHORTEST_INSIDE else f" {word}")
        return question

    def _number_inside(self) -> Q:
        written = "".join(self.typed.split()).casefold()  # tax codes and outside ids look like phones: 0101-234
        question = Q()
        for form in dict.fromkeys([*self.digits, written]):
            if len(form) >= SHORTEST_INSIDE:
                question |= Q(text__contains=form)
        return question


def _has_letter(word: str) -> bool:
    return any(character.isalnum() for character in word)
