"""The words of the four countries the demo shop sells to: names, places, companies, notes.

Own lists: what generators offer has Vietnamese names in the wrong order and no Philippine mobiles.
"""

from regulars.transfer.demo.words.country import Country, Place
from regulars.transfer.demo.words.indonesia import INDONESIA
from regulars.transfer.demo.words.philippines import PHILIPPINES
from regulars.transfer.demo.words.romania import ROMANIA
from regulars.transfer.demo.words.vietnam import VIETNAM

COUNTRIES: tuple[Country, ...] = (VIETNAM, PHILIPPINES, INDONESIA, ROMANIA)
"""In the order that `Country.share` and every list by country follow."""

__all__ = ["COUNTRIES", "Country", "Place"]
