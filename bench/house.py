"""Everything a run needs: the filled house, its web server while pages are asked for, a plain connection beside it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bench import data
from bench.http import Browser, Server, session_cookie
from bench.rawsql import Raw
from bench.world import World
from regulars.runtime import postgres
from regulars.runtime.house import open_house

if TYPE_CHECKING:
    from regulars.shops.models import Shop, Staff

TIDIED = ("customers_customer", "customers_customersearch", "orders_order", "orders_line", "orders_payment")


class Bench:
    """What scenarios use. The web server runs from the first page asked for until `quiet`."""

    def __init__(self, size: data.Size, home: Path, dsn: str) -> None:
        self.size, self.home, self.dsn = size, home, dsn
        self.raw = Raw(dsn)
        self._server: Server | None = None
        self._browser: Browser | None = None

    @cached_property
    def shop(self) -> "Shop":
        return the_shop()

    @cached_property
    def owner(self) -> "Staff":
        """The shop's owner at work."""
        from regulars.runtime.people import owner_of
        from regulars.shops.models import Staff

        return Staff.objects.of(self.shop).select_related("shop", "user").get(user=owner_of(self.shop))

    @cached_property
    def world(self) -> World:
        from regulars.kit.money import exponent

        return World.of(self.raw, self.shop.pk, exponent(self.shop.currency))

    @property
    def server(self) -> Server:
        if self._server is None:
            self._server = Server(self.home / "server.log")
        return self._server

    @property
    def browser(self) -> Browser:
        """A signed-in browser."""
        if self._browser is None:
            self._browser = Browser(self.server.port, session_cookie(), f"/s/{self.shop.slug}/")
        return self._browser

    def quiet(self) -> None:
        """Stop the web server and the worker, so that nothing else is at work."""
        if self._browser:
            self._browser.close()
        if self._server:
            self._server.stop()
        self._browser = self._server = None

    def tidy(self) -> None:
        """What autovacuum does in time: earlier runs left dead rows, and counts live off the visibility map."""
        for table in TIDIED:
            self.raw.rows(f"VACUUM (ANALYZE) {table}")

    def forget_files(self) -> None:
        """Drop the database into which files were imported."""
        self.raw.rows(f"DROP DATABASE IF EXISTS {data.FILES_DATABASE} WITH (FORCE)")

    def close(self) -> None:
        self.quiet()
        self.forget_files()
        self.raw.close()


@contextmanager
def bench_of(size: data.Size) -> Iterator[Bench]:
    """The house of a size, filled at first use; its database runs inside the block with production settings."""
    home = data.home_of(size)
    os.environ["REGULARS_HOME"] = str(home)
    os.environ.pop("DATABASE_URL", None)
    with open_house():
        data.fill(size)
        bench = Bench(size, home, postgres.dsn(home))
        try:
            bench.tidy()
            yield bench
        finally:
            bench.close()


def the_shop() -> "Shop":
    from regulars.shops.models import Shop

    return Shop.objects.get(slug=data.SHOP)
