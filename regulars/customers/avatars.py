"""Pictures of customers: whatever was uploaded, we keep only what we drew ourselves from it."""

import hashlib
import warnings
from io import BytesIO

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from regulars.customers.errors import BadPicture
from regulars.customers.models import Avatar, Customer
from regulars.customers.writing import locked
from regulars.events.record import Actor, record

SIDE = 256
MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000  # a phone's camera of today; 200 MB unpacked
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


@transaction.atomic
def set_avatar(customer: Customer, upload: bytes, *, by: Actor) -> Avatar:
    """Keep a square picture of 256 × 256, as WebP, without any of the upload's metadata.

    upload: JPEG, PNG, WebP or GIF, at most 8 MiB and 50 million pixels. Raises BadPicture, InTheBin.
    """
    image = drawn(upload)
    customer = locked(customer)
    facts = {"image": image, "digest": hashlib.sha256(image).hexdigest(), "content_type": "image/webp"}
    avatar, _is_new = Avatar.objects.of(customer.shop_id).update_or_create(
        customer=customer, shop_id=customer.shop_id, defaults=facts
    )
    _tell(customer, True, "customer.avatar_set", by)
    return avatar


@transaction.atomic
def remove_avatar(customer: Customer, *, by: Actor) -> None:
    """Show initials again."""
    customer = locked(customer)
    gone, _by_model = Avatar.objects.of(customer.shop_id).filter(customer=customer).delete()
    if gone:
        _tell(customer, False, "customer.avatar_removed", by)


def drawn(upload: bytes) -> bytes:
    """The picture as we keep it. Measures before it unpacks. Raises BadPicture."""
    if len(upload) > MOST_BYTES:
        raise BadPicture(reason=_("The file is too large: 8 MB at most."))
    try:
        with warnings.catch_warnings(), Image.open(BytesIO(upload), formats=FORMATS) as picture:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we count the pixels ourselves
            return _encoded(picture)
    except BadPicture:
        raise
    except Image.DecompressionBombError:
        raise BadPicture(reason=_TOO_MANY_PIXELS) from None
    except Exception:  # decoders raise whatever comes to mind: OSError, ValueError, SyntaxError, struct.error …
        raise BadPicture(reason=_("This is not a picture we can read: JPEG, PNG, WebP or GIF.")) from None


_TOO_MANY_PIXELS = _("The picture has too many pixels: 50 million at most.")


def _encoded(picture: Image.Image) -> bytes:
    if picture.width * picture.height > MOST_PIXELS:
        raise BadPicture(reason=_TOO_MANY_PIXELS)
    picture.draft("RGB", (2 * SIDE, 2 * SIDE))  # a JPEG is unpacked in an eighth of the size
    upright = ImageOps.exif_transpose(picture)
    has_holes = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    square = ImageOps.fit(upright.convert("RGBA" if has_holes else "RGB"), (SIDE, SIDE))
    bare = Image.new(square.mode, square.size)  # a new image has no EXIF, no colour profile, no comments
    bare.paste(square)
    out = BytesIO()
    bare.save(out, "WEBP", quality=82)
    return out.getvalue()


def _tell(customer: Customer, has_avatar: bool, kind: str, by: Actor) -> None:
    Customer.objects.of(customer.shop_id).filter(pk=customer.pk).update(has_avatar=has_avatar)
    record(customer.shop_id, kind, about=("customer", customer.pk), by=by)
