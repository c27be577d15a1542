"""What other systems reported last."""

import django.db.models.deletion
from django.db import migrations, models

from regulars.kit.keys import ComposeKeys


class Migration(migrations.Migration):
    initial = True

    dependencies = [("shops", "0008_notifications")]

    operations = [
        migrations.CreateModel(
            name="LastReport",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("channel", models.CharField(db_collation="C", max_length=40)),
                ("external_id", models.CharField(db_collation="C", max_length=100)),
                ("at", models.DateTimeField(help_text="when the system last changed what it reported")),
                ("is_gone", models.BooleanField(default=False, help_text="deleted there, which is final")),
                (
                    "shop",
                    models.ForeignKey(
                        db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT,
                        related_name="+", to="shops.shop",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="lastreport",
            constraint=models.UniqueConstraint(fields=("shop", "channel", "external_id"), name="last_report_once"),
        ),
        migrations.AddConstraint(
            model_name="lastreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("external_id", ""), _negated=True), name="last_report_of_somebody"
            ),
        ),
        ComposeKeys(),
    ]
