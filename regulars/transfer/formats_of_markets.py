"""Order files of marketplaces, as far as their columns are known for certain.

They hide phones, addresses and parts of names: what is hidden recognises nobody. The buyer's name on the marketplace
does, while it is whole.
"""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext_lazy as _

from regulars.kit.text import fold
from regulars.transfer.format import IGNORED, Format

_STATES = {
    "unpaid": "pending", "to ship": "to ship", "awaiting shipment": "to ship", "awaiting collection": "to ship",
    "shipping": "shipped", "to receive": "shipped", "shipped": "shipped", "in transit": "in transit",
    "completed": "completed", "delivered": "delivered", "cancelled": "cancelled", "canceled": "cancelled",
    "telah dikirim": "dikirim", "batal": "cancelled",
    "pending": "to ship", "packed": "to ship", "repacked": "to ship", "ready to ship": "to ship",
    "ready to ship pending": "to ship", "confirmed": "delivered", "returned": "returned",
}  # fmt: skip
"""What a marketplace says of an order, in words of `order_words`; the money is told by the time of payment."""

_RECEIVED = "pesanan diterima"  # … and may be sent back until a day


def _state(cell: str) -> str:
    word = fold(cell.replace("_", " ").replace("-", " "))
    return "delivered" if word.startswith(_RECEIVED) else _STATES.get(word, cell)


def _unless_hidden(cell: str) -> str:
    """Somebody's name on the marketplace; "" when parts of it are hidden, as many people have the rest in common."""
    return "" if "*" in cell else cell.strip()


_CLEAN: Mapping[str, Callable[[str], str]] = {"state": _state, "external_id": _unless_hidden}

MARKET_FORMATS = (
    Format(
        "shopee_orders_id", "orders", _("Shopee orders, Indonesian"),
        ("No. Pesanan", "Status Pesanan", "Username (Pembeli)"),
        {
            "No. Pesanan": "order_id", "Status Pesanan": "state", "No. Resi": IGNORED, "Alasan Pembatalan": IGNORED,
            "Opsi Pengiriman": IGNORED, "Waktu Pesanan Dibuat": "placed_at", "Waktu Pembayaran Dilakukan": "paid_at",
            "Metode Pembayaran": "payment_method", "SKU Induk": IGNORED, "Nama Produk": "line_title",
            "Nomor Referensi SKU": "line_sku", "Nama Variasi": IGNORED, "Harga Awal": IGNORED,
            "Harga Setelah Diskon": "line_price", "Jumlah": "line_quantity", "Total Diskon": IGNORED,
            "Total Pembayaran": "total", "Perkiraan Ongkos Kirim": IGNORED, "Catatan dari Pembeli": "order_note",
            "Username (Pembeli)": "external_id", "Nama Penerima": "shipping_name", "No. Telepon": "phone",
            "Alamat Pengiriman": "shipping_address1", "Kota/Kabupaten": "shipping_city",
            "Provinsi": "shipping_region", "Waktu Pesanan Selesai": IGNORED,
        },
        "shopee", _CLEAN,
    ),
    Format(
        "shopee_orders", "orders", _("Shopee orders, English"),
        ("Order ID", "Order Status", "Order Creation Date", "Username (Buyer)"),
        {
            "Order ID": "order_id", "Order Status": "state", "Cancel reason": IGNORED,
            "Return / Refund Status": IGNORED, "Tracking Number*": IGNORED, "Shipping Option": IGNORED,
            "Shipment Method": IGNORED, "Estimated Ship Out Date": IGNORED, "Ship Time": IGNORED,
            "Order Creation Date": "placed_at", "Order Paid Time": "paid_at", "Parent SKU Reference No.": IGNORED,
            "Product Name": "line_title", "SKU Reference No.": "line_sku", "Variation Name": IGNORED,
            "Original Price": IGNORED, "Deal Price": "line_price", "Quantity": "line_quantity",
            "Product Subtotal": IGNORED, "Total Amount": IGNORED, "Grand Total": "total",
            "Buyer Paid Shipping Fee": "shipping", "Username (Buyer)": "external_id",
            "Receiver Name": "shipping_name", "Phone Number": "phone", "Delivery Address": "shipping_address1",
            "Town": IGNORED, "District": "shipping_district", "City": "shipping_city", "Province": "shipping_region",
            "Country": "shipping_country", "Zip Code": "shipping_postal_code", "Remark from buyer": "order_note",
            "Order Complete Time": IGNORED, "Note": IGNORED,
        },
        "shopee", _CLEAN,
    ),
    Format(
        "lazada_orders", "orders", _("Lazada orders"),
        ("orderItemId", "lazadaSku", "orderNumber", "createTime"),
        {
            "orderItemId": IGNORED, "orderType": IGNORED, "Guarantee": IGNORED, "deliveryType": IGNORED,
            "lazadaId": IGNORED, "sellerSku": "line_sku", "lazadaSku": IGNORED, "wareHouse": IGNORED,
            "createTime": "placed_at", "updateTime": IGNORED, "rtsSla": IGNORED, "ttsSla": IGNORED,
            "orderNumber": "order_id", "invoiceRequired": IGNORED, "invoiceNumber": IGNORED,
            "deliveredDate": IGNORED, "customerName": "name", "customerEmail": "email",
            "nationalRegistrationNumber": IGNORED, "shippingName": "shipping_name",
            "shippingAddress": "shipping_address1", "shippingAddress2": "shipping_address2",
            "shippingPhone": "phone", "shippingCity": "shipping_city", "shippingPostCode": "shipping_postal_code",
            "shippingCountry": "shipping_country", "shippingRegion": "shipping_region", "payMethod": "payment_method",
            "paidPrice": "line_price", "unitPrice": IGNORED, "shippingFee": IGNORED, "itemName": "line_title",
            "variation": IGNORED, "status": "state",
        },
        "lazada", _CLEAN,
    ),
    Format(
        "tiktok_orders", "orders", _("TikTok Shop orders"),
        ("Order ID", "Order Status", "SKU ID", "Seller SKU", "SKU Subtotal After Discount"),
        {
            "Order ID": "order_id", "Order Status": "state", "Order Substatus": IGNORED,
            "Cancelation/Return Type": IGNORED, "Normal or Pre-order": IGNORED, "SKU ID": IGNORED,
            "Seller SKU": "line_sku", "Product Name": "line_title", "Variation": IGNORED, "Quantity": "line_quantity",
            "Sku Quantity of return": IGNORED, "SKU Unit Original Price": "line_price",
            "SKU Subtotal Before Discount": IGNORED, "SKU Platform Discount": IGNORED,
            "SKU Seller Discount": "line_discount", "SKU Subtotal After Discount": IGNORED,
            "Shipping Fee After Discount": "shipping", "Original Shipping Fee": IGNORED, "Taxes": "tax",
            "Order Amount": "total", "Order Refund Amount": "refunded", "Created Time": "placed_at",
            "Paid Time": "paid_at", "RTS Time": IGNORED, "Shipped Time": IGNORED, "Delivered Time": IGNORED,
            "Cancelled Time": "cancelled_at", "Buyer Message": "order_note", "Buyer Username": "external_id",
            "Recipient": "shipping_name", "Phone #": "phone", "Zipcode": "shipping_postal_code",
            "Country": "shipping_country", "Region": IGNORED, "Province": "shipping_region",
            "Municipality": "shipping_city", "Regency and City": "shipping_city", "District": "shipping_district",
            "Districts": "shipping_district", "Barangay": "shipping_ward", "Commune": "shipping_ward",
            "Detail Address": "shipping_address1",
            "Additional address information": "shipping_address2", "Payment Method": "payment_method",
        },
        "tiktok", _CLEAN,
    ),
)  # fmt: skip
