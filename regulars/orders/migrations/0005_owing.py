"""Orders of nobody can owe too, and what was paid too much is found."""

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0007_whole_people'),
        ('orders', '0004_debts'),
        ('shops', '0008_notifications'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='order',
            name='order_owing',
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True), ('deleted_at__isnull', True), ('is_confirmed', True), ('is_test', False), ('total__gt', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('credited'), '+', models.F('written_off')), '+', models.F('captured')))), fields=['shop', 'customer'], include=('placed_at', 'due_on', 'total', 'captured', 'credited', 'written_off'), name='order_owing'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True), ('captured__gt', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('refunded'), '+', models.F('total')), '-', models.F('credited'))), ('deleted_at__isnull', True), ('is_test', False), ('captured__gt', models.F('refunded'))), fields=['shop', 'customer'], include=('total', 'captured', 'refunded', 'credited'), name='order_overpaid'),
        ),
    ]
