"""What a column of a file of customers may hold; `customers.profile` reads the fields."""

from django.utils.translation import gettext_lazy as _

from regulars.transfer.column import Column
from regulars.transfer.column import by_name as _by_name
from regulars.transfer.column import either as _or
from regulars.transfer.points_columns import POINTS_NAMES

CUSTOMER_COLUMNS = _by_name(
    Column("regulars_id", "Regulars ID", _("What an export of this shop calls the customer")),
    Column(
        "external_id", "Customer ID", _("Customer ID in the other system"),
        _or("id | external id | customer number | customer no | customer code | client id | user id | contact id"
            " | mã khách hàng | mã kh | id khách hàng | id pelanggan | kode pelanggan | no pelanggan"
            " | id client | cod client | nr client | id ng customer"),
        "C-1001",
    ),
    Column(
        "channel", "Channel of the ID", _("The other system"),
        _or("id channel | external system | system | hệ thống | sistem | sistem extern"), "website",
    ),
    Column(
        "name", "Name", _("Full name"),
        _or("full name | display name | customer name | customer | client name | contact name | buyer name"
            " | họ tên | họ và tên | tên khách hàng | tên | khách hàng | nama | nama lengkap | nama pelanggan"
            " | pelanggan | nume complet | nume client | nume și prenume | client | pangalan | buong pangalan"),
    ),
    Column(
        "given_name", "Given name", _("Given name"),
        _or("first name | firstname | forename | billing first name | nama depan | tên riêng | tên đệm và tên"
            " | prenume | unang pangalan"),
        "Maria",
    ),
    Column(
        "family_name", "Family name", _("Family name"),
        _or("last name | lastname | surname | billing last name | nama belakang | nama keluarga | họ"
            " | nume de familie | nume | apelyido | huling pangalan"),
        "Santos",
    ),
    Column(
        "email", "E-mail", _("E-mail"),
        _or("email | email address | e-mail address | mail | customer email | billing email | e-mail 1 - value"
            " | thư điện tử | địa chỉ email | alamat email | surel | surat elektronik | adresa de email"
            " | adresă e-mail"),
        "maria@example.com",
    ),
    Column(
        "phone", "Phone", _("Phone"),
        _or("phone number | mobile | mobile number | mobile phone | cell | cellphone | telephone | tel | whatsapp"
            " | customer phone | contact number | billing phone | phone 1 - value | msisdn"
            " | số điện thoại | điện thoại | sđt | sdt | di động | số di động"
            " | no telepon | nomor telepon | no hp | nomor hp | hp | telepon | no wa | nomor whatsapp | no telp"
            " | telefon | nr telefon | număr de telefon | numar telefon | mobil"
            " | telepono | numero ng telepono | cp number | cp no"),
        "+63 917 123 4567",
    ),
    Column(
        "gender", "Gender", _("Gender"),
        _or("sex | giới tính | jenis kelamin | kelamin | gen | sexul | kasarian"), "female",
    ),
    Column(
        "birthday", "Birthday", _("Birthday"),
        _or("birth date | birthdate | date of birth | dob | birth day | ngày sinh | sinh nhật | tanggal lahir"
            " | tgl lahir | ulang tahun | data nașterii | zi de naștere | kaarawan | petsa ng kapanganakan"),
        "1990-05-17",
    ),
    Column(
        "company", "Company", _("Company"),
        _or("company name | organization | organisation | organization name | business name | billing company"
            " | công ty | tên công ty | perusahaan | nama perusahaan | firmă | companie | kumpanya"),
        "Santos Trading",
    ),
    Column(
        "tax_code", "Tax code", _("Tax code"),
        _or("tax id | tax number | vat number | vat id | vat | tin | mã số thuế | mst | npwp | cui | cif"
            " | cod fiscal"),
    ),
    Column(
        "citizen_id", "Citizen ID", _("Citizen ID"),
        _or("national id | id card | identity card | cccd | cmnd | căn cước | căn cước công dân | nik | ktp | cnp"
            " | philsys number"),
    ),
    Column(
        "country", "Country", _("Country"),
        _or("country code | country of residence | quốc gia | nước | negara | țară | bansa"), "PH",
    ),
    Column(
        "language", "Language", _("Language"),
        _or("locale | ngôn ngữ | bahasa | limbă | wika"), "fil",
    ),
    Column(
        "group", "Group", _("Group"),
        _or("customer group | group name | customer type | customer group code | nhóm | nhóm khách hàng | grup"
            " | grup pelanggan | kelompok | grupă | grup clienți | pangkat"),
        "Standard",
    ),
    Column(
        "tags", "Tags", _("Tags"),
        _or("tag | labels | customer tags | nhãn | thẻ | label | etiket | etichete | etichetă"), "vip, newsletter",
    ),
    Column(
        "staff", "Staff", _("Responsible staff member"),
        _or("sales agent | agent | owner | assigned to | account manager | responsible | nhân viên phụ trách"
            " | nhân viên | phụ trách | penanggung jawab | sales | agent de vânzări | responsabil"),
    ),
    Column(
        "status", "Status", _("Status"),
        _or("stage | customer status | lead status | trạng thái | tình trạng | tahap | stare | stadiu | katayuan"),
    ),
    Column(
        "source_channel", "Source channel", _("Channel the customer came by"),
        _or("source | channel | sales channel | kênh | kênh bán hàng | nguồn | sumber | saluran | kanal | sursă"
            " | canal"),
    ),
    Column(
        "referrer", "Referred by", _("Referred by"),
        _or("referrer | referral | referred from | người giới thiệu | giới thiệu bởi | perujuk | direferensikan oleh"
            " | recomandat de | nag-refer"),
    ),
    Column(
        "referral_code", "Referral code", _("Referral code"),
        _or("own referral code | invite code | referral link code | mã giới thiệu | kode referal | cod de recomandare"
            " | referral code ng customer"),
    ),
    Column(
        "accepts_email", "Accepts e-mail", _("Accepts e-mail marketing"),
        _or("accepts email | accepts email marketing | accepts marketing | email consent | email subscription status"
            " | newsletter | subscribed | nhận email | nhận tin | terima email | langganan newsletter"
            " | acceptă e-mail | abonat newsletter"),
        "yes",
    ),
    Column(
        "accepts_sms", "Accepts SMS", _("Accepts SMS marketing"),
        _or("accepts sms marketing | sms consent | sms subscription status | nhận sms | terima sms | acceptă sms"),
        "no",
    ),
    Column("accepts_zalo", "Accepts Zalo", _("Accepts Zalo messages"), _or("zalo consent | nhận tin zalo")),
    Column(
        "accepts_whatsapp", "Accepts WhatsApp", _("Accepts WhatsApp messages"),
        _or("whatsapp consent | accepts whatsapp marketing | terima whatsapp"),
    ),
    Column(
        "consent_at", "Consent given at", _("When consent was given"),
        _or("consent at | consent date | optin time | opt in time | confirm time | subscribed at | ngày đồng ý"
            " | tanggal persetujuan | data consimțământului"),
    ),
    Column(
        "account_state", "Account", _("Account"),
        _or("account state | account status | customer account status | tài khoản | akun | status akun | cont"),
    ),
    Column(
        "oa_state", "Follows on Zalo", _("Follows the official account"),
        _or("oa state | followed oa | theo dõi oa"),
    ),
    Column("zalo_id", "Zalo ID", _("Zalo ID"), _or("zalo user id | zalo uid | id zalo")),
    Column(
        "note", "Note", _("Note"),
        _or("notes | comment | comments | remark | remarks | ghi chú | chú thích | catatan | keterangan | notă"
            " | observații | mențiuni | tala"),
        "Prefers to be called in the evening",
    ),
    Column(
        "credit_limit", "Credit limit", _("Credit limit"),
        _or("limit of credit | debt limit | hạn mức công nợ | hạn mức tín dụng | batas kredit | limit kredit"
            " | limită de credit | plafon de credit"),
    ),
    Column(
        "address_label", "Address label", _("Name of the address"), _or("address name | address type | tên địa chỉ"),
        part="address",
    ),
    Column(
        "recipient", "Recipient", _("Recipient"),
        _or("recipient name | receiver | ship to | người nhận | nama penerima | penerima | destinatar | tatanggap"),
        part="address",
    ),
    Column("address_company", "Address company", _("Company at the address"), part="address"),
    Column(
        "address1", "Address", _("Address"),
        _or("address 1 | address1 | address line 1 | street | street address | billing address 1 | default address"
            " | địa chỉ | đường | alamat | alamat lengkap | jalan | adresă | stradă | tirahan | kalye"),
        "12 Mabini Street", "address",
    ),
    Column(
        "address2", "Address line 2", _("Address, second line"),
        _or("address 2 | address2 | apartment | suite | unit | billing address 2 | địa chỉ 2 | alamat 2 | adresă 2"),
        part="address",
    ),
    Column("area", "Area", _("Area"), _or("barangay | brgy | khu vực | kelurahan | desa | cartier"), part="address"),
    Column("ward", "Ward", _("Ward"), _or("phường | xã | phường xã"), part="address"),
    Column(
        "district", "District", _("District"), _or("quận | huyện | quận huyện | kecamatan | sector | distrito"),
        part="address",
    ),
    Column(
        "city", "City", _("City"),
        _or("town | billing city | municipality | location | thành phố | tỉnh thành | kota | kota kabupaten | kabupaten"
            " | oraș | localitate | lungsod | bayan"),
        "Makati", "address",
    ),
    Column(
        "region", "Province", _("Province"),
        _or("state | region | province code | province state | state province | billing state | county | tỉnh"
            " | tỉnh thành phố | provinsi | județ | lalawigan | probinsya"),
        "Metro Manila", "address",
    ),
    Column(
        "postal_code", "Postal code", _("Postal code"),
        _or("zip | zip code | postcode | post code | billing postcode | mã bưu điện | mã bưu chính | kode pos"
            " | cod poștal"),
        "1200", "address",
    ),
    Column("address_country", "Address country", _("Country of the address"), _or("billing country"), part="address"),
    Column("address_phone", "Address phone", _("Phone of the address"), part="address"),
    Column(
        "created_at", "Created at", _("Customer since"),
        _or("created | created on | date created | customer since | added | ngày tạo | tanggal dibuat | dibuat"
            " | data creării | creat la"),
    ),
    Column(
        "registered_at", "Registered at", _("Account since"),
        _or("registered | registration date | sign up | signup date | date registered | join date | joined"
            " | ngày đăng ký | tanggal daftar | data înregistrării"),
    ),
    Column(
        "total_spent", "Total spent", _("Total spent (comes from the orders, not from here)"),
        _or("amount spent | lifetime value | ltv | tổng chi tiêu | total belanja | total cheltuit"), part="ignored",
    ),
    Column(
        "total_orders", "Orders", _("Orders (come from the orders, not from here)"),
        _or("total orders | orders count | number of orders | order count | số đơn hàng | jumlah pesanan"
            " | număr de comenzi"),
        part="ignored",
    ),
    Column(
        "points", "Points", _("Points (by an import of points, not from here)"), POINTS_NAMES, part="ignored",
    ),
)  # fmt: skip
