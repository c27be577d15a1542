"""How files of one layout are taken, and what an import would do."""

import django.db.models.deletion
import django.utils.timezone
import regulars.shops.scope
from regulars.kit.keys import ComposeKeys
from django.db import migrations, models


def _of_shop(to: str, on_delete: object = django.db.models.deletion.PROTECT, **more: object) -> models.ForeignKey:
    return regulars.shops.scope.ShopForeignKey(
        db_constraint=False, db_index=False, on_delete=on_delete, related_name="+", to=to, **more
    )


def _shop() -> models.ForeignKey:
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="shops.shop",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("shops", "0007_pausing"),
        ("transfer", "0003_export_sets"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportTemplate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("format", models.CharField(max_length=40)),
                ("header", models.CharField(max_length=64)),
                ("mapping", models.JSONField(default=list)),
                ("choices", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("shop", _shop()),
                ("staff", _of_shop("shops.staff", null=True)),
            ],
            options={
                "ordering": ["name", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "kind", "name"), name="import_template_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportTrial",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("told", models.CharField(help_text="digest of the options that were tried", max_length=64)),
                ("figures", models.JSONField(default=dict)),
                (
                    "rows",
                    models.JSONField(
                        default=dict, help_text="by outcome: new, changed, unchanged, rejected, doubtful"
                    ),
                ),
                (
                    "is_over",
                    models.BooleanField(default=False, help_text="whether all was tried that was to be tried"),
                ),
                ("is_whole", models.BooleanField(default=False, help_text="whether that was the whole file")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("shop", _shop()),
                ("run", _of_shop("transfer.importrun", django.db.models.deletion.CASCADE)),
                ("job_run", _of_shop("shops.jobrun", null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("shop", "run"), name="one_trial_a_run")],
            },
        ),
        ComposeKeys(only=["ImportTemplate", "ImportTrial"]),
    ]
