"""Lines know whose they are, since when, and whether they count: who bought a product lately is one index away."""

import django.db.models.deletion
from django.db import migrations, models

import regulars.shops.scope
from regulars.kit.keys import ComposeReferences


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_payment_time"), ("customers", "0011_facet")]

    operations = [
        migrations.RemoveIndex(model_name="line", name="line_of_product"),
        migrations.AddField(
            model_name="line",
            name="customer",
            field=regulars.shops.scope.ShopForeignKey(
                db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to="customers.customer",
            ),
        ),
        migrations.AddField(model_name="line", name="placed_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="line",
            name="is_counted",
            field=models.BooleanField(
                db_default=False, default=False, help_text="its order is placed: see COUNTED"
            ),
        ),
        migrations.RunSQL(
            "UPDATE orders_line l SET customer_id = o.customer_id, placed_at = o.placed_at, is_counted = "
            "NOT o.is_test AND o.deleted_at IS NULL AND o.cancelled_at IS NULL "
            "FROM orders_order o WHERE o.shop_id = l.shop_id AND o.id = l.order_id",
            migrations.RunSQL.noop,
        ),
        # the constraint below may not follow rows whose checks still wait
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL DEFERRED", migrations.RunSQL.noop),
        ComposeReferences("Line", ["customer"]),
        migrations.AddIndex(
            model_name="line",
            index=models.Index(
                condition=models.Q(
                    ("customer__isnull", False), ("is_counted", True), ("product__isnull", False)
                ),
                fields=["shop", "product", "placed_at"],
                include=("customer", "order", "quantity"),
                name="line_bought",
            ),
        ),
    ]
