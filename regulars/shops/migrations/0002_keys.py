"""Composite keys: (shop_id, id), and references inside one shop."""

from django.db import migrations

from regulars.kit.keys import ComposeKeys


class Migration(migrations.Migration):
    dependencies = [
        ("shops", "0001_initial"),
    ]

    operations = [ComposeKeys()]
