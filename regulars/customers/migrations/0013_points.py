"""What is left of a customer's points, was ever earned, and waits for its day: filled by the loyalty floor."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0012_files_of_shops'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='points',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='customer',
            name='points_earned',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='customer',
            name='points_pending',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
    ]
