"""Those who wait are rows of many, no longer a row each."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0013_points")]

    operations = [
        migrations.RemoveIndex("tocompare", "to_compare_in_turn"),
        migrations.AddField("tocompare", "customer_ids", ArrayField(models.BigIntegerField(), default=list), preserve_default=False),
        migrations.RunSQL("UPDATE customers_tocompare SET customer_ids = ARRAY[customer_id]", migrations.RunSQL.noop),
        migrations.RemoveField("tocompare", "customer_id"),
    ]
