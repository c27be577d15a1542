"""The index that counts mixtures of profile and figures without the wide rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_removed_note_files")]

    operations = [
        migrations.RemoveIndex(model_name="customer", name="customer_facet"),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True)),
                fields=["shop", "country", "group", "status", "consent_email", "gender", "account_state", "staff"],
                include=("orders_count", "total_spent", "spent_3m", "last_order_at"),
                name="customer_facet",
            ),
        ),
    ]
