"""Payments keep the name under which staff recorded them, even when their source names them later."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_moved_orders")]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="by_hand",
            field=models.CharField(
                blank=True,
                db_collation="C",
                db_default="",
                default="",
                help_text="the name under which staff recorded it here",
                max_length=100,
            ),
        ),
        migrations.RunSQL(
            "UPDATE orders_payment SET by_hand = external_id WHERE starts_with(external_id, 'by-hand:')",
            migrations.RunSQL.noop,
        ),
    ]
