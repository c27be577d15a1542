"""Where a person was, so that they can be brought back there."""

from urllib.parse import urlsplit

from regulars.web.access import StaffRequest


def back_to(request: StaffRequest, otherwise: str) -> str:
    """The page this request came from, if it is one of this shop's; else `otherwise`, below the shop's address.

    A form may say it itself in `back`; htmx and browsers say it in headers.
    """
    home = f"/s/{request.shop.slug}/"
    for said in (request.POST.get("back"), request.headers.get("HX-Current-URL"), request.headers.get("Referer")):
        if not said:
            continue
        try:
            parts = urlsplit(said)
        except ValueError:  # brackets that close nothing
            continue
        if parts.path.startswith(home) and parts.netloc in ("", request.get_host()):
            return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return home + otherwise
