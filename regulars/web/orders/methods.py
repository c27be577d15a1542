"""What people call payment methods."""

from django.utils.translation import gettext_lazy as _

METHODS = {
    "cod": _("Cash on delivery"),
    "cash": _("Cash"),
    "card": _("Card"),
    "bank_transfer": _("Bank transfer"),
    "gcash": "GCash",
    "maya": "Maya",
    "momo": "MoMo",
    "zalopay": "ZaloPay",
    "vnpay": "VNPAY",
    "gopay": "GoPay",
    "ovo": "OVO",
    "paypal": "PayPal",
}


def method_name(code: str) -> str:
    """A payment method as people call it; an unknown code is shown as it came."""
    return str(METHODS.get(code) or code.replace("_", " "))
