"""What happens to exports, in a chain that is only ever added to; exports that come again by themselves."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import regulars.shops.scope
from regulars.kit.keys import ComposeKeys
from django.db import migrations, models

# Entries are only added. The end of a chain moves forward only; what a check found may be written beside it.
STAYS = """
CREATE FUNCTION transfer_export_log_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The export log is only ever added to (% on %).', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE ON transfer_exportentry
    FOR EACH ROW EXECUTE FUNCTION transfer_export_log_stays();
CREATE TRIGGER entries_stay_all BEFORE TRUNCATE ON transfer_exportentry
    FOR EACH STATEMENT EXECUTE FUNCTION transfer_export_log_stays();
CREATE TRIGGER chain_goes_forward BEFORE UPDATE ON transfer_exportchain
    FOR EACH ROW WHEN (NEW.shop_id <> OLD.shop_id OR NEW.number < OLD.number
        OR (NEW.number = OLD.number AND NEW.hash <> OLD.hash))
    EXECUTE FUNCTION transfer_export_log_stays();
CREATE TRIGGER chain_stays BEFORE DELETE ON transfer_exportchain
    FOR EACH ROW EXECUTE FUNCTION transfer_export_log_stays();
CREATE TRIGGER chain_stays_all BEFORE TRUNCATE ON transfer_exportchain
    FOR EACH STATEMENT EXECUTE FUNCTION transfer_export_log_stays();
"""

GOES = """
DROP TRIGGER entries_stay ON transfer_exportentry;
DROP TRIGGER entries_stay_all ON transfer_exportentry;
DROP TRIGGER chain_goes_forward ON transfer_exportchain;
DROP TRIGGER chain_stays ON transfer_exportchain;
DROP TRIGGER chain_stays_all ON transfer_exportchain;
DROP FUNCTION transfer_export_log_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("shops", "0007_pausing"),
        ("transfer", "0004_import_templates"),
    ]

    operations = [
        migrations.AddField(
            model_name="exportlog",
            name="readers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(),
                default=list,
                help_text="staff who may fetch the file besides",
                size=None,
            ),
        ),
        migrations.CreateModel(
            name="ExportChain",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(blank=True, max_length=64)),
                ("checked_at", models.DateTimeField(null=True)),
                (
                    "broken",
                    models.PositiveBigIntegerField(
                        help_text="number of the first entry that is not as written", null=True
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("shop",), name="one_export_chain_a_shop")],
            },
        ),
        migrations.CreateModel(
            name="ExportEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveBigIntegerField(help_text="from 1, without gaps")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("started", "Started"),
                            ("finished", "Written"),
                            ("failed", "Failed"),
                            ("cancelled", "Called off"),
                            ("downloaded", "Downloaded"),
                            ("delivered", "Laid into the folder"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("actor_kind", models.CharField(max_length=10)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(blank=True, max_length=120)),
                ("ip", models.CharField(blank=True, max_length=45)),
                ("data", models.JSONField(default=dict, help_text="what was asked for, or what came of it")),
                (
                    "previous",
                    models.CharField(
                        blank=True, help_text="hash of the entry before, empty for the first", max_length=64
                    ),
                ),
                ("hash", models.CharField(help_text="SHA-256, hexadecimal", max_length=64)),
                (
                    "export",
                    regulars.shops.scope.ShopForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="transfer.exportlog",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "indexes": [models.Index(fields=["shop", "export", "number"], name="entries_of_export")],
                "constraints": [models.UniqueConstraint(fields=("shop", "number"), name="export_entry_number")],
            },
        ),
        migrations.CreateModel(
            name="ExportSchedule",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60, verbose_name="Name")),
                ("asked", models.JSONField()),
                (
                    "every",
                    models.CharField(
                        choices=[("day", "Every day"), ("week", "Every week")],
                        default="week",
                        max_length=4,
                        verbose_name="How often",
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="0 is Monday; of weekly ones", verbose_name="On"
                    ),
                ),
                ("hour", models.PositiveSmallIntegerField(default=7, verbose_name="At")),
                ("folder", models.CharField(blank=True, max_length=40, verbose_name="Folder")),
                (
                    "mail_to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
                ("address", models.CharField(blank=True, max_length=200)),
                ("is_on", models.BooleanField(default=True)),
                ("next_at", models.DateTimeField()),
                ("last_at", models.DateTimeField(null=True)),
                ("last_problem", models.TextField(blank=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "last_export",
                    regulars.shops.scope.ShopForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="transfer.exportlog",
                    ),
                ),
                (
                    "shop",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.shop",
                    ),
                ),
                (
                    "staff",
                    regulars.shops.scope.ShopForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="shops.staff",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
                "indexes": [models.Index(fields=["shop", "next_at"], name="schedule_due")],
                "constraints": [
                    models.UniqueConstraint(fields=("shop", "name"), name="schedule_name"),
                    models.CheckConstraint(
                        condition=models.Q(("hour__lt", 24), ("weekday__lt", 7)), name="schedule_hour_is_one"
                    ),
                ],
            },
        ),
        ComposeKeys(only=["ExportEntry", "ExportChain", "ExportSchedule"]),
        migrations.RunSQL(STAYS, GOES),
    ]
