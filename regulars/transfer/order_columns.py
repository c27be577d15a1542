"""What a column of a file of orders may hold; `transfer.order_rows` reads the fields."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.transfer.column import Column
from regulars.transfer.column import by_name as _by_name
from regulars.transfer.column import either as _or


def _address(kind: str, header: str, words: str) -> list[Column]:
    """The columns of an order's shipping or billing address."""
    parts = (
        ("name", _("name"), "full name | recipient | to"),
        ("company", _("company"), ""),
        ("address1", _("address"), "street | address | address line 1 | address 1"),
        ("address2", _("second line"), "address line 2 | address 2"),
        ("ward", _("ward"), ""),
        ("district", _("district"), ""),
        ("city", _("city"), "town"),
        ("region", _("province"), "province | state | province name | state code"),
        ("postal_code", _("postal code"), "zip | postcode | zip code"),
        ("country", _("country"), "country code"),
        ("phone", _("phone"), "phone number"),
    )
    spoken = _("Shipping") if kind == "shipping" else _("Billing")
    return [
        Column(
            f"{kind}_{name}", f"{header} {name.replace('_', ' ')}", _Both(spoken, label),
            tuple(f"{word} {also}" for word in words.split(" | ") for also in _or(synonyms) if also),
            part=kind,
        )
        for name, label, synonyms in parts
    ]  # fmt: skip


class _Both:
    """Two lazy words with a colon between, joined when they are shown."""

    def __init__(self, first: Any, second: Any) -> None:
        self._words = (first, second)

    def __str__(self) -> str:
        return f"{self._words[0]}: {self._words[1]}"


ORDER_COLUMNS = _by_name(
    Column(
        "order_id", "Order ID", _("Order ID in the other system"),
        _or("transaction id | order key | invoice id | id pesanan | mã đơn hàng | mã đơn | id comandă"),
        "S-5001", "order",
    ),
    Column(
        "number", "Order number", _("Order number"),
        _or("order | order no | order name | invoice | invoice number | receipt number | reference number"
            " | số đơn hàng | số đơn | no pesanan | nomor pesanan | no invoice | număr comandă | nr comandă"
            " | numero ng order"),
        "#5001", "order",
    ),
    Column(
        "placed_at", "Placed at", _("Placed at"),
        _or("date | order date | ordered at | created at | created | purchase date | transaction date | day"
            " | ngày đặt hàng | ngày đặt | ngày mua | tanggal pesanan | tanggal order | tanggal | waktu pesanan dibuat"
            " | data comenzii | dată | petsa"),
        "2026-03-01 14:30", "order",
    ),
    Column(
        "order_channel", "Sales channel", _("Sales channel"),
        _or("channel | source | kênh bán | kênh bán hàng | saluran | kanal | canal | sales source"), "website", "order",
    ),
    Column("currency", "Currency", _("Currency"), _or("currency code | tiền tệ | mata uang | monedă"), "PHP", "order"),
    Column(
        "total", "Total", _("Total"),
        _or("order total | grand total | amount | total amount | total price | value | tổng tiền | tổng cộng"
            " | thành tiền | total pembayaran | total bayar | jumlah bayar | total comandă | sumă | valoare"),
        "1,250.00", "order",
    ),
    Column("subtotal", "Subtotal", _("Subtotal"), _or("sub total | order subtotal | tạm tính"), part="order"),
    Column(
        "discount", "Discount", _("Discount"),
        _or("discount amount | order discount | cart discount amount | giảm giá | chiết khấu | diskon | total diskon"
            " | reducere"),
        part="order",
    ),
    Column(
        "shipping", "Shipping", _("Shipping cost"),
        _or("shipping amount | shipping total | order shipping | shipping cost | delivery fee | phí vận chuyển"
            " | ongkos kirim | ongkir | cost livrare | transport"),
        part="order",
    ),
    Column(
        "tax", "Tax", _("Tax"),
        _or("taxes | tax amount | tax total | order total tax | vat | thuế | pajak | ppn | tva"),
        part="order",
    ),
    Column(
        "paid", "Paid", _("Amount paid"),
        _or("paid amount | amount paid | amount received | captured | đã thanh toán | sudah dibayar | dibayar"
            " | achitat | plătit"),
        "1,250.00", "order",
    ),
    Column(
        "outstanding", "Outstanding", _("Amount still owed"), _or("outstanding balance | balance due"), part="order",
    ),
    Column(
        "refunded", "Refunded", _("Amount paid back"),
        _or("refunded amount | refund amount | order refund amount | total refunded | đã hoàn tiền | dana kembali"
            " | rambursat"),
        part="order",
    ),
    Column(
        "financial_state", "Payment status", _("Payment status"),
        _or("financial status | payment state | paid status | trạng thái thanh toán | status pembayaran"
            " | stare plată"),
        "paid", "order",
    ),
    Column(
        "fulfilment_state", "Fulfilment status", _("Fulfilment status"),
        _or("fulfillment status | shipping status | delivery status | trạng thái giao hàng | status pengiriman"
            " | stare livrare"),
        "delivered", "order",
    ),
    Column(
        "state", "Order status", _("Order status"),
        _or("status | trạng thái | trạng thái đơn hàng | status pesanan | stare comandă | order state"), part="order",
    ),
    Column(
        "paid_at", "Paid at", _("Paid at"),
        _or("payment date | paid date | ngày thanh toán | waktu pembayaran dilakukan | tanggal pembayaran"
            " | data plății"),
        part="order",
    ),
    Column(
        "cancelled_at", "Cancelled at", _("Cancelled at"),
        _or("canceled at | cancellation date | ngày hủy | tanggal batal | anulată la"), part="order",
    ),
    Column(
        "due_on", "Due date", _("Due date"),
        _or("due | due on | payment due | pay by | due by | hạn thanh toán | ngày đến hạn | jatuh tempo"
            " | tanggal jatuh tempo | scadență | data scadenței"),
        part="order",
    ),
    Column(
        "payment_method", "Payment method", _("Payment method"),
        _or("payment method title | payment type | paid with | payment gateway | phương thức thanh toán"
            " | metode pembayaran | metodă de plată | paraan ng pagbabayad"),
        "GCash", "order",
    ),
    Column(
        "payment_reference", "Payment reference", _("Payment reference"),
        _or("payment references | payment id | payment reference number | mã giao dịch | referensi pembayaran"
            " | referință plată"),
        part="order",
    ),
    Column("location", "Location", _("Place of sale"), _or("branch | store | outlet | chi nhánh | cabang | magazin"),
           part="order"),
    Column("test", "Test order", _("Test order"), _or("is test | test"), part="order"),
    Column("order_note", "Order note", _("Note on the order"),
           _or("notes | note | customer note | order notes | ghi chú đơn hàng | catatan dari pembeli"
               " | catatan pesanan"),
           part="order"),
    Column(
        "external_id", "Customer ID", _("Customer ID in the other system"),
        _or("customer external id | client id | user id | customer user | customer no | customer code | mã khách hàng"
            " | id pelanggan | id client"),
        "C-1001",
    ),
    Column(
        "email", "E-mail", _("E-mail"),
        _or("email | email address | customer email | buyer email | billing email | billing email address"
            " | địa chỉ email | alamat email"),
        "maria@example.com",
    ),
    Column(
        "phone", "Phone", _("Phone"),
        _or("phone number | customer phone | mobile | contact number | số điện thoại | sđt | no telepon | no hp"
            " | telefon | telepono"),
        "+63 917 123 4567",
    ),
    Column(
        "name", "Name", _("Customer's name"),
        _or("customer name | customer | buyer | buyer name | full name | tên khách hàng | họ tên | nama pelanggan"
            " | nama pembeli | username pembeli | nume client | client"),
        "Maria Santos",
    ),
    Column("given_name", "Given name", _("Given name"), _or("first name | customer first name")),
    Column("family_name", "Family name", _("Family name"), _or("last name | customer last name | surname")),
    Column("company", "Company", _("Company"), _or("company name | customer company")),
    Column("accepts_email", "Accepts e-mail", _("Accepts e-mail marketing"), _or("accepts marketing")),
    *_address("shipping", "Shipping", "shipping | ship to | delivery"),
    *_address("billing", "Billing", "billing | bill to | invoice"),
    Column(
        "line_title", "Product", _("Product"),
        _or("product name | item | item name | line title | lineitem name | sản phẩm | tên sản phẩm | produk"
            " | nama produk | barang | produs | nume produs | produkto"),
        "Coffee beans 1 kg", "line",
    ),
    Column(
        "line_sku", "SKU", _("SKU"),
        _or("product sku | lineitem sku | item code | mã sản phẩm | kode produk | nomor referensi sku | sku induk"
            " | cod produs"),
        "CB-1000", "line",
    ),
    Column(
        "line_quantity", "Quantity", _("Quantity"),
        _or("qty | lineitem quantity | items | pieces | số lượng | jumlah | cantitate | dami"), "1", "line",
    ),
    Column(
        "line_price", "Unit price", _("Unit price"),
        _or("price | lineitem price | item price | item cost | đơn giá | giá | harga | harga satuan | preț"),
        "1,250.00", "line",
    ),
    Column("line_discount", "Line discount", _("Discount of the line"), _or("lineitem discount | item discount"),
           part="line"),
)  # fmt: skip
