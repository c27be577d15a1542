"""Invented customers and orders: a shop that looks lived in, or one as large as the measurements need.

`load` is all that others call. People are made in Python (`people`, `rows`), orders inside PostgreSQL (`trade`,
`ledger`); `habits` says when, where and how much, `words` in which words.
"""

from regulars.transfer.demo.loading import load

__all__ = ["load"]
