"""Saved views of lists: the tabs above a list, and the pages that make and keep them."""
