"""Orders: the list and one order's page."""
