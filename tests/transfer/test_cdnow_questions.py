"""Real purchases, asked in every place a question can be asked: one count everywhere, and it is the right one.

What is right is counted in plain Python from the lines of the sample itself.
"""

import csv
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from django.test import override_settings
from django.urls import reverse

from regulars.runtime.cli import cli
from regulars.shops.models import Shop, Staff
from regulars.transfer.cdnow import convert
from regulars.transfer.columns import CUSTOMER_COLUMNS
from regulars.transfer.commands import import_file
from tests.api.asking import Program, program
from tests.factories import create_staff
from tests.house.asking import signed_in
from tests.transfer.conftest import SAMPLES, make_shop

pytestmark = pytest.mark.django_db
SAMPLE = SAMPLES / "transactions" / "CDNOW_sample.txt"


class Bought(NamedTuple):
    """One line of the sample."""

    day: date
    discs: int
    cents: int


Purchases = list[Bought]


def spent(them: Purchases) -> int:
    return sum(one.cents for one in them)


def average(them: Purchases) -> int:
    """In cents, rounded as money is."""
    return (2 * spent(them) + len(them)) // (2 * len(them))


def within(them: Purchases, first: str, last: str = "9999-12-31") -> Purchases:
    return [one for one in them if first <= one.day.isoformat() <= last]


def last_on(them: Purchases) -> str:
    return max(one.day for one in them).isoformat()


def first_on(them: Purchases) -> str:
    return min(one.day for one in them).isoformat()


QUESTIONS: dict[str, Callable[[Purchases], Any]] = {
    "": lambda them: True,
    "orders >= 5": lambda them: len(them) >= 5,
    "number_of_orders = 1": lambda them: len(them) == 1,
    "total_spent > 100": lambda them: spent(them) > 100_00,
    "amount_spent BETWEEN 50 AND 99.99": lambda them: 50_00 <= spent(them) <= 99_99,
    "average_order < 20": lambda them: average(them) < 20_00,
    "first_order_date <= 1997-01-31": lambda them: first_on(them) <= "1997-01-31",
    "last_order_date >= 1998-06-01T00:00": lambda them: last_on(them) >= "1998-06-01",
    "last_order_date < 1997-04-01 AND orders >= 2": lambda them: last_on(them) < "1997-04-01" and len(them) >= 2,
    "orders_placed MATCHES (date BETWEEN 1997-12-01 AND 1997-12-31)": lambda them: within(
        them, "1997-12-01", "1997-12-31"
    ),
    "orders_placed(date: BETWEEN 1998-01-01 AND 1998-06-30, count: >= 3) = true": lambda them: (
        len(within(them, "1998-01-01", "1998-06-30")) >= 3
    ),
    "orders_placed NOT MATCHES (date >= 1997-04-01)": lambda them: not within(them, "1997-04-01"),
    "orders_placed MATCHES (date >= 1998-01-01, sum_amount > 200)": lambda them: (
        spent(within(them, "1998-01-01")) > 200_00
    ),
    "orders_placed MATCHES (date >= 1998-01-01, count = 0)": lambda them: not within(them, "1998-01-01"),
    "orders_placed MATCHES (date < 1997-07-01, amount > 100)": lambda them: any(
        one.cents > 100_00 for one in within(them, "", "1997-06-30")
    ),
    "orders_placed MATCHES (amount = 0)": lambda them: any(one.cents == 0 for one in them),
    "products_purchased MATCHES (quantity >= 10)": lambda them: any(one.discs >= 10 for one in them),
    "products_purchased(name: 'CD', date: >= 1997-06-01, sum_quantity: >= 20) = true": lambda them: (
        sum(one.discs for one in within(them, "1997-06-01")) >= 20
    ),
    "orders >= 3 AND (total_spent > 200 OR orders_placed MATCHES (amount >= 80))"
    " AND NOT (last_order_date < 1998-01-01 OR (first_order_date >= 1997-03-01 AND average_order < 15))": lambda them: (
        len(them) >= 3
        and (spent(them) > 200_00 or any(one.cents >= 80_00 for one in them))
        and not (last_on(them) < "1998-01-01" or (first_on(them) >= "1997-03-01" and average(them) < 15_00))
    ),
}


def sample() -> dict[str, Purchases]:
    """The purchases of each customer, by the sample's own number."""
    bought: dict[str, Purchases] = defaultdict(list)
    for line in SAMPLE.read_text("ascii").splitlines():
        _master, customer, day, discs, dollars = line.split()
        on = datetime.strptime(day, "%Y%m%d").date()
        bought[customer].append(Bought(on, int(discs), round(float(dollars) * 100)))
    return bought


class Kept(NamedTuple):
    """The sample as it was bought, and as it was imported."""

    bought: dict[str, Purchases]
    shop: Shop
    owner: Staff
    key: Program

    def right(self, where: str) -> set[str]:
        """The sample's numbers of those who answer."""
        return {customer for customer, them in self.bought.items() if QUESTIONS[where](them)}


@pytest.fixture(scope="module")
def kept(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Kept]:
    folder = tmp_path_factory.mktemp("cdnow")
    with override_settings(FILES_ROOT=folder / "files"), django_db_blocker.unblock(), transaction.atomic():
        shop = make_shop("cds", "US", "USD", timezone="America/New_York")
        orders = folder / "orders.csv"
        convert(SAMPLE, orders)
        import_file("orders", orders, shop)
        yield Kept(sample(), shop, create_staff(shop, role="owner"), program(shop))
        transaction.set_rollback(True)


def command(*words: str) -> dict[str, Any]:
    done = CliRunner().invoke(cli, [*words, "--json"], catch_exceptions=False)

    assert done.exit_code == 0, done.output
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def exported(where: str, path: Path) -> list[str]:
    """The customers' own numbers in a file that was written for the question."""
    command("export", "customers", "--shop", "cds", "--where", where, "-o", str(path))
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[CUSTOMER_COLUMNS["external_id"].header] for row in csv.DictReader(file)]


@pytest.mark.parametrize("where", QUESTIONS)
def test_every_place_gives_the_count_of_the_sample(kept, where, tmp_path):
    right = kept.right(where)
    page = signed_in(kept.owner).get(
        reverse("customers_count", args=[kept.shop.slug]),
        {"where": where},
        headers={"HX-Request": "true", "HX-Target": "p#list-figures"},
    )

    assert len(right) > 0
    assert command("customers", "--shop", "cds", "--where", where, "--count")["count"] == len(right)
    assert kept.key.ask("/customers/count", where=where)["count"] == len(right)
    assert f"{len(right):,} " in page.content.decode()
    rows = exported(where, tmp_path / "customers.csv")
    assert len(rows) == len(right)
    assert set(rows) == right


def test_the_rows_of_the_command_line_and_of_the_api_are_the_same(kept):
    where = "total_spent > 500 AND orders >= 5"
    listed = command("customers", "--shop", "cds", "--where", where, "--limit", "1000")
    asked = kept.key.all_of("/customers", "customers", where=where)

    assert listed["customers"] == asked
    assert len(asked) == listed["count"] == len({row["id"] for row in asked}) > 1


def test_plain_sql_says_the_same(kept):
    where = "orders_placed MATCHES (date >= 1998-01-01, sum_amount > 200)"
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM (
                 SELECT customer_id FROM orders_order
                 WHERE shop_id = %s AND (placed_at AT TIME ZONE 'America/New_York')::date >= '1998-01-01'
                 GROUP BY customer_id HAVING sum(total) > 20000) big""",
            [kept.shop.pk],
        )
        (count,) = cursor.fetchone()

    assert (
        count == command("customers", "--shop", "cds", "--where", where, "--count")["count"] == len(kept.right(where))
    )
