from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shops", "0005_api_keys")]

    operations = [
        migrations.AddField(
            model_name="shop",
            name="leap_birthdays",
            field=models.CharField(
                choices=[("28 feb", "On 28 February"), ("1 mar", "On 1 March")],
                default="28 feb",
                max_length=6,
                verbose_name="Birthdays of 29 February",
            ),
        ),
    ]
