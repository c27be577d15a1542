"""Writing many customers at once: for files, orders, demo data and everything done to a selection.

One statement a table and batch instead of one a customer; every change leaves its event, with old and new.
"""

from regulars.customers.bulk.creating import Arrival, create_many, create_or_find_many

__all__ = ["Arrival", "create_many", "create_or_find_many"]
