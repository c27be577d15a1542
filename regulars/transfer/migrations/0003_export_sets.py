"""Sets of fields for exports; how a CSV file was written."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import regulars.shops.scope
from regulars.kit.keys import ComposeKeys
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shops", "0006_leap_birthdays"),
        ("transfer", "0002_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="exportlog",
            name="delimiter",
            field=models.CharField(default=",", help_text="of CSV", max_length=1),
        ),
        migrations.AddField(
            model_name="exportlog",
            name="encoding",
            field=models.CharField(default="utf-8-sig", help_text="of CSV", max_length=10),
        ),
        migrations.CreateModel(
            name="ExportSet",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None),
                ),
                ("is_team", models.BooleanField(default=False, verbose_name="For the whole team")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "shop",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "staff",
                    regulars.shops.scope.ShopForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="shops.staff",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "staff", "kind", "name"), name="export_set_name")
                ],
            },
        ),
        ComposeKeys(only=["ExportSet"]),
    ]
