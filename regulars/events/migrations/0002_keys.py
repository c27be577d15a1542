"""Composite key: (shop_id, id)."""

from django.db import migrations

from regulars.kit.keys import ComposeKeys


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [ComposeKeys()]
