"""Files of marketplaces, shop systems and lists, each by the header that its export is known to have."""

import csv

import pytest

from regulars.catalog.models import Product
from regulars.customers.models import Address, ConsentState, Customer
from regulars.orders.models import FulfilmentState, Line, Order, Payment
from regulars.transfer.commands import import_file
from regulars.transfer.formats import recognise
from tests.transfer.conftest import make_shop
from tests.transfer.test_formats import known_headers

HEADERS = known_headers()


@pytest.fixture
def bring(tmp_path):
    """Import rows given as {header: cell} under a known header."""

    def brought(kind, shop, header, *rows):
        path = tmp_path / "file.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, HEADERS[header], restval="")
            writer.writeheader()
            writer.writerows(rows)
        return import_file(kind, path, shop)

    return brought


def figures(answer):
    return tuple(answer[name] for name in ("created", "updated", "unchanged", "rejected"))


@pytest.mark.parametrize(
    ("header", "kind", "format"),
    [
        ("shopee_en_orders_partial", "orders", "shopee_orders"),
        ("lazada_orders_partial", "orders", "lazada_orders"),
        ("tiktok_orders", "orders", "tiktok_orders"),
        ("magento_customers_main", "customers", "magento_customers"),
        ("prestashop_customers_import", "customers", "prestashop_customers"),
        ("odoo_contacts_partial", "customers", "odoo_contacts"),
        ("kiotviet_customers", "customers", "kiotviet_customers"),
        ("mailchimp_unsubscribed", "consents", "mailchimp_unsubscribed"),
        ("woocommerce_products_partial", "products", "woocommerce_products"),
        ("shopify_products", "products", "shopify_products"),
        ("kiotviet_products", "products", "kiotviet_products"),
        ("kiotviet_invoices_partial", "orders", "kiotviet_invoices"),
        ("sapo_customers_partial", "customers", "sapo_customers"),
        ("sapo_products_partial", "products", "sapo_products"),
    ],
)
def test_are_recognised_by_their_headers(header, kind, format):
    assert recognise(HEADERS[header], kind).name == format


class TestMarketplaces:
    SHOPEE = {
        "No. Pesanan": "2603011ABC", "Status Pesanan": "Selesai", "Waktu Pesanan Dibuat": "2026-03-01 10:00",
        "Waktu Pembayaran Dilakukan": "2026-03-01 10:05", "Metode Pembayaran": "ShopeePay", "Nama Produk": "Kopi",
        "Nomor Referensi SKU": "KP-1", "Harga Setelah Diskon": "Rp 50.000", "Jumlah": "2",
        "Total Pembayaran": "Rp 130.000", "Username (Pembeli)": "budi_88", "Nama Penerima": "B***i",
        "No. Telepon": "62812****7890", "Alamat Pengiriman": "Jl. M*****", "Kota/Kabupaten": "KOTA BANDUNG",
        "Provinsi": "JAWA BARAT",
    }  # fmt: skip

    @pytest.fixture
    def toko(self, db):
        return make_shop("toko", "ID", "IDR", timezone="Asia/Jakarta", language="id")

    def test_of_shopee_bring_orders_of_several_rows(self, toko, bring):
        second = self.SHOPEE | {"Nama Produk": "Teh", "Nomor Referensi SKU": "TH-1", "Harga Setelah Diskon": "30.000",
                                "Jumlah": "1"}  # fmt: skip

        answer = bring("orders", toko, "shopee_id_orders_partial", self.SHOPEE, second)

        order = Order.objects.of(toko).get()
        assert figures(answer) == (1, 0, 0, 0)
        assert (order.total, order.captured, order.fulfilment_state) == (13000000, 13000000, FulfilmentState.DELIVERED)
        assert [(line.title, line.quantity, line.unit_price) for line in Line.objects.of(toko).order_by("id")] == [
            ("Kopi", 2, 5000000), ("Teh", 1, 3000000),
        ]  # fmt: skip

    def test_hide_phones_which_join_nobody(self, toko, bring):
        other = self.SHOPEE | {"No. Pesanan": "2603012DEF", "Username (Pembeli)": "siti_1", "Nama Penerima": "S***i"}

        bring("orders", toko, "shopee_id_orders_partial", self.SHOPEE, other)

        people = Customer.objects.of(toko)
        assert people.count() == 2
        assert {one.phone for one in people} == {None}
        assert {one.identities.get().external_id for one in people} == {"budi_88", "siti_1"}

    def test_know_the_buyer_again_by_their_name_there_unless_it_is_hidden(self, toko, bring):
        again = self.SHOPEE | {"No. Pesanan": "2603013GHI"}
        hidden = self.SHOPEE | {"No. Pesanan": "2603014JKL", "Username (Pembeli)": "b*****8"}

        bring("orders", toko, "shopee_id_orders_partial", self.SHOPEE, again)
        bring("orders", toko, "shopee_id_orders_partial", hidden)

        assert sorted(one.orders_count for one in Customer.objects.of(toko))[-1] == 2
        assert not Customer.objects.of(toko).filter(identities__external_id="b*****8").exists()

    def test_tell_what_became_of_an_order(self, toko, bring):
        rows = [
            self.SHOPEE | {"No. Pesanan": word, "Status Pesanan": word, "Waktu Pembayaran Dilakukan": ""}
            for word in ("Belum Bayar", "Perlu Dikirim", "Telah Dikirim", "Batal")
        ]

        answer = bring("orders", toko, "shopee_id_orders_partial", *rows)

        orders = {order.number or order.external_id: order for order in Order.objects.of(toko)}
        assert figures(answer) == (4, 0, 0, 0)
        assert orders["Batal"].cancelled_at
        assert {order.captured for order in orders.values()} == {0}

    def test_of_lazada_are_a_row_a_piece(self, shop, bring):
        row = {
            "orderItemId": "1", "sellerSku": "MUG", "lazadaSku": "MUG-1", "orderNumber": "330112345678901",
            "createTime": "01 Mar 2026 10:22", "customerName": "M***a", "customerEmail": "m****a@gmail.com",
            "shippingName": "M***a", "shippingPhone": "63********89", "payMethod": "COD", "paidPrice": "250.00",
            "unitPrice": "300.00", "itemName": "Mug", "status": "delivered",
        }  # fmt: skip

        answer = bring("orders", shop, "lazada_orders_partial", row, row | {"orderItemId": "2"})

        order, maria = Order.objects.of(shop).get(), Customer.objects.of(shop).get()
        assert figures(answer) == (1, 0, 0, 0)
        assert (order.external_id, order.total, order.captured) == ("330112345678901", 50000, 50000)
        assert (maria.email, maria.phone) == (None, None)

    def test_of_tiktok_tell_of_refunds(self, shop, bring):
        row = {
            "Order ID": "576461413038785752\t", "Order Status": "Completed", "SKU ID": "1", "Seller SKU": "MUG",
            "Product Name": "Mug", "Quantity": "2", "SKU Unit Original Price": "300", "SKU Seller Discount": "50",
            "SKU Subtotal After Discount": "550", "Order Amount": "PHP 590.00", "Order Refund Amount": "100",
            "Shipping Fee After Discount": "40", "Created Time": "13/03/2026 10:22:33\t",
            "Paid Time": "13/03/2026 10:25:00\t", "Buyer Username": "maria88", "Recipient": "M*** S***",
            "Phone #": "(+63)917*****67", "Country": "Philippines", "Province": "Metro Manila",
        }  # fmt: skip

        answer = bring("orders", shop, "tiktok_orders", row)

        order = Order.objects.of(shop).get()
        assert (figures(answer), answer["warnings"].get("placed_at")) == ((1, 0, 0, 0), None)
        assert (order.external_id, order.total, order.refunded) == ("576461413038785752", 59000, 10000)
        assert order.placed_at.isoformat() == "2026-03-13T02:22:33+00:00"

    def test_of_shopee_in_english_arrive(self, shop, bring):
        row = {
            "Order ID": "260301XYZ", "Order Status": "To ship", "Order Creation Date": "2026-03-01 10:00",
            "Order Paid Time": "2026-03-01 10:05", "Product Name": "Mug", "SKU Reference No.": "MUG",
            "Original Price": "300", "Deal Price": "250", "Quantity": "1", "Grand Total": "290",
            "Username (Buyer)": "maria88", "Receiver Name": "M***a", "Phone Number": "******67",
        }  # fmt: skip

        answer = bring("orders", shop, "shopee_en_orders_partial", row)

        order = Order.objects.of(shop).get()
        assert (figures(answer), order.total, order.captured) == ((1, 0, 0, 0), 29000, 29000)
        assert order.fulfilment_state == FulfilmentState.UNFULFILLED


class TestTills:
    @pytest.fixture
    def quan(self, db):
        return make_shop("quan", "VN", "VND", timezone="Asia/Ho_Chi_Minh", language="vi")

    def test_of_kiotviet_bring_invoices_with_their_goods(self, quan, bring):
        row = {
            "Mã hóa đơn": "HD000012", "Thời gian": "13/03/2026 10:22", "Mã khách hàng": "KH000001",
            "Tên khách hàng": "Nguyễn Thị Đào", "Điện thoại": "0901234567", "Tổng tiền hàng": "150000",
            "Khách cần trả": "150000", "Khách đã trả": "100000", "Mã hàng": "CF-1", "Tên hàng": "Cà phê",
            "Số lượng": "2", "Đơn giá": "50000", "Thành tiền": "100000", "Trạng thái": "Hoàn thành",
        }  # fmt: skip
        tea = row | {"Mã hàng": "TRA", "Tên hàng": "Trà", "Số lượng": "1", "Thành tiền": "50000"}

        answer = bring("orders", quan, "kiotviet_invoices_partial", row, tea)

        order, dao = Order.objects.of(quan).get(), Customer.objects.of(quan).get()
        assert (figures(answer), answer["warnings"]) == ((1, 0, 0, 0), {})
        assert (order.total, order.captured, order.fulfilment_state) == (150000, 100000, FulfilmentState.DELIVERED)
        assert (dao.debt, dao.identities.get().external_id) == (50000, "KH000001")
        assert [(line.sku, line.quantity, line.unit_price) for line in order.lines.order_by("id")] == [
            ("CF-1", 2, 50000), ("TRA", 1, 50000),
        ]  # fmt: skip

    def test_of_kiotviet_bring_goods(self, quan, bring):
        answer = bring(
            "products", quan, "kiotviet_products",
            {"Loại hàng": "Hàng hóa", "Nhóm hàng(3 Cấp)": "Đồ uống>>Cà phê", "Mã hàng": "CF-1", "Tên hàng": "Cà phê",
             "Giá bán": "50,000"},
            {"Loại hàng": "Dịch vụ", "Nhóm hàng(3 Cấp)": "", "Mã hàng": "GIAO", "Tên hàng": "Giao hàng"},
        )  # fmt: skip

        coffee, delivery = Product.objects.of(quan).order_by("sku")
        assert (figures(answer), answer["warnings"]) == ((2, 0, 0, 0), {})
        assert (coffee.name, coffee.price, coffee.category, coffee.is_service) == ("Cà phê", 50000, "Cà phê", False)
        assert delivery.is_service

    def test_of_sapo_bring_customers_and_goods(self, quan, bring):
        people = bring("customers", quan, "sapo_customers_partial", {
            "Tên khách hàng": "Nguyễn Thị Đào", "Mã khách hàng": "CUZN00001", "Mã nhóm khách hàng": "BANLE",
            "Áp dụng ưu đãi": "Có", "Điện thoại": "0901234567", "Ngày sinh": "25/12/1990", "Giới tính": "Nữ",
            "Địa chỉ": "1 Lê Lợi", "Tỉnh thành": "TP Hồ Chí Minh", "Quận huyện": "Quận 1", "Phường xã": "Bến Nghé",
            "Mô tả": "thích trà", "Người liên hệ - Email": "other@example.com",
        })  # fmt: skip
        goods = bring("products", quan, "sapo_products_partial", {
            "Tên sản phẩm*": "Trà", "Mã SKU*": "TRA", "PL_Giá bán lẻ": "50000", "Loại sản phẩm": "Đồ uống",
            "Tags": "nóng, lạnh", "Tên phiên bản sản phẩm": "Trà - nóng", "LC_CN1_Tồn kho ban đầu*": "9",
        })  # fmt: skip

        dao, tea = Customer.objects.of(quan).get(), Product.objects.of(quan).get()
        assert (figures(people), people["warnings"]) == ((1, 0, 0, 0), {})
        assert (dao.phone, dao.email, dao.group.name, dao.birth_md) == ("+84901234567", None, "BANLE", 1225)
        assert (dao.identities.get().channel, dao.addresses.get().district) == ("sapo", "Quận 1")
        assert (figures(goods), goods["warnings"]) == ((1, 0, 0, 0), {})
        assert (tea.name, tea.price, tea.category) == ("Trà", 50000, "Đồ uống")


class TestShopifyProducts:
    MUG = {
        "Handle": "mug", "Title": "Mug", "Type": "Kitchen", "Product Category": "Home > Kitchen", "Tags": "gift, blue",
        "Option1 Name": "Colour", "Option1 Value": "Red", "Option2 Value": "L", "Variant SKU": "'MUG-R",
        "Variant Price": "250.00", "Image Src": "https://cdn.example/mug.jpg",
    }  # fmt: skip
    BLUE = {
        "Handle": "mug",
        "Option1 Value": "Blue",
        "Option2 Value": "L",
        "Variant SKU": "MUG-B",
        "Variant Price": "260",
    }
    PICTURE = {"Handle": "mug", "Image Src": "https://cdn.example/2.jpg", "Image Position": "2"}
    CARD = {
        "Handle": "card",
        "Title": "Card",
        "Option1 Value": "Default Title",
        "Variant SKU": "C",
        "Variant Price": "9",
    }

    def test_are_one_a_variant_with_what_the_first_row_says(self, shop, bring):
        answer = bring("products", shop, "shopify_products", self.MUG, self.BLUE, self.PICTURE, self.CARD)
        again = bring("products", shop, "shopify_products", self.MUG, self.BLUE, self.PICTURE, self.CARD)

        card, blue, red = Product.objects.of(shop).order_by("sku")
        assert (figures(answer), figures(again), answer["rows"]) == ((3, 0, 0, 0), (0, 0, 3, 0), 3)
        assert (red.sku, red.name, red.category, red.price) == ("MUG-R", "Mug - Red / L", "Kitchen", 25000)
        assert (blue.name, blue.category, blue.price, blue.image_url) == (
            "Mug - Blue / L", "Kitchen", 26000, "https://cdn.example/mug.jpg",
        )  # fmt: skip
        assert (card.name, card.price) == ("Card", 900)

    def test_without_a_sku_are_rejected_alone(self, shop, bring):
        answer = bring("products", shop, "shopify_products", self.MUG, self.BLUE | {"Variant SKU": ""}, self.CARD)

        assert figures(answer) == (2, 0, 0, 1)
        assert [error["line"] for error in answer["errors"]] == [3]

    def test_are_those_that_orders_speak_of(self, shop, bring):
        bring("orders", shop, "shopify_orders_2025", {
            "Name": "#1", "Email": "ann@example.com", "Financial Status": "paid", "Total": "260", "Currency": "PHP",
            "Created at": "2025-03-01 09:59:00 +0800", "Lineitem quantity": "1", "Lineitem name": "Mug - Blue / L",
            "Lineitem price": "260", "Lineitem sku": "MUG-B",
        })  # fmt: skip

        answer = bring("products", shop, "shopify_products", self.MUG, self.BLUE)

        assert figures(answer) == (1, 1, 0, 0)
        assert Product.objects.of(shop).get(sku="MUG-B").price == 26000


class TestShopifyOrdersWithSeveralPayments:
    def test_keep_every_number_that_stands_on_a_statement(self, shop, bring):
        row = {
            "Name": "#1003", "Id": "'5503", "Email": "ann@example.com", "Financial Status": "partially_refunded",
            "Paid at": "2025-03-01 10:00:00 +0800", "Currency": "PHP", "Total": "1000.00",
            "Created at": "2025-03-01 09:59:00 +0800", "Lineitem quantity": "1", "Lineitem name": "Mug",
            "Lineitem price": "1000.00", "Payment Method": "Gift Card + Stripe", "Refunded Amount": "300.00",
            "Outstanding Balance": "0.00", "Payment References": "rGift.1 + rStripe.2",
        }  # fmt: skip

        bring("orders", shop, "shopify_orders_2025", row)
        again = bring("orders", shop, "shopify_orders_2025", row)

        order = Order.objects.of(shop).get()
        references = " ".join(Payment.objects.of(shop).values_list("reference", flat=True))
        assert (order.captured, order.refunded, again["unchanged"]) == (100000, 30000, 1)
        assert "rGift.1" in references
        assert "rStripe.2" in references


class TestLists:
    def test_of_magento_arrive_without_their_secrets(self, shop, bring):
        answer = bring("customers", shop, "magento_customers_main", {
            "email": "ann@example.com", "_website": "base", "_store": "default", "created_at": "2024-09-01 12:49:00",
            "dob": "1990-05-17", "firstname": "Ann", "lastname": "Lee", "gender": "2", "group_id": "1",
            "taxvat": "", "password_hash": "d708be3f:1", "rp_token": "07e7", "website_id": "1",
        })  # fmt: skip

        ann = Customer.objects.of(shop).get()
        assert (answer["warnings"], ann.name, ann.gender, ann.birth_year) == ({}, "Ann Lee", 1, 1990)
        assert (ann.group.key, ann.notes.count()) == ("standard", 0)

    def test_of_prestashop_arrive(self, shop, bring):
        answer = bring("customers", shop, "prestashop_customers_import", {
            "Customer ID": "5", "Active (0/1)": "1", "Titles ID (Mr = 1, Ms = 2, else 0)": "1",
            "Email *": "jo@example.com", "Password *": "secret", "Birthday (yyyy-mm-dd)": "0000-00-00",
            "Last Name *": "Doe", "First Name *": "Jo", "Newsletter (0/1)": "1",
            "Registration date (yyyy-mm-dd)": "2020-01-01", "Groups (x,y,z...)": "3", "Default group ID": "3",
        })  # fmt: skip

        jo = Customer.objects.of(shop).get()
        identity = jo.identities.get()
        assert (answer["warnings"], jo.name, jo.gender, jo.birth_year) == ({}, "Jo Doe", 2, None)
        assert (identity.channel, identity.external_id) == ("prestashop", "5")
        assert (jo.consent_email, jo.registered_at.year) == (ConsentState.SUBSCRIBED, 2019)  # local midnight

    def test_of_odoo_arrive(self, shop, bring):
        bring("customers", shop, "odoo_contacts_partial", {
            "id": "__export__.res_partner_12", "name": "Lan Nguyen", "email": "lan@example.com",
            "mobile": "+84 90 123 45 67", "street": "12 Ly Thai To", "city": "Ha Noi", "state_id": "Ha Noi (VN)",
            "zip": "100000", "country_id": "Vietnam", "vat": "", "category_id": "VIP,Dealer", "lang": "vi_VN",
        })  # fmt: skip

        lan, address = Customer.objects.of(shop).get(), Address.objects.of(shop).get()
        assert (lan.phone, lan.country, lan.language, len(lan.tag_ids)) == ("+84901234567", "VN", "vi", 2)
        assert (address.line1, address.region, address.postal_code) == ("12 Ly Thai To", "Ha Noi", "100000")
        assert lan.identities.get().channel == "odoo"

    def test_of_kiotviet_arrive(self, db, bring):
        shop = make_shop("quan", "VN", "VND", timezone="Asia/Ho_Chi_Minh", language="vi")

        answer = bring("customers", shop, "kiotviet_customers", {
            "Loại khách": "Cá nhân", "Mã khách hàng": "KH000001", "Tên khách hàng": "Nguyễn Thị Đào",
            "Điện thoại": "0901234567", "Địa chỉ": "1 Lê Lợi", "Phường/Xã": "Bến Nghé", "Ngày sinh": "25/12/1990",
            "Giới tính": "Nữ", "Nhóm khách hàng": "VIP|Sỉ", "Ghi chú": "thích trà", "Ngày tạo": "01/02/2024 10:00:00",
            "Nợ cần thu hiện tại": "100000", "Tổng bán": "2000000", "Trạng thái": "1",
        })  # fmt: skip

        dao = Customer.objects.of(shop).get()
        assert (figures(answer), answer["warnings"]) == ((1, 0, 0, 0), {})
        assert (dao.phone, dao.group.name, dao.birth_md, dao.gender) == ("+84901234567", "VIP", 1225, 1)
        assert (dao.total_spent, dao.status_id, dao.identities.get().external_id) == (0, None, "KH000001")

    def test_of_google_with_several_values_take_the_first_that_is_one(self, shop, bring):
        bring("customers", shop, "google_contacts_new", {
            "First Name": "Ann", "Last Name": "Lee", "Labels": "VIP ::: * myContacts",
            "E-mail 1 - Value": "ann@example.com ::: ann@work.example",
            "Phone 1 - Value": "0917 123 4567 ::: 0917 000 1111",
        })  # fmt: skip

        ann = Customer.objects.of(shop).get()
        assert (ann.email, ann.phone, len(ann.tag_ids)) == ("ann@example.com", "+639171234567", 2)
