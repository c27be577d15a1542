"""The columns by which a row says whose it is, for files about customers who are here already."""

from django.utils.translation import gettext_lazy as _

from regulars.transfer.column import Column, either

CUSTOMER_KEYS = (
    Column("regulars_id", "Regulars ID", _("What an export of this shop calls the customer")),
    Column(
        "external_id", "Customer ID", _("Customer ID in the other system"),
        either("customer external id | client id | user id | customer no | customer code | mã khách hàng | mã kh"
               " | id pelanggan | id client"),
        "C-1001",
    ),
    Column(
        "channel", "Channel of the ID", _("The other system"),
        either("id channel | external system | system | hệ thống | sistem | sistem extern"), "website",
    ),
    Column(
        "email", "E-mail", _("E-mail"),
        either("email | email address | customer email | user email | địa chỉ email | alamat email | adresă de email"),
        "maria@example.com",
    ),
    Column(
        "phone", "Phone", _("Phone"),
        either("phone number | customer phone | mobile | số điện thoại | sđt | no telepon | no hp | telefon"
               " | telepono"),
        "+63 917 123 4567",
    ),
)  # fmt: skip
