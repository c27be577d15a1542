"""How PostgreSQL keeps the wide row: room for updates in the page, and the visibility map kept fresh.

The exact counts over the facet index are index-only scans; with the default autovacuum they would wait for 20 % of
the table to change before they are fast again.
"""

from django.db import migrations

SETTINGS = "fillfactor = {}, autovacuum_vacuum_scale_factor = {}, autovacuum_analyze_scale_factor = {}"


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_keys")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE customers_customer SET (" + SETTINGS.format(90, 0.005, 0.02) + ");"
            "ALTER TABLE customers_customer ALTER COLUMN shop_id SET STATISTICS 200;",
            "ALTER TABLE customers_customer RESET (fillfactor, autovacuum_vacuum_scale_factor, "
            "autovacuum_analyze_scale_factor);",
        )
    ]
