"""The list of transactions, newest first."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0005_owing'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='payment',
            index=models.Index(fields=['shop', 'at', 'id'], name='payment_time'),
        ),
    ]
