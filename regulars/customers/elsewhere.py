"""What merchants know from Shopify's segments and cannot ask here, each with the reason and what to ask instead."""

from django.utils.translation import gettext_lazy as _

from regulars.customers.fields import customer_fields

_BY_KEY = _("fields of the shop's own are asked by their key alone, for example shoe_size > 40.")

customer_fields.add_elsewhere(
    {
        "abandoned_checkout_date": _(
            "carts are not kept; ask who began to check out: in_app MATCHES (type = checkout_started, date >= -7d)."
        ),
        "created_by_app_id": _("ask first_channel (where they first bought) or source (how they came in)."),
        "predicted_spend_tier": _(
            "nothing is predicted here; ask what was spent: basket, spending_trend, total_spent."
        ),
        "rfm_group": _("ask its parts: last_order_date, orders and total_spent, or take a template of segments."),
        "product_subscription_status": _("subscriptions to products are not known here; ask products_purchased."),
        "store_credit_accounts": _("store credit is not kept here; ask debt for what is owed the other way."),
        "customer_within_distance": _("addresses have no coordinates here; ask countries, regions or cities."),
        "visits_7d": _(
            "ask visits_30d, or visits that began in the last week: site_visits MATCHES (date >= -7d, count >= 1)."
        ),
        "shopify_email.": _("mails that were sent elsewhere are not known here; ask consent_email."),
        "customer.": _BY_KEY,
        "metafields.": _BY_KEY,
    }
)
