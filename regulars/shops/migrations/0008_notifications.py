"""What staff should know, days to pay, and whose days are meant."""

import django.db.models.deletion
import django.utils.timezone
import regulars.shops.scope
from django.db import migrations, models

from regulars.kit.keys import ComposeKeys


class Migration(migrations.Migration):

    dependencies = [
        ('shops', '0007_pausing'),
    ]

    operations = [
        migrations.AddField(
            model_name='shop',
            name='payment_days',
            field=models.PositiveSmallIntegerField(default=0, help_text='after an order until what it leaves open is due', verbose_name='Days to pay'),
        ),
        migrations.AddField(
            model_name='user',
            name='timezone',
            field=models.CharField(blank=True, help_text="of the person's own days; blank: that of the shop", max_length=64, verbose_name='Time zone'),
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(db_collation='C', max_length=40)),
                ('data', models.JSONField(default=dict, help_text='what the wording of its kind needs; never contact data')),
                ('url', models.CharField(blank=True, help_text='a path of this shop', max_length=300)),
                ('key', models.CharField(blank=True, db_collation='C', help_text='what is said once only', max_length=80)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('read_at', models.DateTimeField(null=True)),
                ('shop', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop')),
                ('staff', regulars.shops.scope.ShopForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='shops.staff')),
            ],
            options={
                'indexes': [models.Index(models.F('shop'), models.F('staff'), models.OrderBy(models.F('id'), descending=True), name='notification_of_staff'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['shop', 'staff'], name='notification_unread')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('key', ''), _negated=True), fields=('shop', 'staff', 'key'), name='notification_once')],
            },
        ),
            ComposeKeys(only=["Notification"]),
    ]
