"""What goes out to other calendars of the title of a task."""

import pytest

from regulars.kit.money import show_money
from regulars.tasks.discreet import without_contacts


@pytest.mark.parametrize(
    "said",
    [
        "Thu nợ 1.250.000 ₫ trước 31/12/2026",
        "Collect Rp 1.250.000 by 2026-12-31 14:30",
        "Reminder 2026-12-31 12:00, 1 250 000 đ",
        "₱1,250,000.00 due 12/31/2026",
        "1.250.000,50 lei până pe 31.12.2026",
        "USD 12500000",
        "31-12-26 and 01.02.27",
        "Order 1001 of 3 parts",
    ],
)
def test_keeps_days_hours_and_amounts(said):
    assert without_contacts(said) == said


@pytest.mark.parametrize("locale", ["en", "vi", "id", "fil", "ro"])
@pytest.mark.parametrize("currency", ["VND", "IDR", "PHP", "RON", "EUR"])
def test_keeps_amounts_as_pages_write_them(locale, currency):
    said = f"Collect {show_money(123456789000, currency, locale)}"

    assert without_contacts(said) == said


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Call 0912345678", "Call …"),
        ("Call +84 912 345 678 about 500.000 ₫", "Call … about 500.000 ₫"),
        ("0912 345 678 đi 3 ngày", "… đi 3 ngày"),
        ("0912.345.678 ₫", "… ₫"),
        ("(028) 3822 1234", "(…"),
        ("912 345 678", "…"),
        ("31/12/2026 0912345678", "31/12/2026 …"),
        ("01.02.2026.345.678", "…"),
        ("Ann ann.le+x@example.com.vn 2026-12-31", "Ann … 2026-12-31"),
    ],
)
def test_leaves_contacts_out(said, told):
    assert without_contacts(said) == told
