"""Composite keys: (shop_id, id), and references inside one shop."""

from django.db import migrations

from regulars.kit.keys import ComposeKeys


class Migration(migrations.Migration):
    dependencies = [
        ("transfer", "0001_initial"),
        ("shops", "0002_keys"),
    ]

    operations = [ComposeKeys()]
