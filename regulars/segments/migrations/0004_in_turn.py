"""Those who wait are rows of many, no longer a row each."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("segments", "0003_deleted")]

    operations = [
        migrations.RemoveIndex("pending", "pending_in_turn"),
        migrations.AddField("pending", "customer_ids", ArrayField(models.BigIntegerField(), default=list), preserve_default=False),
        migrations.RunSQL("UPDATE segments_pending SET customer_ids = ARRAY[customer_id]", migrations.RunSQL.noop),
        migrations.RemoveField("pending", "customer_id"),
        migrations.RemoveField("pending", "at"),
    ]
