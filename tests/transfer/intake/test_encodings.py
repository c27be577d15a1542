"""T57: text in whatever encoding a shop's programs write."""

import unicodedata

import pytest

from regulars.transfer.intake.encodings import converted, guess_encoding

VIETNAMESE = "mã,tên,địa chỉ\n1,Nguyễn Thị Đào,12 Lê Lợi phường Bến Nghé\n2,Trần Văn Hùng,Hà Nội\n"
ROMANIAN = "nume,oraş\nŞtefan Ţepeş,Bucureşti\nIoană Brâncuşi,Iaşi\n"
SPANISH = "nombre,ciudad\nJosé Muñoz,Málaga\nÁngel Pérez,Cañón\n"
TONES = "\u0300\u0301\u0303\u0309\u0323"


def cp1258(text: str) -> bytes:
    """As Windows writes Vietnamese: letters composed, tones behind them."""
    parts = []
    for letter in text:
        apart = unicodedata.normalize("NFD", letter)
        plain = unicodedata.normalize("NFC", "".join(one for one in apart if one not in TONES))
        parts.append(plain + "".join(one for one in apart if one in TONES))
    return "".join(parts).encode("cp1258")


@pytest.mark.parametrize(
    ("data", "text", "country"),
    [
        (VIETNAMESE.encode(), VIETNAMESE, "VN"),
        (VIETNAMESE.encode("utf-8-sig"), VIETNAMESE, "VN"),
        (VIETNAMESE.encode("utf-16"), VIETNAMESE, "VN"),
        (VIETNAMESE.encode("utf-16-le"), VIETNAMESE, "VN"),
        (VIETNAMESE.encode("utf-16-be"), VIETNAMESE, ""),
        (cp1258(VIETNAMESE), VIETNAMESE, "VN"),
        (cp1258(VIETNAMESE), VIETNAMESE, "PH"),
        (ROMANIAN.encode("cp1250"), ROMANIAN, "RO"),
        (ROMANIAN.encode("iso8859-2"), ROMANIAN, "RO"),
        (SPANISH.encode("cp1252"), SPANISH, "PH"),
        (("a,b\n" * 100_000 + "“Ann”,José – ok\n").encode("cp1252"), "a,b\n" * 100_000 + "“Ann”,José – ok\n", "PH"),
    ],
)
def test_is_found_out_and_read(tmp_path, data, text, country):
    path = tmp_path / "a.csv"
    path.write_bytes(data)

    encoding = guess_encoding(path, country)
    read = b"".join(converted(path, encoding)).decode()

    assert unicodedata.normalize("NFC", read) == text


def test_blocks_do_not_cut_letters(tmp_path):
    path = tmp_path / "a.csv"
    text = "x" + "ă" * (1 << 20)
    path.write_bytes(text.encode("utf-16-le"))

    assert b"".join(converted(path, "utf-16-le")).decode() == text
