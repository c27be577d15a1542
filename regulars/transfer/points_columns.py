"""What a column of a file of points balances may hold."""

from django.utils.translation import gettext_lazy as _

from regulars.transfer.column import Column, by_name, either
from regulars.transfer.key_columns import CUSTOMER_KEYS

POINTS_NAMES = either(
    "point | points balance | point balance | current points | available points | reward points | loyalty points"
    " | loyalty point | membership points | member points | bonus points | điểm | điểm hiện tại | số điểm"
    " | điểm tích lũy | điểm thưởng | điểm thành viên | điểm khả dụng | số dư điểm | poin | saldo poin | jumlah poin"
    " | poin tersedia | poin member | poin loyalitas | puncte | puncte disponibile | sold puncte | puncte de fidelitate"
    " | punct | puntos | balanse ng puntos | natitirang puntos"
)
"""What files call the balance itself."""

POINTS_COLUMNS = by_name(
    *CUSTOMER_KEYS,
    Column("points", "Points", _("Points balance"), (*POINTS_NAMES, "balance"), "1,250", "points"),
    Column(
        "origin", "Programme", _("Programme"),
        either("program | loyalty program | loyalty programme | scheme | origin | chương trình"
               " | chương trình tích điểm | chương trình thành viên | nguồn điểm | program loyalitas | program poin"
               " | program de fidelitate | programa"),
        "Smile", "points",
    ),
    Column(
        "as_of", "As of", _("Day of the balance"),
        either("as at | balance date | points date | date | tính đến | tính đến ngày | ngày | per tanggal | tanggal"
               " | tanggal saldo | la data | data soldului | dată | petsa | petsa ng balanse"),
        "2026-03-01", "points",
    ),
    Column(
        "expires_on", "Can be used until", _("Can be used until"),
        either("expiry | expiry date | expires | expires on | expires at | expiration | expiration date | valid until"
               " | points expiry | points expire on | hạn dùng | hạn sử dụng | ngày hết hạn | hết hạn"
               " | berlaku sampai | kedaluwarsa | tanggal kedaluwarsa | masa berlaku | valabil până la | expiră la"
               " | data expirării | petsa ng pagkapaso | magagamit hanggang"),
        part="points",
    ),
    Column(
        "note", "Note", _("Note"),
        either("notes | comment | remark | remarks | reason | ghi chú | lý do | catatan | keterangan | notă"
               " | mențiuni | tala"),
        "Card 0017", "points",
    ),
)  # fmt: skip
