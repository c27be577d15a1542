"""What a column of a file may hold: one declaration each, for the mapping, the template and the guide.

`name` is the field (customers.profile and transfer.order_rows read it), `header` what our own files call it.
Synonyms are header names that people and programs write, in five languages; compared without case, accents
and punctuation, so that "E-mail", "EMAIL" and "e mail" are one.
"""

import re
from functools import cache, lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.kit.text import fold
from regulars.transfer.activity_columns import ACTIVITY_COLUMNS
from regulars.transfer.column import Column
from regulars.transfer.column import by_name as _by_name
from regulars.transfer.column import either as _or

CUSTOMER_COLUMNS = _by_name(
    Column("regulars_id", "Regulars ID", _("What an export of this shop calls the customer")),
    Column(
        "external_id", "Customer ID", _("Customer ID in the other system"),
        _or("id | external id | customer number | customer no | customer code | client id | user id | contact id"
            " | mã khách hàng | mã kh | id khách hàng | id pelanggan | kode pelanggan | no pelanggan"
            " | id client | cod client | nr client | id ng customer"),
        "C-1001",
    ),
    Column(
        "channel", "Channel of the ID", _("The other system"),
        _or("id channel | external system | system | hệ thống | sistem | sistem extern"), "website",
    ),
    Column(
        "name", "Name", _("Full name"),
        _or("full name | display name | customer name | customer | client name | contact name | buyer name"
            " | họ tên | họ và tên | tên khách hàng | tên | khách hàng | nama | nama lengkap | nama pelanggan"
            " | pelanggan | nume complet | nume client | nume și prenume | client | pangalan | buong pangalan"),
    ),
    Column(
        "given_name", "Given name", _("Given name"),
        _or("first name | firstname | forename | billing first name | nama depan | tên riêng | tên đệm và tên"
            " | prenume | unang pangalan"),
        "Maria",
    ),
    Column(
        "family_name", "Family name", _("Family name"),
        _or("last name | lastname | surname | billing last name | nama belakang | nama keluarga | họ"
            " | nume de familie | nume | apelyido | huling pangalan"),
        "Santos",
    ),
    Column(
        "email", "E-mail", _("E-mail"),
        _or("email | email address | e-mail address | mail | customer email | billing email | e-mail 1 - value"
            " | thư điện tử | địa chỉ email | alamat email | surel | surat elektronik | adresa de email"
            " | adresă e-mail"),
        "maria@example.com",
    ),
    Column(
        "phone", "Phone", _("Phone"),
        _or("phone number | mobile | mobile number | mobile phone | cell | cellphone | telephone | tel | whatsapp"
            " | customer phone | contact number | billing phone | phone 1 - value | msisdn"
            " | số điện thoại | điện thoại | sđt | sdt | di động | số di động"
            " | no telepon | nomor telepon | no hp | nomor hp | hp | telepon | no wa | nomor whatsapp | no telp"
            " | telefon | nr telefon | număr de telefon | numar telefon | mobil"
            " | telepono | numero ng telepono | cp number | cp no"),
        "+63 917 123 4567",
    ),
    Column(
        "gender", "Gender", _("Gender"),
        _or("sex | giới tính | jenis kelamin | kelamin | gen | sexul | kasarian"), "female",
    ),
    Column(
        "birthday", "Birthday", _("Birthday"),
        _or("birth date | birthdate | date of birth | dob | birth day | ngày sinh | sinh nhật | tanggal lahir"
            " | tgl lahir | ulang tahun | data nașterii | zi de naștere | kaarawan | petsa ng kapanganakan"),
        "1990-05-17",
    ),
    Column(
        "company", "Company", _("Company"),
        _or("company name | organization | organisation | organization name | business name | billing company"
            " | công ty | tên công ty | perusahaan | nama perusahaan | firmă | companie | kumpanya"),
        "Santos Trading",
    ),
    Column(
        "tax_code", "Tax code", _("Tax code"),
        _or("tax id | tax number | vat number | vat id | vat | tin | mã số thuế | mst | npwp | cui | cif"
            " | cod fiscal"),
    ),
    Column(
        "citizen_id", "Citizen ID", _("Citizen ID"),
        _or("national id | id card | identity card | cccd | cmnd | căn cước | căn cước công dân | nik | ktp | cnp"
            " | philsys number"),
    ),
    Column(
        "country", "Country", _("Country"),
        _or("country code | country of residence | quốc gia | nước | negara | țară | bansa"), "PH",
    ),
    Column(
        "language", "Language", _("Language"),
        _or("locale | ngôn ngữ | bahasa | limbă | wika"), "fil",
    ),
    Column(
        "group", "Group", _("Group"),
        _or("customer group | group name | customer type | customer group code | nhóm | nhóm khách hàng | grup"
            " | grup pelanggan | kelompok | grupă | grup clienți | pangkat"),
        "Standard",
    ),
    Column(
        "tags", "Tags", _("Tags"),
        _or("tag | labels | customer tags | nhãn | thẻ | label | etiket | etichete | etichetă"), "vip, newsletter",
    ),
    Column(
        "staff", "Staff", _("Responsible staff member"),
        _or("sales agent | agent | owner | assigned to | account manager | responsible | nhân viên phụ trách"
            " | nhân viên | phụ trách | penanggung jawab | sales | agent de vânzări | responsabil"),
    ),
    Column(
        "status", "Status", _("Status"),
        _or("stage | customer status | lead status | trạng thái | tình trạng | tahap | stare | stadiu | katayuan"),
    ),
    Column(
        "source_channel", "Source channel", _("Channel the customer came by"),
        _or("source | channel | sales channel | kênh | kênh bán hàng | nguồn | sumber | saluran | kanal | sursă"
            " | canal"),
    ),
    Column(
        "referrer", "Referred by", _("Referred by"),
        _or("referrer | referral | referred from | người giới thiệu | giới thiệu bởi | perujuk | direferensikan oleh"
            " | recomandat de | nag-refer"),
    ),
    Column(
        "accepts_email", "Accepts e-mail", _("Accepts e-mail marketing"),
        _or("accepts email | accepts email marketing | accepts marketing | email consent | email subscription status"
            " | newsletter | subscribed | nhận email | nhận tin | terima email | langganan newsletter"
            " | acceptă e-mail | abonat newsletter"),
        "yes",
    ),
    Column(
        "accepts_sms", "Accepts SMS", _("Accepts SMS marketing"),
        _or("accepts sms marketing | sms consent | sms subscription status | nhận sms | terima sms | acceptă sms"),
        "no",
    ),
    Column("accepts_zalo", "Accepts Zalo", _("Accepts Zalo messages"), _or("zalo consent | nhận tin zalo")),
    Column(
        "accepts_whatsapp", "Accepts WhatsApp", _("Accepts WhatsApp messages"),
        _or("whatsapp consent | accepts whatsapp marketing | terima whatsapp"),
    ),
    Column(
        "consent_at", "Consent given at", _("When consent was given"),
        _or("consent at | consent date | optin time | opt in time | confirm time | subscribed at | ngày đồng ý"
            " | tanggal persetujuan | data consimțământului"),
    ),
    Column(
        "account_state", "Account", _("Account"),
        _or("account state | account status | customer account status | tài khoản | akun | status akun | cont"),
    ),
    Column(
        "oa_state", "Follows on Zalo", _("Follows the official account"),
        _or("oa state | followed oa | theo dõi oa"),
    ),
    Column("zalo_id", "Zalo ID", _("Zalo ID"), _or("zalo user id | zalo uid | id zalo")),
    Column(
        "note", "Note", _("Note"),
        _or("notes | comment | comments | remark | remarks | ghi chú | chú thích | catatan | keterangan | notă"
            " | observații | mențiuni | tala"),
        "Prefers to be called in the evening",
    ),
    Column(
        "address_label", "Address label", _("Name of the address"), _or("address name | address type | tên địa chỉ"),
        part="address",
    ),
    Column(
        "recipient", "Recipient", _("Recipient"),
        _or("recipient name | receiver | ship to | người nhận | nama penerima | penerima | destinatar | tatanggap"),
        part="address",
    ),
    Column("address_company", "Address company", _("Company at the address"), part="address"),
    Column(
        "address1", "Address", _("Address"),
        _or("address 1 | address1 | address line 1 | street | street address | billing address 1 | default address"
            " | địa chỉ | đường | alamat | alamat lengkap | jalan | adresă | stradă | tirahan | kalye"),
        "12 Mabini Street", "address",
    ),
    Column(
        "address2", "Address line 2", _("Address, second line"),
        _or("address 2 | address2 | apartment | suite | unit | billing address 2 | địa chỉ 2 | alamat 2 | adresă 2"),
        part="address",
    ),
    Column("area", "Area", _("Area"), _or("barangay | brgy | khu vực | kelurahan | desa | cartier"), part="address"),
    Column("ward", "Ward", _("Ward"), _or("phường | xã | phường xã"), part="address"),
    Column(
        "district", "District", _("District"), _or("quận | huyện | quận huyện | kecamatan | sector | distrito"),
        part="address",
    ),
    Column(
        "city", "City", _("City"),
        _or("town | billing city | municipality | location | thành phố | tỉnh thành | kota | kota kabupaten | kabupaten"
            " | oraș | localitate | lungsod | bayan"),
        "Makati", "address",
    ),
    Column(
        "region", "Province", _("Province"),
        _or("state | region | province code | province state | state province | billing state | county | tỉnh"
            " | tỉnh thành phố | provinsi | județ | lalawigan | probinsya"),
        "Metro Manila", "address",
    ),
    Column(
        "postal_code", "Postal code", _("Postal code"),
        _or("zip | zip code | postcode | post code | billing postcode | mã bưu điện | mã bưu chính | kode pos"
            " | cod poștal"),
        "1200", "address",
    ),
    Column("address_country", "Address country", _("Country of the address"), _or("billing country"), part="address"),
    Column("address_phone", "Address phone", _("Phone of the address"), part="address"),
    Column(
        "created_at", "Created at", _("Customer since"),
        _or("created | created on | date created | customer since | added | ngày tạo | tanggal dibuat | dibuat"
            " | data creării | creat la"),
    ),
    Column(
        "registered_at", "Registered at", _("Account since"),
        _or("registered | registration date | sign up | signup date | date registered | join date | joined"
            " | ngày đăng ký | tanggal daftar | data înregistrării"),
    ),
    Column(
        "total_spent", "Total spent", _("Total spent (comes from the orders, not from here)"),
        _or("amount spent | lifetime value | ltv | tổng chi tiêu | total belanja | total cheltuit"), part="ignored",
    ),
    Column(
        "total_orders", "Orders", _("Orders (come from the orders, not from here)"),
        _or("total orders | orders count | number of orders | order count | số đơn hàng | jumlah pesanan"
            " | număr de comenzi"),
        part="ignored",
    ),
)  # fmt: skip


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

COLUMNS: dict[str, dict[str, Column]] = {
    "customers": CUSTOMER_COLUMNS,
    "orders": ORDER_COLUMNS,
    "activity": ACTIVITY_COLUMNS,
}


@lru_cache(maxsize=4096)
def folded(header: str) -> str:
    """A header name as it is compared: "Nr. telefon:" → "nr telefon"."""
    return " ".join(_WORD.findall(fold(header[:200])))


def guess(header: list[str], kind: str) -> list[str]:
    """The field each column of a header most likely brings, "" for none; no field twice.

    A name that is written exactly so in a declaration goes before one that only sounds like it.
    """
    guesses = [""] * len(header)
    for spelled in (str.casefold, folded):
        known = _names(kind, spelled is folded)
        for index, cell in enumerate(header):
            field = known.get(spelled(cell.strip()), "") if not guesses[index] else ""
            if field and field not in guesses:
                guesses[index] = field
    return guesses


@cache
def _names(kind: str, is_folded: bool) -> dict[str, str]:
    """Header names → fields; our own name for a field goes before what others call one, earlier before later."""
    columns = COLUMNS[kind].values()
    ours = [(column.header, column.name) for column in columns]
    theirs = [(name, column.name) for column in columns for name in column.synonyms]
    found: dict[str, str] = {}
    for name, field in (*ours, *theirs, *((column.name, column.name) for column in columns)):
        found.setdefault(folded(name) if is_folded else name.casefold(), field)
    return found


_WORD = re.compile(r"[a-z0-9]+")
