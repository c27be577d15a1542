"""Orders remember that staff said whose they are, so that no report of their source decides otherwise."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_bought_lines")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="is_moved",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="staff said whose it is: no report gives it to anybody else",
            ),
        ),
    ]
