"""Pairs worth comparing: people who share something that few share."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

MOST = 20
"""Of an identifier that more people share nobody is suggested by it alone: it is no person's."""

MOST_AT_A_PHONE = 5
"""A phone that more people share is an office's."""

NAMESAKES = 5
"""A name that more people of one city or company have is a common one, and says nothing."""

SLIP_NAMESAKES = 3
"""A name that more people of one city have is no slip of another."""

Pair = tuple[int, int]
"""Two customers, the lower id first."""


@dataclass(slots=True)
class Blocks:
    """Collects pairs. of: only pairs with one of these, None for all.

    crowds: members of what became too common just now, because of those in `of`: what was found by it before no
    longer holds.
    """

    of: frozenset[int] | None = None
    pairs: set[Pair] = field(default_factory=set)
    crowds: set[int] = field(default_factory=set)

    def add(self, members: Collection[int], most: int) -> None:
        """People who share something."""
        if len(members) > most:
            self.crowd(members, most)
        elif len(members) > 1:
            self.pairs.update(pair for pair in combinations(sorted(members), 2) if self._is_asked(pair))

    def add_between(self, ours: Iterable[int], theirs: Sequence[int]) -> None:
        """People on either side of something."""
        self.pairs.update(
            pair
            for one in ours
            for other in theirs
            if one != other and self._is_asked(pair := (min(one, other), max(one, other)))
        )

    def crowd(self, members: Collection[int], most: int) -> None:
        """People who share what is too common."""
        if self.of is not None and len(self.of.intersection(members)) >= len(members) - most:
            self.crowds.update(members)

    def _is_asked(self, pair: Pair) -> bool:
        return self.of is None or not self.of.isdisjoint(pair)
