"""The question of a schedule stands by itself, like every kept question."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("transfer", "0005_export_entries"),
    ]

    operations = [
        migrations.AddField(
            model_name="exportschedule",
            name="where",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.RunSQL("""UPDATE transfer_exportschedule SET "where" = asked->>'where'""", migrations.RunSQL.noop),
    ]
