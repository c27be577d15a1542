"""The data: how much of it there is, where it lies, how it comes there."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from regulars.runtime import postgres

SEED = 1
SHOP = "demo"

FILES_DATABASE = "bench_files"
"""Into which files are imported; gone when a run ends."""


@dataclass(frozen=True)
class Size:
    """How much data a run is made with, and how much it writes."""

    name: str
    customers: int
    orders: int
    import_customers: int
    import_orders: int
    recorded: int
    tagged: int


SIZES = {
    size.name: size
    for size in (
        Size("tiny", 300, 1_500, import_customers=400, import_orders=300, recorded=10, tagged=250),
        Size("small", 20_000, 200_000, import_customers=100_000, import_orders=100_000, recorded=1_000, tagged=10_000),
        Size("1m", 1_000_000, 10_000_000, import_customers=1_000_000, import_orders=200_000, recorded=1_000,
             tagged=100_000),
    )
}  # fmt: skip


def home_of(size: Size) -> Path:
    """Where the data of a size is kept from run to run: below BENCH_HOME, or a place for such things.

    Not the temporary folder: that may lie in memory, and a million customers need 15 GB.
    """
    if named := os.environ.get("BENCH_HOME"):
        return Path(named).absolute() / size.name
    if os.geteuid() == 0:  # the database server then runs as another user, who must be able to walk there
        return Path("/var/tmp/regulars-bench") / size.name
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(state).expanduser() / "regulars-bench" / size.name


def forget(size: Size) -> None:
    """Remove the data of a size, its database with it."""
    home = home_of(size)
    if home.exists():
        postgres.stop(home)
        shutil.rmtree(home)


def fill(size: Size) -> None:
    """Have the shop filled. A home that holds it is left as it is; half a load never stays (see transfer.demo)."""
    from regulars.customers.models import Customer
    from regulars.runtime.output import Progress
    from regulars.shops.models import Shop
    from regulars.transfer import demo

    shop = Shop.objects.filter(slug=SHOP).first()
    if shop and Customer.objects.of(shop).exists():
        return
    print(f"Making {size.customers:,} customers with {size.orders:,} orders in {home_of(size)}.", file=sys.stderr)
    with Progress() as progress:
        demo.load(SHOP, size.customers, size.orders, SEED, progress)
