"""What a column of a file of notes, or of words on marketing, may hold."""

from django.utils.translation import gettext_lazy as _

from regulars.transfer.column import Column, by_name, either
from regulars.transfer.key_columns import CUSTOMER_KEYS

NOTE_COLUMNS = by_name(
    *CUSTOMER_KEYS,
    Column(
        "text", "Note", _("Note"),
        either("text | notes | comment | comments | remark | remarks | message | body | content | nội dung | ghi chú"
               " | catatan | keterangan | isi | notă | observații | mențiuni | tala | mensahe"),
        "Prefers to be called in the evening", "note",
    ),
    Column(
        "at", "Written at", _("When it was written"),
        either("date | time | at | created | created at | created on | date created | note date | timestamp | ngày"
               " | ngày tạo | thời gian | tanggal | tanggal dibuat | waktu | dată | data creării | petsa"),
        "2026-03-01 14:30", "note",
    ),
    Column(
        "author", "Author", _("Who wrote it"),
        either("author name | written by | created by | by | user | staff | agent | người tạo | người viết"
               " | nhân viên | penulis | dibuat oleh | autor | scris de | may akda"),
        "Linh", "note",
    ),
)  # fmt: skip

CONSENT_COLUMNS = by_name(
    *CUSTOMER_KEYS,
    Column(
        "consent_channel", "Channel", _("Channel of the messages"),
        either("medium | message channel | consent channel | type | kênh | saluran | canal"), "email", "consent",
    ),
    Column(
        "state", "State", _("What the customer said"),
        either("status | consent | consent state | consent status | subscribed | subscription | subscription status"
               " | marketing state | opt in | opted in | accepts | trạng thái | đồng ý | persetujuan | stare | acord"
               " | pahintulot"),
        "subscribed", "consent",
    ),
    Column(
        "at", "Said at", _("When it was said"),
        either("date | time | at | consent at | consent date | updated at | timestamp | optin time | opt in time"
               " | confirm time | unsub time | subscribed at | unsubscribed at | ngày | thời gian | ngày đồng ý"
               " | tanggal | waktu | tanggal persetujuan | dată | data consimțământului | petsa"),
        "2026-03-01 14:30", "consent",
    ),
    Column(
        "source", "Source", _("Where it was said"),
        either("consent source | form | page | where | nguồn | sumber | sursă | pinagmulan"), "Sign-up form",
        "consent",
    ),
)  # fmt: skip
