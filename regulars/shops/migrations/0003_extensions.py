"""What PostgreSQL must know: trigrams for search, several columns in one GIN. Never intarray: it shadows @>."""

from django.contrib.postgres.operations import BtreeGinExtension, TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shops", "0002_keys")]

    operations = [TrigramExtension(), BtreeGinExtension()]
