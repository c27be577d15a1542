"""Indonesia: many people have a single name, addresses have kelurahan and kecamatan."""

from stdnum import luhn

from regulars.transfer.demo.words.country import Country, lines, listed, places, weighted


def _tax_code(serial: int) -> str:
    """NPWP of 15 digits: two for the kind, six for the payer, a Luhn digit, tax office, branch."""
    body = f"0{serial % 3 + 1}{serial % 1_000_000:06d}"
    office = ("011", "424", "609", "541", "121")[serial % 5]
    return f"{body[:2]}.{body[2:5]}.{body[5:8]}.{luhn.calc_check_digit(body)}-{office}.000"


INDONESIA = Country(
    code="ID",
    language="id",
    share=20,
    currency="IDR",
    rate="1.6",
    family=weighted(
        "Santoso 4, Wijaya 4, Lestari 4, Wulandari 3, Saputra 4, Pratama 4, Hidayat 3, Setiawan 4, Kusuma 3, Siregar 2,"
        "Nasution 2, Simanjuntak 2, Hutapea, Rahayu 3, Permata 2, Utami 3, Handayani 3, Nugroho 3, Gunawan 2, Halim,"
        "Tanjung, Harahap, Maharani 2, Putri 3, Anggraini 2, Syahputra 2, Ramadhani 2,  3"
    ),
    women=listed("""
        Siti, Dewi, Putri, Ayu, Rina, Nur, Indah, Fitri, Wulan, Ratna, Maya, Intan, Yuni, Sri, Kartika, Dian, Citra,
        Nurul, Aisyah, Melati, Anisa, Bunga, Tiara, Nadia, Lia, Made, Kadek, Rahma, Salsabila, Zahra
    """),
    men=listed("""
        Budi, Agus, Andi, Rizky, Dimas, Bayu, Adi, Eko, Hendra, Joko, Rudi, Fajar, Arif, Yusuf, Ahmad, Muhammad Rizal,
        Wayan, Ketut, Ilham, Reza, Galih, Yoga, Teguh, Iwan
    """),
    middle_women=("",),
    middle_men=("",),
    phone=("62", listed("811, 812, 813, 821, 822, 851, 852, 853, 857, 858, 877, 878, 881, 895, 896"), 8),
    mail=weighted("gmail.com 13, yahoo.co.id 3, yahoo.com 2, icloud.com, outlook.co.id"),
    streets=listed("""
        Jalan Sudirman, Jalan Diponegoro, Jalan Gajah Mada, Jalan Ahmad Yani, Jalan Merdeka, Jalan Melati,
        Jalan Kenanga, Jalan Mawar, Jalan Gatot Subroto, Jalan Pahlawan, Jalan Cempaka, Jalan Imam Bonjol,
        Jalan Veteran, Jalan Anggrek
    """),
    places=places("""
        6 | Menteng | Menteng | Jakarta Pusat | DKI Jakarta | 10310
        6 | Kebayoran Lama Utara | Kebayoran Lama | Jakarta Selatan | DKI Jakarta | 12240
        5 | Kelapa Gading Timur | Kelapa Gading | Jakarta Utara | DKI Jakarta | 14240
        5 | Kebon Jeruk | Kebon Jeruk | Jakarta Barat | DKI Jakarta | 11530
        5 | Dago | Coblong | Bandung | Jawa Barat | 40135
        4 | Pejuang | Medan Satria | Bekasi | Jawa Barat | 17131
        4 | Beji | Beji | Depok | Jawa Barat | 16421
        5 | Gubeng | Gubeng | Surabaya | Jawa Timur | 60281
        3 | Lowokwaru | Lowokwaru | Malang | Jawa Timur | 65141
        4 | Caturtunggal | Depok | Sleman | DI Yogyakarta | 55281
        3 | Tembalang | Tembalang | Semarang | Jawa Tengah | 50275
        3 | Medan Petisah | Medan Petisah | Medan | Sumatera Utara | 20112
        3 | Dangin Puri | Denpasar Timur | Denpasar | Bali | 80232
        2 | Panakkukang | Panakkukang | Makassar | Sulawesi Selatan | 90231
        2 | Ilir Barat I | Ilir Barat I | Palembang | Sumatera Selatan | 30137
    """),
    companies=lines("""
        PT {word} {family}
        CV {word} Jaya
        Toko Kosmetik {word}
        Salon {word}
        UD {word} Makmur
    """),
    company_words=listed("""
        Cahaya, Mutiara, Sinar, Anugerah, Berkah, Sejahtera, Permata, Nusantara, Cantika, Melati, Kencana, Harum
    """),
    tax_code=_tax_code,
    notes=lines("""
        Minta dikirim setelah jam lima sore.
        Kulit sensitif, hindari parfum dan alkohol.
        Pelanggan lama, suka beli paket hemat.
        Tanya harga grosir untuk 30 pcs.
        Lebih suka dihubungi lewat WhatsApp.
        Paket sebelumnya terlambat, sudah diberi voucher.
        Titip di satpam kalau tidak ada orang.
        Sering belanja menjelang Lebaran.
        Minta faktur pajak atas nama perusahaan.
        Alergi pewangi mawar.
    """),
    labels=("Rumah", "Kantor"),
)
