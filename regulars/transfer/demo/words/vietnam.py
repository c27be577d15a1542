"""Vietnam: family name first, two thirds of the people share five of them."""

from stdnum.vn import mst

from regulars.transfer.demo.words.country import Country, lines, listed, places, weighted


def _tax_code(serial: int) -> str:
    """Mã số thuế: province, seven digits, check digit; serials whose check would have two digits are skipped."""
    while True:
        body = f"{('01', '03', '04', '31', '18')[serial % 5]}{serial % 9_999_999 + 1:07d}"
        if len(check := mst.calc_check_digit(body)) == 1:
            return body + check
        serial += 1


VIETNAM = Country(
    code="VN",
    language="vi",
    share=40,
    currency="VND",
    rate="1",
    family=weighted(
        "Nguyễn 32, Trần 11, Lê 9, Phạm 7, Hoàng 4, Huỳnh 4, Phan 4, Vũ 3, Võ 3, Đặng 3, Bùi 2, Đỗ 2, Hồ 2, Ngô 2,"
        "Dương 2, Lý 2, Đinh, Trịnh, Mai, Đoàn, Lâm, Tô, Lương, Tạ, Châu, Cao, Thái, Quách"
    ),
    women=listed("""
        Hương, Lan, Linh, Thảo, Trang, Hà, Ngọc, Mai, Phương, Hằng, Nhung, Yến, Thu, Hạnh, Đào, Quỳnh, Vy, Trâm, My,
        Như, Ngân, Hoa, Loan, Thủy, Hiền, Nga, Oanh, Thanh, Tuyết, Vân, Xuân, Giang, Châu, Diễm, Kiều, Thư, Anh, Uyên
    """),
    men=listed("""
        Minh, Hùng, Dũng, Tuấn, Nam, Long, Đức, Quang, Huy, Khoa, Phúc, Thành, Sơn, Hải, Bình, Cường, Tài, Trung, Việt,
        Khánh, Đạt, Toàn, Hiếu, Thắng, Lộc, Nghĩa, Tâm, Kiên, Phong, Duy
    """),
    middle_women=weighted("Thị 8, Ngọc 3, Thu 2, Phương 2, Thanh 2, Kim 2, Mỹ, Bích, Hồng, Minh, Bảo, Khánh, Quỳnh"),
    middle_men=weighted("Văn 6, Minh 3, Quốc 2, Đức 2, Hoàng 2, Thanh 2, Hữu, Xuân, Gia, Công, Anh, Bảo, Ngọc"),
    phone=(
        "84",
        listed("32, 33, 34, 35, 36, 37, 38, 39, 70, 76, 77, 78, 79, 81, 82, 83, 84, 85, 90, 91, 93, 94, 96, 97, 98"),
        7,
    ),
    mail=weighted("gmail.com 14, yahoo.com.vn 2, icloud.com 2, outlook.com, hotmail.com"),
    streets=listed("""
        Lê Lợi, Nguyễn Huệ, Trần Hưng Đạo, Hai Bà Trưng, Lý Thường Kiệt, Nguyễn Trãi, Điện Biên Phủ,
        Cách Mạng Tháng Tám, Võ Văn Tần, Phan Chu Trinh, Hoàng Diệu, Lê Duẩn, Nguyễn Văn Cừ, Quang Trung, Bà Triệu,
        Lạc Long Quân, Ngô Quyền, Phan Đình Phùng, Nguyễn Thị Minh Khai, Xô Viết Nghệ Tĩnh
    """),
    places=places(
        """
        6 | Phường Bến Nghé | Quận 1 | HCM | HCM | 700000 | Phường Sài Gòn | HCM | HCM
        5 | Phường Võ Thị Sáu | Quận 3 | HCM | HCM | 700000 | Phường Xuân Hòa | HCM | HCM
        5 | Phường 25 | Quận Bình Thạnh | HCM | HCM | 700000 | Phường Thạnh Mỹ Tây | HCM | HCM
        4 | Phường Tân Phong | Quận 7 | HCM | HCM | 700000 | Phường Tân Hưng | HCM | HCM
        4 | Phường 8 | Quận Phú Nhuận | HCM | HCM | 700000 | Phường Phú Nhuận | HCM | HCM
        4 | Phường 12 | Quận Tân Bình | HCM | HCM | 700000 | Phường Bảy Hiền | HCM | HCM
        3 | Phường Thảo Điền | TP. Thủ Đức | HCM | HCM | 700000 | Phường An Khánh | HCM | HCM
        2 | Phường Phú Cường | TP. Thủ Dầu Một | Thủ Dầu Một | Bình Dương | 820000 | Phường Thủ Dầu Một | HCM | HCM
        2 | Phường 1 | TP. Vũng Tàu | Vũng Tàu | Bà Rịa - Vũng Tàu | 790000 | Phường Vũng Tàu | HCM | HCM
        5 | Phường Hàng Bạc | Quận Hoàn Kiếm | Hà Nội | Hà Nội | 100000 | Phường Hoàn Kiếm | Hà Nội | Hà Nội
        5 | Phường Dịch Vọng | Quận Cầu Giấy | Hà Nội | Hà Nội | 100000 | Phường Cầu Giấy | Hà Nội | Hà Nội
        4 | Phường Láng Thượng | Quận Đống Đa | Hà Nội | Hà Nội | 100000 | Phường Láng | Hà Nội | Hà Nội
        3 | Phường Mộ Lao | Quận Hà Đông | Hà Nội | Hà Nội | 100000 | Phường Hà Đông | Hà Nội | Hà Nội
        3 | Phường Quảng An | Quận Tây Hồ | Hà Nội | Hà Nội | 100000 | Phường Tây Hồ | Hà Nội | Hà Nội
        4 | Phường An Hải Bắc | Quận Sơn Trà | Đà Nẵng | Đà Nẵng | 550000 | Phường An Hải | Đà Nẵng | Đà Nẵng
        1 | Phường Minh An | TP. Hội An | Hội An | Quảng Nam | 560000 | Phường Hội An | Đà Nẵng | Đà Nẵng
        3 | Phường Minh Khai | Quận Hồng Bàng | HP | HP | 180000 | Phường Hồng Bàng | HP | HP
        3 | Phường Tân An | Quận Ninh Kiều | Cần Thơ | Cần Thơ | 900000 | Phường Ninh Kiều | Cần Thơ | Cần Thơ
        2 | Phường Thuận Hòa | Quận Phú Xuân | Huế | Huế | 530000 | Phường Phú Xuân | Huế | Huế
        2 | Phường Lộc Thọ | TP. Nha Trang | Nha Trang | Khánh Hòa | 650000 | Phường Nha Trang | Nha Trang | Khánh Hòa
        2 | Phường 1 | TP. Đà Lạt | Đà Lạt | Lâm Đồng | 670000 | Phường Xuân Hương - Đà Lạt | Đà Lạt | Lâm Đồng
        2 | Phường Quyết Thắng | TP. Biên Hòa | Biên Hòa | Đồng Nai | 810000 | Phường Trấn Biên | Biên Hòa | Đồng Nai
        1 | Phường Quang Trung | TP. Vinh | Vinh | Nghệ An | 460000 | Phường Thành Vinh | Vinh | Nghệ An
        1 | Phường Bạch Đằng | TP. Hạ Long | Hạ Long | Quảng Ninh | 200000 | Phường Hồng Gai | Hạ Long | Quảng Ninh
        1 | Phường Mỹ Long | TP. Long Xuyên | Long Xuyên | An Giang | 880000 | Phường Long Xuyên | Long Xuyên | An Giang
        1 | Phường Tân Lợi | TP. BMT | BMT | Đắk Lắk | 630000 | Phường BMT | BMT | Đắk Lắk
    """.replace("HCM", "TP. Hồ Chí Minh")
        .replace("HP", "Hải Phòng")
        .replace("BMT", "Buôn Ma Thuột")
    ),
    companies=lines("""
        Công ty TNHH {word} {family}
        Công ty TNHH Thương mại {word}
        Công ty Cổ phần {word} {family}
        Spa {word}
        Thẩm mỹ viện {word}
        Cửa hàng mỹ phẩm {word}
    """),
    company_words=listed("""
        Hoa Sen, An Nhiên, Thiên Thanh, Bình Minh, Ngọc Lan, Hương Việt, Sao Mai, Thảo Mộc, Phú Mỹ, Hoàng Gia, Xuân Mai,
        Ánh Dương, Mộc Lan, Hải Âu, Trường An, Đông Á
    """),
    tax_code=_tax_code,
    notes=lines("""
        Khách thích giao buổi tối sau 18 giờ.
        Da nhạy cảm, không dùng sản phẩm có cồn.
        Hay mua quà tặng vào dịp Tết.
        Gọi trước khi giao hàng.
        Đã tư vấn bộ dưỡng da chống nắng, hẹn gọi lại tuần sau.
        Khách quen của chị Hà, luôn đặt lịch gội đầu dưỡng sinh.
        Muốn xuất hóa đơn công ty.
        Phàn nàn giao hàng chậm lần trước, đã xin lỗi và tặng mẫu thử.
        Hỏi giá sỉ từ 20 sản phẩm.
        Nhắn Zalo nhanh hơn gọi điện.
        Dị ứng hương hoa hồng.
        Sắp cưới vào cuối năm, quan tâm gói chăm sóc cô dâu.
    """),
    labels=("Nhà riêng", "Cơ quan"),
)
