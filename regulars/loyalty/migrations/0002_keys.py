"""Composite keys: (shop_id, id), and references inside one shop."""

from django.db import migrations

from regulars.kit.keys import ComposeKeys


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0001_initial"),
        ("customers", "0002_keys"),
        ("shops", "0002_keys"),
    ]

    operations = [ComposeKeys()]
