"""Every shop is alone, in the tables too."""

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from regulars.customers.models import Customer
from regulars.kit.keys import foreign_key_name
from regulars.shops.scope import ShopForeignKey, ShopModel
from tests.factories import create_customer, create_shop

OURS = [config for config in apps.get_app_configs() if config.name.startswith("regulars.")]
SHARED = {"shops.User", "shops.Shop"}
MODELS = [model for config in OURS for model in config.get_models()]
OWNED = [model for model in MODELS if model._meta.label not in SHARED]


def names(models_):
    return [model._meta.label for model in models_]


@pytest.mark.parametrize("model", OWNED, ids=names(OWNED))
class TestEveryShopOwnedTable:
    def test_has_a_shop(self, model):
        column = model._meta.get_field("shop" if issubclass(model, ShopModel) else "shop_id")

        assert column.column == "shop_id"
        assert not column.null

    def test_points_at_shop_owned_tables_only_inside_the_shop(self, model):
        loose = [
            field.name
            for field in model._meta.local_fields
            if isinstance(field, models.ForeignKey)
            and issubclass(field.related_model, ShopModel)
            and not isinstance(field, ShopForeignKey)
        ]

        assert loose == []

    def test_has_no_many_to_many(self, model):
        assert model._meta.local_many_to_many == []

    def test_keeps_unique_things_unique_inside_the_shop(self, model):
        fields = [c.fields for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]

        assert [f for f in fields if not f or f[0] not in ("shop", "shop_id")] == []
        assert [f.name for f in model._meta.local_fields if f.unique and not f.primary_key] == []

    @pytest.mark.django_db
    def test_is_keyed_and_indexed_by_shop_first(self, model):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT i.relname, a.attname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
                "JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0] "
                "WHERE x.indrelid = %s::regclass",
                [model._meta.db_table],
            )
            first = dict(cursor.fetchall())

        assert first, "a table needs a key"
        assert {name: column for name, column in first.items() if column != "shop_id"} == {}

    @pytest.mark.django_db
    def test_has_the_composite_constraints_behind_its_references(self, model):
        wanted = {
            foreign_key_name(model, field) for field in model._meta.local_fields if isinstance(field, ShopForeignKey)
        }
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f' "
                "AND array_length(conkey, 1) = 2",
                [model._meta.db_table],
            )
            found = {name for (name,) in cursor.fetchall()}

        assert wanted <= found


@pytest.mark.django_db
class TestARow:
    def test_cannot_point_at_another_shop(self):
        here, there = create_shop("Here"), create_shop("There")
        stranger = create_customer(there, name="Stranger")
        ann = create_customer(here, name="Ann")

        with pytest.raises(IntegrityError), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("UPDATE customers_customer SET referred_by_id = %s WHERE id = %s", [stranger.pk, ann.pk])

    def test_never_moves_to_another_shop(self):
        here, there = create_shop("Here"), create_shop("There")
        ann = create_customer(here, name="Ann")

        ann.shop = there
        with pytest.raises(DatabaseError), transaction.atomic():
            ann.save(force_update=True)

        assert Customer.objects.get(pk=ann.pk).shop_id == here.pk


@pytest.mark.django_db
@pytest.mark.parametrize("model", [m for m in OWNED if issubclass(m, ShopModel)], ids=lambda m: m._meta.label)
def test_a_row_cannot_belong_to_a_shop_that_does_not_exist(model):
    """By its own reference to the shop, or by one that is never empty to a row of the shop."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'", [model._meta.db_table]
        )
        found = {name for (name,) in cursor.fetchall()}
    sure = [f for f in model._meta.local_fields if isinstance(f, ShopForeignKey) and not f.null]
    wanted = [foreign_key_name(model, field) for field in [*sure, model._meta.get_field("shop")]]

    assert found & set(wanted)
