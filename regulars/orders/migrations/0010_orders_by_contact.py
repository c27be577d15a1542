"""Orders by contact and customer: whose orders name an address is found without reading all that are theirs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_recognised_payments")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                fields=["shop", "email", "customer"], name="order_reached_by_email", condition=~models.Q(email="")
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                fields=["shop", "phone", "customer"], name="order_reached_by_phone", condition=~models.Q(phone="")
            ),
        ),
        migrations.RemoveIndex(model_name="order", name="order_email"),
        migrations.RemoveIndex(model_name="order", name="order_phone"),
    ]
