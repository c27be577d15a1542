"""The examples of docs/reference/api.md are run as they stand."""

import json
import re
import shlex
from pathlib import Path
from string import Template

import pytest

from regulars.customers.operations import add_field
from regulars.loyalty.operations import adjust_points
from regulars.segments.models import Membership, Segment
from regulars.shops.permissions import Scope
from tests.api.asking import create_key, create_order
from tests.factories import SYSTEM, create_customer, create_shop, create_staff
from tests.tasks.working import create_task

pytestmark = pytest.mark.django_db

TEXT = (Path(__file__).parents[2] / "docs/reference/api.md").read_text()
EXAMPLES = [line for block in re.findall(r"```sh\n(.*?)```", TEXT, re.S) for line in block.splitlines()]
HOST = "http://testserver"


@pytest.fixture
def words():
    """What stands for the words in capitals: a shop in which every example finds something."""
    shop = create_shop("Here", country="PH")
    ann = create_customer(shop, name="Ann", email="ann@example.com", tags="VIP", country="PH")
    order = create_order(ann, 150)
    adjust_points(ann, 100, note="Welcome", by=SYSTEM)
    vip = Segment.objects.create(shop=shop, key="vip", name="VIP", size=1)
    Membership.objects.update_or_create(shop=shop, customer=ann, defaults={"segment_ids": [vip.pk]})
    add_field(shop, "Shoe size", "number", by=SYSTEM)
    linh, other = create_staff(shop, name="Linh"), create_customer(shop, name="Anne")
    found = {"CUSTOMER": ann, "ORDER": order, "STAFF": linh, "OTHER": other, "TASK": create_task(linh)}
    return {"KEY": create_key(shop)[1], "SHOP": HOST, **{name: str(one.pk) for name, one in found.items()}}


def run(client, command):
    """What curl would do with the options that the examples use."""
    name, *given = shlex.split(command)
    assert name == "curl"
    headers, asked, body, url, as_get, method = {}, {}, None, "", False, "POST"
    while given:
        match given.pop(0):
            case "-G":
                as_get = True
            case "-H":
                headers.update([given.pop(0).split(": ", 1)])
            case "--data-urlencode":
                asked.update([given.pop(0).split("=", 1)])
            case "--json":
                body = given.pop(0)
            case "-X":
                method = given.pop(0)
            case address:
                url = address.removeprefix(HOST)
    assert as_get == bool(asked)
    if body is not None:
        return client.generic(method, url, body, content_type="application/json", headers=headers)
    return client.get(url, asked or None, headers=headers)


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_finds_something(client, words, example):
    response = run(client, Template(example).substitute(words))

    told = response.json()
    if "orderz" in example:
        assert (response.status_code, told["suggestion"]) == (422, "orders")
        return
    assert response.status_code in (200, 201, 202), told
    assert told.get("count", 1) >= 1
    assert told.get("problems", []) == []


def test_every_answer_in_the_page_is_json():
    answers = re.findall(r"```json\n(.*?)```", TEXT, re.S)

    assert len([json.loads(answer) for answer in answers]) == 3


def test_every_scope_is_explained():
    assert [scope for scope in Scope.values if f"| `{scope}` |" not in TEXT] == []
