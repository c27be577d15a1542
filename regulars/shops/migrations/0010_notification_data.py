"""Finds notifications by what they are about."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models import F


class Migration(migrations.Migration):
    dependencies = [("shops", "0009_more_scopes")]

    operations = [
        migrations.AddIndex(
            "notification",
            GinIndex(F("shop"), OpClass(F("data"), name="jsonb_path_ops"), name="notification_data"),
        ),
    ]
