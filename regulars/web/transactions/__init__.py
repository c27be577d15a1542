"""Transactions: the list of all money that moved, and the page of one movement with its story."""
