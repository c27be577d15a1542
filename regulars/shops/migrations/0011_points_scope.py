"""Keys may give and take points."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shops", "0010_notification_data")]

    operations = [
        migrations.AlterField(
            model_name="apikey",
            name="scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("customers.read", "Read customers, with their contact data"),
                        ("orders.read", "Read orders, and what customers spent"),
                        ("segments.read", "Read segments"),
                        ("events.write", "Send visits and viewed products"),
                        ("customers.write", "Add and change customers"),
                        ("customers.merge", "Merge customers, and read who may be the same person"),
                        ("tasks.write", "Read, add, change and finish tasks"),
                        ("points.write", "Give and take points"),
                    ],
                    max_length=20,
                ),
                size=None,
            ),
        ),
    ]
