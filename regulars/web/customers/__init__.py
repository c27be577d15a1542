"""Customers: the list, one person's page, and what is done to many."""
