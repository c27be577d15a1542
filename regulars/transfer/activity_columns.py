"""What a column of a file of visits and viewed products may hold."""

from django.utils.translation import gettext_lazy as _

from regulars.transfer.column import Column, by_name, either
from regulars.transfer.key_columns import CUSTOMER_KEYS

ACTIVITY_COLUMNS = by_name(
    Column(
        "activity_id", "Event ID", _("Event ID in the other system"),
        either("id | activity id | view id | log id | mã sự kiện | id sự kiện | id aktivitas | id eveniment"),
        "E-9001", "activity",
    ),
    Column(
        "type", "Type", _("What was done"),
        either("event | event name | event type | activity | activity type | action | sự kiện | loại | hành động"
               " | tipe | jenis | aktivitas | tip | eveniment | acțiune | uri | gawain"),
        "product_viewed", "activity",
    ),
    Column(
        "at", "At", _("When"),
        either("date | time | timestamp | event time | event date | viewed at | visited at | occurred at | created at"
               " | date time | datetime | thời gian | ngày | ngày xem | waktu | tanggal | dată | ora | petsa | oras"),
        "2026-03-01 14:30", "activity",
    ),
    *CUSTOMER_KEYS,
    Column(
        "visitor", "Visitor", _("Anonymous visitor"),
        either("visitor id | anonymous id | cookie | device | device id | client key | session | session id"
               " | khách vãng lai | pengunjung | vizitator"),
    ),
    Column(
        "sku", "SKU", _("SKU"),
        either("product sku | item code | variant sku | mã sản phẩm | kode produk | cod produs"), "CB-1000", "line",
    ),
    Column(
        "product", "Product", _("Product"),
        either("product name | product title | item | item name | sản phẩm | tên sản phẩm | produk | nama produk"
               " | produs | nume produs | produkto"),
        "Coffee beans 1 kg", "line",
    ),
    Column(
        "product_id", "Product ID", _("Product ID in the other system"),
        either("product external id | item id | id sản phẩm | id produk | id produs"), part="line",
    ),
    Column(
        "category", "Category", _("Category"),
        either("product category | product type | danh mục | loại sản phẩm | kategori | categorie | kategorya"),
        "Coffee", "line",
    ),
    Column(
        "collection", "Collection", _("Collection"), either("collection name | bộ sưu tập | koleksi | colecție"),
        part="line",
    ),
    Column(
        "image_url", "Picture", _("Address of the product's picture"), either("image | image url | photo"), part="line",
    ),
    Column(
        "url", "Page", _("Address of the page"),
        either("url | page url | page | link | landing page | trang | halaman | pagină | pahina"), part="activity",
    ),
)  # fmt: skip
