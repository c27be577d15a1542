"""Keys of programs, and a table that counts their use without waiting for the disk."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import regulars.shops.scope
from django.db import migrations, models

from regulars.kit.keys import ComposeKeys


class Migration(migrations.Migration):
    dependencies = [
        ("shops", "0004_cache"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("prefix", models.CharField(db_collation="C", max_length=48)),
                ("secret_hash", models.CharField(help_text="SHA-256 of the whole secret, hexadecimal", max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("customers.read", "Read customers, with their contact data"),
                                ("orders.read", "Read orders, and what customers spent"),
                                ("segments.read", "Read segments"),
                                ("events.write", "Send visits and viewed products"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                ("is_public", models.BooleanField(default=False)),
                (
                    "origins",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        default=list,
                        help_text="https://shop.example, no path",
                        size=None,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("last_used_at", models.DateTimeField(help_text="to the minute", null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "created_by",
                    regulars.shops.scope.ShopForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.staff",
                    ),
                ),
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
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="ApiUse",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("minute", models.BigIntegerField(help_text="minutes since 1970")),
                ("used", models.PositiveIntegerField()),
                (
                    "key",
                    regulars.shops.scope.ShopForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="shops.apikey",
                    ),
                ),
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
            ],
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.UniqueConstraint(fields=("shop", "prefix"), name="api_key_prefix"),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(("scopes__len__gt", 0)), name="api_key_is_for_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_public", False),
                    models.Q(("origins__len__gt", 0), ("scopes", ["events.write"])),
                    _connector="OR",
                ),
                name="api_key_public_only_sends",
            ),
        ),
        migrations.AddConstraint(
            model_name="apiuse",
            constraint=models.UniqueConstraint(fields=("shop", "key"), name="api_use_once"),
        ),
        ComposeKeys(only=["ApiKey", "ApiUse"]),
        migrations.RunSQL("ALTER TABLE shops_apiuse SET UNLOGGED", "ALTER TABLE shops_apiuse SET LOGGED"),
    ]
