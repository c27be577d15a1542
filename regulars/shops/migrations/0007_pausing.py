from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shops", "0006_leap_birthdays")]

    operations = [
        migrations.AddField(
            model_name="jobrun",
            name="pause_asked",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="jobrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting"),
                    ("running", "Running"),
                    ("paused", "Paused"),
                    ("done", "Done"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                ],
                default="waiting",
                max_length=9,
            ),
        ),
    ]
