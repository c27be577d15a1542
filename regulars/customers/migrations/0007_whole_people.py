"""Households, merging, other contacts, fields of the shop's own, files on notes."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import regulars.shops.scope
from django.db import migrations, models

from regulars.kit.keys import ComposeKeys, ComposeReferences


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0006_chosen_groups'),
        ('shops', '0008_notifications'),
    ]

    operations = [
        # nobody was sent by themselves
        migrations.RunSQL(
            "UPDATE customers_customer SET referred_by_id = NULL WHERE referred_by_id = id", migrations.RunSQL.noop
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('merged_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('snapshot', models.JSONField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by_name', models.CharField(blank=True, max_length=120)),
                ('undone_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='NoteFile',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=200)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveIntegerField(help_text='bytes')),
                ('content', models.BinaryField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='OtherContact',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('email', 'E-mail'), ('phone', 'Phone')], db_collation='C', max_length=5)),
                ('value', models.CharField(db_collation='C', help_text='normalised e-mail, or E.164', max_length=254)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='PossibleDuplicate',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('score', models.PositiveSmallIntegerField(help_text='0 to 100')),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, help_text='keys, surest first', size=None)),
                ('decision', models.PositiveSmallIntegerField(choices=[(0, 'To be decided'), (1, 'Not the same person'), (2, 'One household'), (3, 'Merged')], default=0)),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='customer',
            name='co_staff_ids',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, db_default=models.Value([], django.contrib.postgres.fields.ArrayField(models.BigIntegerField())), default=list, help_text='who is responsible too, beside `staff`', size=None),
        ),
        migrations.AddField(
            model_name='customer',
            name='credit_limit',
            field=models.BigIntegerField(blank=True, help_text='how much may be owed; None: no limit', null=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='custom',
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict, help_text="values of the shop's own fields, by key"),
        ),
        migrations.AddField(
            model_name='customer',
            name='merged_into',
            field=regulars.shops.scope.ShopForeignKey(blank=True, db_constraint=False, db_index=False, help_text='who they became', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='customer',
            name='referral_code',
            field=models.CharField(blank=True, db_collation='C', db_default='', max_length=16),
        ),
        migrations.AddField(
            model_name='note',
            name='is_pinned',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='note',
            name='mentioned_ids',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=models.Value([], django.contrib.postgres.fields.ArrayField(models.BigIntegerField())), default=list, help_text='staff named in it', size=None),
        ),
        migrations.CreateModel(
            name='CustomField',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key', models.CharField(db_collation='C', max_length=40)),
                ('name', models.CharField(max_length=60, verbose_name='Name')),
                ('kind', models.CharField(choices=[('text', 'Text'), ('number', 'Number'), ('money', 'Amount of money'), ('date', 'Date'), ('choice', 'Choice'), ('flag', 'Yes or no')], max_length=6, verbose_name='Kind')),
                ('options', models.JSONField(default=list, help_text='of a choice: [{"key": …, "name": …}]')),
                ('help', models.CharField(blank=True, max_length=200, verbose_name='Explanation')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('shop', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop')),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Household',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('shop', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='customer',
            name='household',
            field=regulars.shops.scope.ShopForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='customers.household'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('deleted_at__isnull', True)), fields=['shop', 'status', 'status_at', 'id'], name='customer_pipeline'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('household__isnull', False)), fields=['shop', 'household'], name='customer_household'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['shop', 'merged_into'], name='customer_merged'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('co_staff_ids', []), _negated=True), fields=['shop', 'co_staff_ids'], name='customer_co_staff'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.UniqueConstraint(condition=models.Q(('referral_code', ''), _negated=True), fields=('shop', 'referral_code'), name='customer_referral_code'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('credit_limit__isnull', True), ('credit_limit__gte', 0), _connector='OR'), name='customer_credit_limit'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('referred_by__isnull', True), models.Q(('referred_by', models.F('id')), _negated=True), _connector='OR'), name='customer_not_sent_by_self'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into__isnull', True), ('deleted_at__isnull', False), _connector='OR'), name='customer_merged_is_gone'),
        ),
        migrations.AddField(
            model_name='merge',
            name='by',
            field=regulars.shops.scope.ShopForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.staff'),
        ),
        migrations.AddField(
            model_name='merge',
            name='shop',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop'),
        ),
        migrations.AddField(
            model_name='merge',
            name='survivor',
            field=regulars.shops.scope.ShopForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='notefile',
            name='note',
            field=regulars.shops.scope.ShopForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='files', to='customers.note'),
        ),
        migrations.AddField(
            model_name='notefile',
            name='shop',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop'),
        ),
        migrations.AddField(
            model_name='othercontact',
            name='customer',
            field=regulars.shops.scope.ShopForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='other_contacts', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='othercontact',
            name='shop',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop'),
        ),
        migrations.AddField(
            model_name='possibleduplicate',
            name='decided_by',
            field=regulars.shops.scope.ShopForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.staff'),
        ),
        migrations.AddField(
            model_name='possibleduplicate',
            name='first',
            field=regulars.shops.scope.ShopForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='possibleduplicate',
            name='second',
            field=regulars.shops.scope.ShopForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='customers.customer'),
        ),
        migrations.AddField(
            model_name='possibleduplicate',
            name='shop',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shops.shop'),
        ),
        migrations.AddConstraint(
            model_name='customfield',
            constraint=models.UniqueConstraint(fields=('shop', 'key'), name='custom_field_key'),
        ),
        migrations.AddConstraint(
            model_name='customfield',
            constraint=models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='custom_field_named'),
        ),
        migrations.AddIndex(
            model_name='merge',
            index=models.Index(models.F('shop'), models.F('survivor'), models.OrderBy(models.F('id'), descending=True), name='merge_of_survivor'),
        ),
        migrations.AddIndex(
            model_name='merge',
            index=django.contrib.postgres.indexes.GinIndex(fields=['shop', 'merged_ids'], name='merge_of_merged'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(('merged_ids__len__gt', 0)), name='merge_of_somebody'),
        ),
        migrations.AddIndex(
            model_name='notefile',
            index=models.Index(fields=['shop', 'note'], name='note_file_of_note'),
        ),
        migrations.AddIndex(
            model_name='othercontact',
            index=models.Index(fields=['shop', 'kind', 'value'], name='other_contact_value'),
        ),
        migrations.AddConstraint(
            model_name='othercontact',
            constraint=models.UniqueConstraint(fields=('shop', 'customer', 'kind', 'value'), name='other_contact_once'),
        ),
        migrations.AddConstraint(
            model_name='othercontact',
            constraint=models.CheckConstraint(condition=models.Q(('value', ''), _negated=True), name='other_contact_not_blank'),
        ),
        migrations.AddIndex(
            model_name='possibleduplicate',
            index=models.Index(models.F('shop'), models.OrderBy(models.F('score'), descending=True), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('decision', 0)), name='possible_duplicate_queue'),
        ),
        migrations.AddIndex(
            model_name='possibleduplicate',
            index=models.Index(fields=['shop', 'second'], name='possible_duplicate_second'),
        ),
        migrations.AddConstraint(
            model_name='possibleduplicate',
            constraint=models.UniqueConstraint(fields=('shop', 'first', 'second'), name='possible_duplicate_once'),
        ),
        migrations.AddConstraint(
            model_name='possibleduplicate',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='possible_duplicate_ordered'),
        ),
        migrations.AddConstraint(
            model_name='possibleduplicate',
            constraint=models.CheckConstraint(condition=models.Q(('score__lte', 100)), name='possible_duplicate_score'),
        ),
            ComposeKeys(only=["Household", "CustomField", "NoteFile", "OtherContact", "PossibleDuplicate", "Merge"]),
        ComposeReferences("Customer", ["household", "merged_into"]),
    ]
