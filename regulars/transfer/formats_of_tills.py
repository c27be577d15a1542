"""Files of tills: programs for shops with a counter."""

from django.utils.translation import gettext_lazy as _

from regulars.kit.text import fold
from regulars.transfer.format import APOSTROPHES, IGNORED, Format


def _last(cell: str) -> str:
    """The last of several categories, one inside the other: "Đồ uống>>Cà phê" → "Cà phê"."""
    return cell.rsplit(">>", 1)[-1].strip()


def _is_service(cell: str) -> str:
    return "yes" if fold(cell) == "dich vu" else "no"


TILL_FORMATS = (
    Format(
        "kiotviet_customers", "customers", _("KiotViet customers"),
        ("Mã khách hàng", "Tên khách hàng", "Nợ cần thu hiện tại"),
        {
            "Mã khách hàng": "external_id", "Tên khách hàng": "name", "Điện thoại": "phone", "Email": "email",
            "Địa chỉ": "address1", "Phường/Xã": "ward", "Khu vực giao hàng": "city", "Khu vực": "city",
            "Công ty": "company", "Mã số thuế": "tax_code", "Số CMND/CCCD": "citizen_id", "Ngày sinh": "birthday",
            "Giới tính": "gender", "Nhóm khách hàng": "group", "Ghi chú": "note", "Ngày tạo": "created_at",
            "Loại khách": IGNORED, "Chi nhánh tạo": IGNORED, "Chi nhánh": IGNORED, "Facebook": IGNORED,
            "Người tạo": IGNORED, "Ngày giao dịch cuối": IGNORED, "Số ngày nợ": IGNORED,
            "Nợ cần thu hiện tại": IGNORED, "Tổng bán": "total_spent", "Tổng bán trừ trả hàng": IGNORED,
            "Trạng thái": IGNORED, "Điểm hiện tại": "points", "Tổng điểm": IGNORED,
        },
        "kiotviet", {"group": lambda cell: cell.split("|", 1)[0].strip()},
    ),
    Format(
        "kiotviet_points", "points", _("KiotViet points"),
        ("Mã khách hàng", "Tên khách hàng", "Điểm hiện tại"),
        {
            "Mã khách hàng": "external_id", "Điện thoại": "phone", "Email": "email", "Điểm hiện tại": "points",
            "Tổng điểm": IGNORED, "Ghi chú": IGNORED, "Chi nhánh": IGNORED,
        },
        "kiotviet",
    ),
    Format(
        "kiotviet_products", "products", _("KiotViet goods"),
        ("Mã hàng", "Tên hàng", "Nhóm hàng(3 Cấp)"),
        {
            "Mã hàng": "sku", "Tên hàng": "name", "Nhóm hàng(3 Cấp)": "category", "Giá bán": "price",
            "Hình ảnh": "image_url", "Hình ảnh (url1,url2...)": "image_url", "Loại hàng": "service",
            "Mã vạch": IGNORED, "Thương hiệu": IGNORED, "Giá vốn": IGNORED, "Tồn kho": IGNORED,
            "Tồn nhỏ nhất": IGNORED, "Tồn lớn nhất": IGNORED, "ĐVT": IGNORED, "Mã ĐVT Cơ bản": IGNORED,
            "Quy đổi": IGNORED, "Thuộc tính": IGNORED, "Mô tả": IGNORED, "Vị trí": IGNORED,
        },
        "kiotviet", {"category": _last, "service": _is_service},
    ),
    Format(
        "kiotviet_invoices", "orders", _("KiotViet invoices"),
        ("Mã hóa đơn", "Thời gian", "Khách cần trả"),
        {
            "Mã hóa đơn": "order_id", "Thời gian": "placed_at", "Mã khách hàng": "external_id",
            "Mã KH": "external_id", "Tên khách hàng": "name", "Khách hàng": "name", "Điện thoại": "phone",
            "Email": "email", "Khách cần trả": "total", "Khách đã trả": "paid", "Tổng tiền hàng": "subtotal",
            "Giảm giá hóa đơn": "discount", "Trạng thái": "state", "Chi nhánh": "location", "Ghi chú": "order_note",
            "Mã hàng": "line_sku", "Tên hàng": "line_title", "Số lượng": "line_quantity", "Đơn giá": "line_price",
            "Giá bán": IGNORED, "Thành tiền": IGNORED, "Giảm giá": IGNORED, "Người bán": IGNORED,
            "Người tạo": IGNORED, "Kênh bán": IGNORED, "Mã trả hàng": IGNORED,
        },
        "kiotviet",
    ),
    Format(
        "sapo_customers", "customers", _("Sapo customers"),
        ("Tên khách hàng", "Mã khách hàng", "Mã nhóm khách hàng", "Áp dụng ưu đãi"),
        {
            "Tên khách hàng": "name", "Mã khách hàng": "external_id", "Mã nhóm khách hàng": "group",
            "Email": "email", "Điện thoại": "phone", "Ngày sinh": "birthday", "Giới tính": "gender",
            "Địa chỉ": "address1", "Tỉnh thành": "region", "Quận huyện": "district", "Phường xã": "ward",
            "Mã số thuế": "tax_code", "Mô tả": "note", "Tags": "tags", "Tổng chi tiêu": "total_spent",
            "SL đơn hàng": "total_orders", "Áp dụng ưu đãi": IGNORED, "Người liên hệ": IGNORED,
            "Người liên hệ - SĐT": IGNORED, "Người liên hệ - Email": IGNORED, "Website": IGNORED, "Fax": IGNORED,
            "Chính sách giá mặc định": IGNORED, "Chiết khấu mặc định (%)": IGNORED,
            "Phương thức thanh toán mặc định": IGNORED, "Nợ hiện tại": IGNORED,
            "Tổng SL sản phẩm đã mua": IGNORED, "Tổng SL sản phẩm hoàn trả": IGNORED, "Ngày mua cuối cùng": IGNORED,
        },
        "sapo", APOSTROPHES,
    ),
    Format(
        "sapo_products", "products", _("Sapo products"),
        ("Tên sản phẩm", "Mã SKU", "PL_Giá bán lẻ"),
        {
            "Tên sản phẩm": "name", "Mã SKU": "sku", "PL_Giá bán lẻ": "price", "Loại sản phẩm": "category",
            "Tags": "tags", "Ảnh đại diện": "image_url", "Hình thức quản lý sản phẩm": IGNORED,
            "Mô tả sản phẩm": IGNORED, "Nhãn hiệu": IGNORED, "Tên phiên bản sản phẩm": IGNORED, "Barcode": IGNORED,
            "Khối lượng": IGNORED, "Đơn vị khối lượng": IGNORED, "Đơn vị": IGNORED, "Áp dụng thuế": IGNORED,
            "PL_Giá nhập": IGNORED, "PL_Giá bán buôn": IGNORED,
            **{f"Thuộc tính {number}": IGNORED for number in (1, 2, 3)},
            **{f"Giá trị thuộc tính {number}": IGNORED for number in (1, 2, 3)},
        },
        "sapo",
    ),
)  # fmt: skip
