"""Files of shop systems."""

from django.utils.translation import gettext_lazy as _

from regulars.transfer.format import APOSTROPHES, IGNORED, PACKED_LINE, Format

SHOPIFY_CUSTOMER = {
    "Customer ID": "external_id",
    "First Name": "given_name",
    "Last Name": "family_name",
    "Email": "email",
    "Phone": "phone",
    "Tags": "tags",
    "Note": "note",
    "Accepts Marketing": "accepts_email",
    "Accepts Email Marketing": "accepts_email",
    "Accepts SMS Marketing": "accepts_sms",
    "Company": "company",
    "Address1": "address1",
    "Address2": "address2",
    "City": "city",
    "Province": "region",
    "Province Code": IGNORED,
    "Country": IGNORED,
    "Country Code": "country",
    "Zip": "postal_code",
    "Total Spent": "total_spent",
    "Total Orders": "total_orders",
    "Tax Exempt": IGNORED,
}

SHOPIFY_DEFAULT_ADDRESS = {
    "Default Address Company": "company",
    "Default Address Address1": "address1",
    "Default Address Address2": "address2",
    "Default Address City": "city",
    "Default Address Province Code": "region",
    "Default Address Country Code": "country",
    "Default Address Zip": "postal_code",
    "Default Address Phone": "address_phone",
}

_WOO_STATES = {
    "completed": "paid", "processing": "paid", "on-hold": "pending", "pending": "pending", "refunded": "refunded",
    "failed": "voided", "cancelled": "cancelled",
}  # fmt: skip


def _woo_status(cell: str) -> str:
    return _WOO_STATES.get(cell.strip().lower().removeprefix("wc-"), cell)


_MAGENTO_GENDERS = {"1": "male", "2": "female", "3": "unknown"}
_PRESTASHOP_TITLES = {"0": "unknown", "1": "male", "2": "female"}


def _first(cell: str) -> str:
    """The first of several categories, by the name of its own: "Coffee > Beans, Gifts" → "Beans"."""
    return cell.split(",", 1)[0].rsplit(">", 1)[-1].strip()


def _without_country(cell: str) -> str:
    """Odoo's provinces without the country behind them: "Ha Noi (VN)" → "Ha Noi"."""
    return cell.partition(" (")[0]


SHOP_FORMATS = (
    Format(
        "shopify_customers_2024", "customers", _("Shopify customers"),
        ("Customer ID", "Accepts Email Marketing", "Default Address Address1"),
        SHOPIFY_CUSTOMER | SHOPIFY_DEFAULT_ADDRESS, "shopify", APOSTROPHES,
    ),
    Format(
        "shopify_customers_template", "customers", _("Shopify customers, import template"),
        ("Accepts Email Marketing", "Default Address Address1"),
        SHOPIFY_CUSTOMER | SHOPIFY_DEFAULT_ADDRESS, "shopify", APOSTROPHES,
    ),
    Format(
        "shopify_customers_2022", "customers", _("Shopify customers, 2022 to 2023"),
        ("Accepts Email Marketing", "Address1", "Province Code", "Tax Exempt"),
        SHOPIFY_CUSTOMER, "shopify", APOSTROPHES,
    ),
    Format(
        "shopify_customers_2020", "customers", _("Shopify customers, before 2022"),
        ("Accepts Marketing", "Address1", "Province Code", "Tax Exempt"),
        SHOPIFY_CUSTOMER, "shopify", APOSTROPHES,
    ),
    Format(
        "shopify_orders", "orders", _("Shopify orders"),
        ("Name", "Financial Status", "Lineitem quantity", "Lineitem name"),
        {
            "Name": "number", "Id": "order_id", "Created at": "placed_at", "Taxes": "tax",
            "Discount Amount": "discount", "Notes": "order_note", "Cancelled at": "cancelled_at",
            "Payment Reference": IGNORED, "Payment References": "payment_reference", "Payment ID": IGNORED,
            "Receipt Number": IGNORED, "Source": IGNORED, "Tags": IGNORED, "Accepts Marketing": "accepts_email",
            "Billing Street": IGNORED, "Shipping Street": IGNORED, "Billing Address1": "billing_address1",
            "Shipping Address1": "shipping_address1", "Billing Province": IGNORED, "Shipping Province": IGNORED,
            "Billing Province Name": "billing_region", "Shipping Province Name": "shipping_region",
            "Outstanding Balance": "outstanding", "Refunded Amount": "refunded", "Email": "email", "Phone": "phone",
            "Financial Status": "financial_state", "Paid at": "paid_at", "Fulfillment Status": "fulfilment_state",
            "Currency": "currency", "Subtotal": "subtotal", "Shipping": "shipping", "Total": "total",
            "Lineitem quantity": "line_quantity", "Lineitem name": "line_title", "Lineitem price": "line_price",
            "Lineitem sku": "line_sku", "Lineitem discount": "line_discount", "Payment Method": "payment_method",
            "Location": "location",
            **{
                f"{kind} {theirs}": f"{kind.lower()}_{ours}"
                for kind in ("Billing", "Shipping")
                for theirs, ours in {
                    "Name": "name", "Company": "company", "Address2": "address2", "City": "city",
                    "Zip": "postal_code", "Country": "country", "Phone": "phone",
                }.items()
            },
        },
        "shopify", APOSTROPHES,
    ),
    Format(
        "shopify_products", "products", _("Shopify products"),
        ("Handle", "Title", "Variant SKU", "Variant Price"),
        {
            "Handle": "family", "Title": "name", "Option1 Value": "variant", "Option2 Value": "variant2",
            "Option3 Value": "variant3", "Variant SKU": "sku", "Variant Price": "price", "Type": "category",
            "Tags": "tags", "Image Src": "image_url", "Product Category": IGNORED, "Body (HTML)": IGNORED,
            "Vendor": IGNORED, "Published": IGNORED, "Status": IGNORED, "Image Position": IGNORED,
            "Image Alt Text": IGNORED, "Variant Image": IGNORED, "Variant Compare At Price": IGNORED,
            "Variant Inventory Qty": IGNORED, "Variant Barcode": IGNORED, "Cost per item": IGNORED,
            "Gift Card": IGNORED, "SEO Title": IGNORED, "SEO Description": IGNORED,
            **{f"Option{number} {what}": IGNORED for number in (1, 2, 3) for what in ("Name", "Linked To")},
        },
        "shopify", {**APOSTROPHES, "variant": lambda cell: "" if cell == "Default Title" else cell},
    ),
    Format(
        "woocommerce_customers", "customers", _("WooCommerce customers"),
        ("user_email", "user_login"),
        {
            "ID": IGNORED, "customer_id": "external_id", "user_login": IGNORED, "user_email": "email",
            "user_nicename": IGNORED, "display_name": IGNORED, "nickname": IGNORED, "user_url": IGNORED,
            "user_registered": "registered_at", "user_status": IGNORED, "roles": IGNORED, "role": IGNORED,
            "first_name": "given_name", "last_name": "family_name", "description": IGNORED,
            "billing_first_name": IGNORED, "billing_last_name": IGNORED, "billing_email": IGNORED,
            "billing_company": "company", "billing_phone": "phone", "billing_address_1": "address1",
            "billing_address_2": "address2", "billing_city": "city", "billing_state": "region",
            "billing_postcode": "postal_code", "billing_country": "country",
            "locale": "language", "orders": "total_orders", "total_spent": "total_spent",
        },
        "woocommerce",
    ),
    Format(
        "woocommerce_customers_report", "customers", _("WooCommerce customers, from its report"),
        ("Name", "Username", "Email", "Total Spend", "AOV"),
        {
            "Name": "name", "Email": "email", "City": "city",
            "Username": IGNORED, "Last Active": IGNORED, "Sign Up": "registered_at",
            "Date Registered": "registered_at", "Orders": "total_orders", "Total Spend": "total_spent",
            "AOV": IGNORED, "Country / Region": "country", "Region": "region", "Postal Code": "postal_code",
        },
    ),
    Format(
        "woocommerce_orders", "orders", _("WooCommerce orders"),
        ("order_id", "order_total", "billing_first_name"),
        {
            "order_id": "order_id", "billing_city": "billing_city", "billing_country": "billing_country",
            "shipping_city": "shipping_city", "shipping_country": "shipping_country",
            "shipping_company": "shipping_company",
            "order_number": "number", "order_date": "placed_at", "date": "placed_at", "paid_date": "paid_at",
            "status": "state", "shipping_total": "shipping", "tax_total": "tax", "discount_total": "discount",
            "cart_discount": IGNORED, "order_discount": IGNORED, "order_total": "total",
            "order_subtotal": "subtotal", "order_currency": "currency", "payment_method": IGNORED,
            "payment_method_title": "payment_method", "transaction_id": "payment_reference",
            "refunded_total": "refunded", "customer_id": "external_id", "customer_user": IGNORED,
            "customer_email": IGNORED, "billing_email": "email", "billing_phone": "phone",
            "billing_first_name": "given_name", "billing_last_name": "family_name", "billing_company": "company",
            "billing_address_1": "billing_address1", "billing_address_2": "billing_address2",
            "billing_postcode": "billing_postal_code", "billing_state": "billing_region",
            "shipping_address_1": "shipping_address1", "shipping_address_2": "shipping_address2",
            "shipping_postcode": "shipping_postal_code", "shipping_state": "shipping_region",
            "shipping_first_name": IGNORED, "shipping_last_name": IGNORED, "customer_note": "order_note",
            **{f"line_item_{number}": PACKED_LINE for number in range(1, 101)},
        },
        "woocommerce", {"state": _woo_status},
    ),
    Format(
        "bagisto_customers", "customers", _("Bagisto customers"),
        ("customer_group_code", "first_name", "last_name", "date_of_birth"),
        {
            "customer_group_code": "group", "first_name": "given_name", "last_name": "family_name", "email": "email",
            "gender": "gender", "date_of_birth": "birthday", "phone": "phone",
        },
        "bagisto", {"group": lambda cell: "standard" if cell.strip().lower() == "general" else cell},
    ),
    Format(
        "woocommerce_products", "products", _("WooCommerce products"),
        ("ID", "Type", "SKU", "Is featured?", "Regular price"),
        {
            "ID": "product_id", "Type": IGNORED, "Name": "name", "SKU": "sku", "Regular price": "price",
            "Sale price": IGNORED, "Categories": "category", "Tags": "tags", "Images": "image_url", "Parent": IGNORED,
        },
        "woocommerce", {"category": _first},
    ),
    Format(
        "magento_customers", "customers", _("Magento customers, main file"),
        ("email", "_website", "_store", "firstname", "lastname"),
        {
            "email": "email", "firstname": "given_name", "lastname": "family_name", "gender": "gender",
            "created_at": "created_at",
            "_website": IGNORED, "_store": IGNORED, "confirmation": IGNORED, "created_in": IGNORED,
            "disable_auto_group_change": IGNORED, "dob": "birthday", "failures_num": IGNORED,
            "first_failure": IGNORED, "group_id": IGNORED, "lock_expires": IGNORED, "middlename": IGNORED,
            "password_hash": IGNORED, "prefix": IGNORED, "rp_token": IGNORED, "rp_token_created_at": IGNORED,
            "store_id": IGNORED, "suffix": IGNORED, "taxvat": "tax_code", "updated_at": IGNORED, "website_id": IGNORED,
            "password": IGNORED, "_address_city": "city", "_address_company": "address_company",
            "_address_country_id": "address_country", "_address_firstname": IGNORED, "_address_lastname": IGNORED,
            "_address_postcode": "postal_code", "_address_region": "region", "_address_street": "address1",
            "_address_telephone": "phone",
        },
        "magento", {"gender": lambda cell: _MAGENTO_GENDERS.get(cell.strip(), cell)},
    ),
    Format(
        "magento_customers_grid", "customers", _("Magento customers, from the list"),
        ("ID", "Name", "Email", "Customer Since", "Web Site"),
        {
            "ID": "external_id", "Name": "name", "Email": "email", "Group": "group", "Phone": "phone",
            "ZIP": "postal_code", "Country": "country", "State/Province": "region", "Customer Since": "created_at",
            "Date of Birth": "birthday", "Tax VAT Number": "tax_code", "Gender": "gender", "Company": "company",
            "City": "city", "Web Site": IGNORED, "Confirmed email": IGNORED, "Account Created in": IGNORED,
            "Billing Address": IGNORED, "Shipping Address": IGNORED, "Account Lock": IGNORED,
        },
        "magento",
    ),
    Format(
        "prestashop_customers", "customers", _("PrestaShop customers"),
        ("Customer ID", "Active (0/1)", "Titles ID (Mr = 1, Ms = 2, else 0)"),
        {
            "Customer ID": "external_id", "Active (0/1)": IGNORED, "Titles ID (Mr = 1, Ms = 2, else 0)": "gender",
            "Email *": "email", "Password *": IGNORED, "Birthday (yyyy-mm-dd)": "birthday",
            "Last Name *": "family_name", "First Name *": "given_name", "Newsletter (0/1)": "accepts_email",
            "Opt-in (0/1)": IGNORED, "Registration date (yyyy-mm-dd)": "registered_at", "Groups (x,y,z...)": IGNORED,
            "Default group ID": IGNORED,
        },
        "prestashop",
        {
            "gender": lambda cell: _PRESTASHOP_TITLES.get(cell.strip(), cell),
            "birthday": lambda cell: "" if cell.startswith("0000") else cell,
        },
    ),
    Format(
        "prestashop_customers_grid", "customers", _("PrestaShop customers, from the list"),
        ("Social title", "Email address", "Partner offers"),
        {
            "ID": "external_id", "First name": "given_name", "Last name": "family_name", "Email address": "email",
            "Social title": "gender", "Sales": "total_spent", "Enabled": IGNORED,
            "Newsletter": "accepts_email", "Partner offers": IGNORED, "Registration": "registered_at",
            "Last visit": IGNORED,
        },
        "prestashop",
    ),
    Format(
        "odoo_contacts", "customers", _("Odoo contacts"),
        ("name", "street2", "country_id"),
        {
            "name": "name", "email": "email", "street": "address1", "street2": "address2", "city": "city",
            "zip": "postal_code", "id": "external_id", "ref": IGNORED, "display_name": IGNORED,
            "mobile": "phone", "phone": "address_phone",
            "state_id": "region", "country_id": "country", "vat": "tax_code", "category_id": "tags", "lang": "language",
            "user_id": "staff", "create_date": "created_at", "company_name": "company", "parent_id": IGNORED,
            "is_company": IGNORED, "company_type": IGNORED, "type": IGNORED, "comment": "note",
        },
        "odoo", {"region": _without_country},
    ),
    Format(
        "odoo_contacts_labels", "customers", _("Odoo contacts, with the names of the fields"),
        ("Name", "Street2", "Zip", "Tax ID"),
        {
            "Name": "name", "Email": "email", "Street": "address1", "Street2": "address2", "City": "city",
            "Zip": "postal_code", "State": "region", "Country": "country", "Tax ID": "tax_code", "Tags": "tags",
            "Language": "language", "Notes": "note",
            "External ID": "external_id", "ID": "external_id", "Reference": IGNORED, "Mobile": "phone",
            "Phone": "address_phone", "Salesperson": "staff", "Created on": "created_at", "Related Company": "company",
            "Is a Company": IGNORED, "Company Type": IGNORED, "Address Type": IGNORED, "Bank": IGNORED,
            "Bank Account": IGNORED,
        },
        "odoo", {"region": _without_country},
    ),
)  # fmt: skip
