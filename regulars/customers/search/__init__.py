"""Finding customers by anything, in any spelling, as somebody types or as a list.

`texts` keeps the folded text of each customer, `terms` reads what was typed, `matching` answers for whole lists,
`finding` for the search box, `sources` lets upper floors add what they know (order numbers, payment references).
"""

from regulars.customers.search.finding import Hit, find
from regulars.customers.search.matching import matching, search_q
from regulars.customers.search.sources import search_source
from regulars.customers.search.texts import search_text, write_search_texts

__all__ = ["Hit", "find", "matching", "search_q", "search_source", "search_text", "write_search_texts"]
