"""When orders are due, and what was given up of them."""

import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import regulars.shops.scope
from django.db import migrations, models

from regulars.kit.keys import ComposeKeys


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0007_whole_people'),
        ('orders', '0003_windows'),
        ('shops', '0008_notifications'),
    ]

    operations = [
        migrations.CreateModel(
            name='WriteOff',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('amount', models.BigIntegerField(help_text='minor units; below zero takes one back')),
                ('reason', models.CharField(max_length=300)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by_name', models.CharField(blank=True, max_length=120)),
            ],
        ),
        migrations.AddField(
            model_name='order',
            name='due_on',
            field=models.DateField(help_text="when it should be paid; None: the shop's usual days after it", null=True),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True), ('deleted_at__isnull', True), ('is_test', False), ('is_confirmed', True), ('total__gt', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('credited'), '+', models.F('written_off')), '+', models.F('captured'))), ('customer__isnull', False)), fields=['shop', 'customer'], include=('placed_at', 'due_on', 'total', 'captured', 'credited', 'written_off'), name='order_owing'),
        ),
        migrations.AddField(
            model_name='writeoff',
            name='by',
            field=regulars.shops.scope.ShopForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.staff'),
        ),
        migrations.AddField(
            model_name='writeoff',
            name='order',
            field=regulars.shops.scope.ShopForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='write_offs', to='orders.order'),
        ),
        migrations.AddField(
            model_name='writeoff',
            name='shop',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop'),
        ),
        migrations.AddIndex(
            model_name='writeoff',
            index=models.Index(fields=['shop', 'order'], name='write_off_of_order'),
        ),
        migrations.AddConstraint(
            model_name='writeoff',
            constraint=models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='write_off_something'),
        ),
            ComposeKeys(only=["WriteOff"]),
        migrations.RunSQL(
            "INSERT INTO orders_writeoff (shop_id, order_id, amount, reason, at, by_name) "
            "SELECT shop_id, id, written_off, 'Written off before reasons were kept', created_at, '' "
            "FROM orders_order WHERE written_off > 0",
            migrations.RunSQL.noop,
        ),
    ]
