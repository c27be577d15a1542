from django.db import migrations, models


class Migration(migrations.Migration):
    """A field that was removed can be brought back for a while."""

    dependencies = [("customers", "0008_to_compare")]

    operations = [
        migrations.AddField("customfield", "removed_at", models.DateTimeField(editable=False, null=True)),
    ]
