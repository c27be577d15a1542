"""Deleted segments wait before they are gone, so that deleting can be taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("segments", "0002_keys")]

    operations = [migrations.AddField("segment", "deleted_at", models.DateTimeField(null=True))]
