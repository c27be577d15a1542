"""Who may be one person: found in bulk and as people change, weighed in one place, decided by the team."""

from regulars.customers.likeness.decisions import join_as_household, reopen, tell_apart
from regulars.customers.likeness.finding import running_search, start_finding
from regulars.customers.likeness.pairs import has_open_pairs, open_pairs, pairs_of
from regulars.customers.likeness.scoring import REASONS, SHOWN_FROM, Verdict, compare

__all__ = [
    "REASONS",
    "SHOWN_FROM",
    "Verdict",
    "compare",
    "has_open_pairs",
    "join_as_household",
    "open_pairs",
    "pairs_of",
    "reopen",
    "running_search",
    "start_finding",
    "tell_apart",
]
