"""How often Hypothesis tries where every example writes to the database."""

import os

TIMES = float(os.environ.get("REGULARS_EXAMPLES", "1"))


def examples(usual: int) -> int:
    """As many as in a usual run, times REGULARS_EXAMPLES: `make test-long` sets it to 10."""
    return max(1, round(usual * TIMES))
