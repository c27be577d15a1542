"""A file that waits without its note still belongs to a shop that exists."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("customers", "0011_facet")]

    operations = [
        migrations.RunSQL(
            'ALTER TABLE customers_notefile ADD CONSTRAINT "customers_notefile_shop_id_shop_fk" '
            "FOREIGN KEY (shop_id) REFERENCES shops_shop (id) DEFERRABLE INITIALLY DEFERRED",
            'ALTER TABLE customers_notefile DROP CONSTRAINT "customers_notefile_shop_id_shop_fk"',
        )
    ]
