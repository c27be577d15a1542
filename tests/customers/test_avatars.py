"""Pictures of customers: drawn anew, small, without a word about where they were taken."""

import zlib
from io import BytesIO
from struct import pack

import pytest
from PIL import Image

from regulars.customers.avatars import MOST_BYTES, drawn
from regulars.customers.errors import BadPicture
from regulars.customers.models import Avatar
from regulars.customers.operations import remove_avatar, set_avatar
from tests.factories import SYSTEM, create_customer

FORMS = [("JPEG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGB"), ("GIF", "P"), ("PNG", "1")]


def picture(form="JPEG", size=(640, 480), mode="RGB", **options):
    out = BytesIO()
    Image.new(mode, size, "red" if mode != "P" else 1).save(out, form, **options)
    return out.getvalue()


def huge_png():
    """A few hundred bytes that claim to be 60,000 × 60,000 pixels."""

    def chunk(name, data):
        return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))

    head = pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


class TestAPicture:
    @pytest.mark.parametrize(
        ("form", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGB"), ("GIF", "P"), ("PNG", "1")]
    )
    def test_becomes_a_small_square_webp(self, form, mode):
        with Image.open(BytesIO(drawn(picture(form, mode=mode)))) as ours:
            assert (ours.format, ours.size) == ("WEBP", (256, 256))

    def test_loses_its_exif_but_not_its_way_up(self):
        exif = Image.Exif()
        exif[0x0112] = 6  # held sideways
        exif[0x010E] = "taken at home"
        sideways = Image.new("RGB", (400, 300), "blue")
        sideways.paste("red", (0, 0, 200, 300))
        out = BytesIO()
        sideways.save(out, "JPEG", exif=exif)

        ours = drawn(out.getvalue())

        assert b"taken at home" not in ours
        with Image.open(BytesIO(ours)) as image:
            assert not image.getexif()
            assert image.convert("RGB").getpixel((128, 10))[0] > 200  # red was left, is now on top

    @pytest.mark.parametrize(
        "upload",
        [
            b"", b"GIF89a", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', b"%PDF-1.7",
            picture()[:200], b"\xff\xd8\xff" + b"0" * 100,
        ],
    )  # fmt: skip
    def test_that_is_none_is_refused(self, upload):
        with pytest.raises(BadPicture):
            drawn(upload)

    def test_that_would_burst_is_refused_unopened(self):
        with pytest.raises(BadPicture, match="pixels"):
            drawn(huge_png())

    def test_in_too_large_a_file_is_refused(self):
        with pytest.raises(BadPicture, match="too large"):
            drawn(b"\x00" * (MOST_BYTES + 1))


@pytest.mark.django_db
class TestTheAvatar:
    def test_is_one_and_can_be_taken_away(self):
        ann = create_customer()

        set_avatar(ann, picture(), by=SYSTEM)
        set_avatar(ann, picture("PNG"), by=SYSTEM)
        ann.refresh_from_db()
        had = ann.has_avatar
        remove_avatar(ann, by=SYSTEM)

        ann.refresh_from_db()
        assert (had, ann.has_avatar) == (True, False)
        assert not Avatar.objects.filter(customer=ann).exists()
