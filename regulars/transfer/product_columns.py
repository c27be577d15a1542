"""What a column of a file of products and services may hold."""

from django.utils.translation import gettext_lazy as _

from regulars.transfer.column import Column, by_name, either

PRODUCT_COLUMNS = by_name(
    Column(
        "product_id", "Product ID", _("Product ID in the other system"),
        either("id | product external id | item id | variant id | handle | id sản phẩm | id produk | id produs"),
        "P-300", "product",
    ),
    Column(
        "channel", "Channel of the ID", _("The other system"),
        either("id channel | external system | system | hệ thống | sistem | sistem extern"), "website", "product",
    ),
    Column(
        "sku", "SKU", _("SKU"),
        either("product sku | item code | variant sku | seller sku | product code | code | reference | mã sản phẩm"
               " | mã hàng | kode produk | kode barang | cod produs"),
        "CB-1000", "product",
    ),
    Column(
        "name", "Name", _("Name"),
        either("product name | product | title | product title | item | item name | tên sản phẩm | tên hàng"
               " | sản phẩm | nama produk | nama barang | produk | nume produs | produs | denumire | produkto"),
        "Coffee beans 1 kg", "product",
    ),
    Column(
        "family", "Family", _("What variants have in common"),
        either("product family | parent | parent product | họ sản phẩm | induk | familie"), part="product",
    ),
    Column(
        "variant", "Variant", _("What sets a variant apart"),
        either("variant name | variant title | option1 value | biến thể | phiên bản | varian | variantă"),
        part="product",
    ),
    Column("variant2", "Variant 2", _("Second thing that sets it apart"), either("option2 value"), part="product"),
    Column("variant3", "Variant 3", _("Third thing that sets it apart"), either("option3 value"), part="product"),
    Column(
        "category", "Category", _("Category"),
        either("product category | product type | categories | department | danh mục | nhóm hàng | loại sản phẩm"
               " | kategori | categorie | kategorya"),
        "Coffee", "product",
    ),
    Column(
        "tags", "Tags", _("Tags"), either("tag | labels | product tags | nhãn | thẻ | label | etichete | etichetă"),
        "arabica, roast", "product",
    ),
    Column(
        "price", "Price", _("Price"),
        either("unit price | regular price | sale price | variant price | selling price | list price | retail price"
               " | giá | giá bán | đơn giá | harga | harga jual | preț | preț de vânzare | presyo"),
        "1,250.00", "product",
    ),
    Column(
        "image_url", "Picture", _("Address of the picture"),
        either("image | images | image url | image src | photo | picture url | hình ảnh | ảnh | gambar | foto"
               " | imagine | poză | larawan"),
        "https://example.com/coffee.jpg", "product",
    ),
    Column(
        "service", "Service", _("A service, not goods"),
        either("is service | dịch vụ | là dịch vụ | jasa | layanan | serviciu | este serviciu | serbisyo"), "no",
        "product",
    ),
)  # fmt: skip
