"""The table behind Django's cache, where every process sees the sign-in rate limits."""

from django.core.management import call_command
from django.db import migrations


def create_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("shops", "0003_extensions")]

    operations = [
        migrations.RunPython(create_cache_table, lambda apps, editor: editor.execute("DROP TABLE regulars_cache"))
    ]
