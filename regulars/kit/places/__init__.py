"""Places of Vietnam, the Philippines, Indonesia and Romania, found by name in any usual spelling.

A level is called after the part of an address it is written in: `region`, `city`, `district`, `ward`.
"""

from regulars.kit.places.lists import OLD_VIETNAM, Unit, above, find, levels, suggest, unit, units
from regulars.kit.places.vietnam import Converted, converted, districts, old_provinces

__all__ = [
    "OLD_VIETNAM",
    "Converted",
    "Unit",
    "above",
    "converted",
    "districts",
    "find",
    "levels",
    "old_provinces",
    "suggest",
    "unit",
    "units",
]
