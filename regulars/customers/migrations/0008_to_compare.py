"""The queue of customers to compare, and how they are found by Zalo id and tax code."""

import django.db.models.deletion
from django.db import migrations, models

from regulars.kit.keys import ComposeKeys


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0007_whole_people'),
    ]

    operations = [
        migrations.CreateModel(
            name='ToCompare',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('customer_id', models.BigIntegerField()),
                ('shop', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop')),
            ],
            options={
                'indexes': [models.Index(fields=['shop', 'id'], name='to_compare_in_turn')],
            },
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('zalo_id', ''), _negated=True), fields=['shop', 'zalo_id'], name='customer_zalo'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('tax_code', ''), _negated=True), fields=['shop', 'tax_code'], name='customer_tax_code'),
        ),
        ComposeKeys(only=["ToCompare"]),
    ]
