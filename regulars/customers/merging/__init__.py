"""Two to five customers become one, and several again exactly as they were (docs/decisions/0006-merging.md)."""

from regulars.customers.leading import family_ids, leads_to, living
from regulars.customers.merging.joining import MOST, merge
from regulars.customers.merging.parting import Edit, came_since, edits_since, moved_rows, newest_merge, unmerge

__all__ = [
    "MOST",
    "Edit",
    "came_since",
    "edits_since",
    "family_ids",
    "leads_to",
    "living",
    "merge",
    "moved_rows",
    "newest_merge",
    "unmerge",
]
