"""T82, T-FUZZ-3: what went out comes in again without a change, in every format, language and currency."""

import json
from datetime import datetime
from decimal import Decimal
from itertools import count

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.customers.operations import set_credit_limit
from regulars.events.record import Actor
from regulars.kit.errors import DomainError
from regulars.shops.work import carry_on
from regulars.transfer.commands import export_rows
from regulars.transfer.files import chunks_of
from regulars.transfer.imports import configure, stage, start
from tests.examples import examples
from tests.factories import create_customer, create_staff
from tests.transfer.conftest import SAMPLES, make_shop

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()

WAYS = [
    {"format": "csv"},
    {"format": "csv", "delimiter": ";", "encoding": "utf-8"},
    {"format": "csv", "delimiter": "\t", "encoding": "utf-16-le"},
    {"format": "xlsx"},
]
SHOPS = [("en", "PH", "PHP"), ("vi", "VN", "VND"), ("id", "ID", "IDR"), ("ro", "RO", "RON"), ("fil", "KW", "KWD")]

NAMES = [
    "Cruz, Juan", 'Ann "Bo" Lee', "😀 Đào", "=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''=1", "'quoted", "＝1", "-5 %",
    "0012", "Nguyễn Thị Đào", "Ștefan Țîrlea", "a;b\tc", "1,5", "TRUE", "2026-01-02", "_x000D_", "<b>&amp;</b>", "\\N",
]  # fmt: skip


def written(shop, path, **way):
    """All customers as a file that is made in the shop's language."""
    with translation.override(shop.language):
        export_rows(shop, output=path, by=SYSTEM, **way)
    return path


def told(shop, path):
    """What bringing the file in did, when it may overwrite everything."""
    with translation.override(shop.language), path.open("rb") as file:
        run = stage(shop, "customers", chunks_of(file), path.name)
        configure(run, policy="overwrite")
        job = start(run)
        carry_on(shop_id=shop.pk, run_id=job.pk)
    run.refresh_from_db()
    changed = dict(run.report.get("changed", {}))
    return {"changed": changed, "figures": (run.created, run.updated, run.unchanged, run.rejected)}


def person(n, name):
    """Somebody of whom everything is known."""
    return {
        "name": name, "email": f"n{n}@example.com", "phone": f"+63917123{4000 + n}", "company": name, "gender": "F",
        "birthday": ("1990-05-17", "--02-29")[n % 2], "country": "PH", "tags": 'vip, =cmd, "late, often"',
        "accepts_email": ("yes", "no", "")[n % 3], "address1": name, "city": "Makati", "recipient": name,
        "address_phone": "0917 000 0000", "account_state": "registered", "registered_at": "2026-01-02 03:04:05.678",
        "created_at": "2025-10-26 03:30:15.25", "external_id": f"00{n}", "group": "Wholesale", "referrer": "Uncle Bo",
        "status": "Contacted", "language": "fil", "referral_code": f"FRIEND{n}",
    }  # fmt: skip


@pytest.mark.parametrize("way", WAYS[::3], ids=lambda way: way["format"])
def test_several_people_responsible_come_back_in_their_order(way, tmp_path):
    shop = make_shop("ph", language="en", country="PH", currency="PHP")
    mia, leo = (create_staff(shop, name=name) for name in ("Mia", "Leo"))
    ann = create_customer(shop, name="Ann", staff=f"{leo.user.email}, {mia.user.email}")

    path = written(shop, tmp_path / f"people.{way['format']}", **way)

    assert told(shop, path)["figures"] == (0, 0, 1, 0)
    ann.refresh_from_db()
    assert ann.responsible_ids == [leo.pk, mia.pk]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(way.values()))
@pytest.mark.parametrize("customs", SHOPS, ids="-".join)
def test_changes_nothing(customs, way, tmp_path):
    language, country, currency = customs
    shop = make_shop(language=language, country=country, currency=currency, timezone="Europe/Bucharest")
    create_staff(shop)
    for n, name in enumerate(NAMES):
        set_credit_limit(create_customer(shop, **person(n, name)), Decimal(1234 * n), by=SYSTEM)
    create_customer(shop, name="Masked", email="not an address", phone="+63 917 xxx xxxx")
    first = written(shop, tmp_path / f"first.{way['format']}", **way)

    answer = told(shop, first)
    second = written(shop, tmp_path / f"second.{way['format']}", **way)

    assert answer == {"changed": {}, "figures": (0, 0, len(NAMES) + 1, 0)}
    if way["format"] == "csv":
        assert second.read_bytes() == first.read_bytes()


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_holds_for_naughty_strings(shop, tmp_path, format):
    naughty = json.loads((SAMPLES / "strings" / "blns.json").read_text("utf-8"))
    for n, text in enumerate(naughty):
        create_customer(shop, name=text, company=text, address1=text, email=f"n{n}@x.io")
    path = written(shop, tmp_path / f"all.{format}", format=format)

    assert told(shop, path) == {"changed": {}, "figures": (0, 0, len(naughty), 0)}


def test_of_clocks_set_back_changes_nothing(tmp_path):
    """01:30 comes twice that night; a workbook knows no zones and cannot say which of the two it was."""
    shop = make_shop(country="RO", currency="RON", timezone="Europe/Bucharest")
    for offset in ("+03:00", "+02:00"):
        create_customer(shop, name=offset, account_state="registered", registered_at=f"2025-10-26T03:30:00{offset}")

    path = written(shop, tmp_path / "all.xlsx", format="xlsx")

    assert told(shop, path) == {"changed": {}, "figures": (0, 0, 2, 0)}


_shops = count(1)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
FREE = (
    "company", "given_name", "family_name", "referrer", "address1", "city", "region", "postal_code", "recipient",
    "external_id", "zalo_id", "tax_code",
)  # fmt: skip
RAW = st.fixed_dictionaries(
    {"name": TEXTS.filter(str.strip), "email": st.integers(0, 10**9).map("u{}@example.com".format)},
    optional={
        **dict.fromkeys(FREE, TEXTS),
        "tags": st.lists(TEXTS, max_size=3).map(", ".join),
        "phone": st.one_of(st.from_regex(r"\+63917[0-9]{7}", fullmatch=True), TEXTS),
        "gender": st.sampled_from(["F", "M", "other", "?"]),
        "birthday": st.one_of(st.dates().map(str), st.just("--05-17")),
        "country": st.sampled_from(["PH", "VN", "RO"]),
        "accepts_email": st.sampled_from(["yes", "no"]),
        "created_at": st.datetimes(datetime(1971, 1, 1), datetime(2025, 1, 1)).map(str),
    },
)  # fmt: skip


@given(people=st.lists(RAW, min_size=1, max_size=8, unique_by=lambda raw: raw["email"]), data=st.data())
@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_of_any_customer_that_is_taken_changes_nothing(tmp_path, people, data):
    shop = make_shop(f"shop-{next(_shops)}")
    taken = 0
    for raw in people:
        try:
            create_customer(shop, **{name: text for name, text in raw.items() if text})
            taken += 1
        except DomainError:
            pass
    way = data.draw(st.sampled_from(WAYS))
    path = written(shop, tmp_path / f"all.{way['format']}", **way)
    again = tmp_path / f"again.{way['format']}"

    answer = told(shop, path) if taken else {"changed": {}, "figures": (0, 0, 0, 0)}
    written(shop, again, **way)

    assert answer == {"changed": {}, "figures": (0, 0, taken, 0)}
    if way["format"] == "csv":
        assert again.read_bytes() == path.read_bytes()
