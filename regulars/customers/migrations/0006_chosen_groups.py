"""Groups that somebody chose so far stay as they were chosen, whatever rules come."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("customers", "0005_figures")]

    operations = [
        migrations.RunSQL(
            "UPDATE customers_customer c SET group_by_hand = true FROM customers_group g "
            "WHERE g.shop_id = c.shop_id AND g.id = c.group_id AND g.key <> 'standard'",
            migrations.RunSQL.noop,
        )
    ]
