"""Files of a deleted note stay for a day, so that the note can be put back whole."""

import django.db.models.deletion
from django.db import migrations, models

import regulars.shops.scope


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_removed_fields")]

    operations = [
        migrations.AlterField(
            model_name="notefile",
            name="note",
            field=regulars.shops.scope.ShopForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="files",
                to="customers.note",
            ),
        ),
        migrations.AddField(
            model_name="notefile",
            name="removed_note_id",
            field=models.BigIntegerField(help_text="of a deleted note, which may be put back", null=True),
        ),
        migrations.AddField(model_name="notefile", name="removed_at", field=models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name="notefile",
            index=models.Index(
                condition=models.Q(("removed_at__isnull", False)),
                fields=["shop", "removed_note_id"],
                name="note_file_removed",
            ),
        ),
        migrations.AddConstraint(
            model_name="notefile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("note__isnull", False), ("removed_at__isnull", True), ("removed_note_id__isnull", True)
                )
                | models.Q(("note__isnull", True), ("removed_at__isnull", False), ("removed_note_id__isnull", False)),
                name="note_file_has_a_note",
            ),
        ),
    ]
