"""What was reported last of each tag of a customer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("connectors", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="lastreport",
            name="tags",
            field=models.JSONField(
                default=dict, help_text="tag key → [seconds since 1970, its name]; see connectors.tags"
            ),
        ),
    ]
