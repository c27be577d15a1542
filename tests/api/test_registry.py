"""The registry for programs: what can be asked."""

import pytest

from regulars.customers.fields import context_for, customer_fields
from tests.api.asking import problem, program
from tests.factories import create_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return create_shop("Here")


def names(told):
    return {field["name"] for field in told["fields"]}


class TestTheRegistry:
    def test_tells_every_field(self, shop):
        told = program(shop).ask("/fields")

        for_people = {field.name for field in customer_fields if field.needs == "customers.notes"}
        assert names(told["customers"]) == {field.name for field in customer_fields} - for_people
        [gender] = [field for field in told["customers"]["fields"] if field["name"] == "gender"]
        assert (gender["kind"], gender["sortable"], gender["filterable"]) == ("choice", True, True)
        assert "=" in gender["operators"] and "IS NULL" in gender["operators"]
        assert {"value": "female", "label": "Female"} in gender["options"]

    def test_tells_what_happens_to_customers_with_its_parameters(self, shop):
        told = program(shop).ask("/fields")["customers"]["events"]

        known = customer_fields.predicates(context_for(shop))
        assert [event["name"] for event in told] == [one.name for one in known]
        assert all(event["parameters"] for event in told)

    def test_leaves_out_what_the_scopes_do_not_reach(self, shop):
        told = program(shop, "customers.read").ask("/fields")

        assert "email" in names(told["customers"])
        assert not {"orders", "debt", "total_spent"} & names(told["customers"])
        assert told["orders"] == {"fields": [], "events": []}

    @pytest.mark.parametrize("scope", ["events.write", "segments.read"])
    def test_is_not_for_keys_that_read_no_rows(self, shop, scope):
        problem(program(shop, scope).get("/fields"), 403, "api.scope_missing")

    def test_says_only_what_works(self, shop):
        till = program(shop)

        for name, told in till.ask("/fields").items():
            for field in told["fields"]:
                assert till.get(f"/{name}", fields=field["name"]).status_code == 200
                if field["sortable"]:
                    assert till.get(f"/{name}", sort=f"-{field['name']}").status_code == 200
                if "IS NULL" in field["operators"]:
                    assert till.get(f"/{name}", where=f"{field['name']} IS NULL").status_code == 200
