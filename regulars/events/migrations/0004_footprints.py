"""What batches leave of rows, and what those were before."""

from django.db import migrations, models

from regulars.kit.keys import ComposeKeys


class Migration(migrations.Migration):
    dependencies = [("events", "0003_event_of_segment")]

    operations = [
        migrations.CreateModel(
            name="Footprint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("shop_id", models.BigIntegerField()),
                ("batch_id", models.BigIntegerField()),
                ("row_id", models.BigIntegerField()),
                ("is_new", models.BooleanField()),
                ("what", models.CharField(db_collation="C", max_length=20)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("shop_id", "batch_id", "what", "row_id"), name="footprint_once")
                ],
            },
        ),
        ComposeKeys(only=["Footprint"]),
    ]
