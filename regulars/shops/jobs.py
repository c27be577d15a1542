"""The shops' background jobs; the worker looks for them here."""

from regulars.shops.work import carry_on, end_lost_runs

__all__ = ["carry_on", "end_lost_runs"]
