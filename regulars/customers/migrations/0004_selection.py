"""What a run over many customers is about, kept while it runs."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import regulars.shops.scope
from regulars.kit.keys import ComposeKeys


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_storage"),
        ("shops", "0002_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="SelectionPart",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField()),
                (
                    "customer_ids",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None),
                ),
                (
                    "run",
                    regulars.shops.scope.ShopForeignKey(
                        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE,
                        related_name="+", to="shops.jobrun",
                    ),
                ),
                ("shop", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="shops.shop"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "run", "position"), name="selection_part_once")
                ],
            },
        ),
        ComposeKeys(only=["SelectionPart"]),
    ]
