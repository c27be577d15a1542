"""What programs read through the API, by key, day and kind of rows."""

import django.db.models.deletion
import regulars.shops.scope
from django.db import migrations, models
from regulars.kit.keys import ComposeKeys


class Migration(migrations.Migration):

    dependencies = [
        ('shops', '0008_notifications'),
        ('transfer', '0006_schedule_question'),
    ]

    operations = [
        migrations.CreateModel(
            name='ApiRead',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('on', models.DateField()),
                ('what', models.CharField(db_collation='C', help_text='customers, orders', max_length=40)),
                ('answers', models.PositiveBigIntegerField()),
                ('rows', models.PositiveBigIntegerField()),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('key', regulars.shops.scope.ShopForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.apikey')),
                ('shop', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('shop', 'key', 'on', 'what'), name='api_read_once_a_day')],
            },
        ),
        ComposeKeys(only=["ApiRead"]),
    ]
