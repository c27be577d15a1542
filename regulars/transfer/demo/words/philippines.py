"""The Philippines: Spanish family names, two given names, barangays."""

from regulars.transfer.demo.words.country import Country, lines, listed, places, weighted


def _tax_code(serial: int) -> str:
    """TIN with branch code as it is printed; the BIR publishes no check digit."""
    serial = serial % 900_000_000 + 100_000_000
    return f"{serial // 1_000_000:03d}-{serial // 1000 % 1000:03d}-{serial % 1000:03d}-00000"


PHILIPPINES = Country(
    code="PH",
    language="en",
    share=25,
    currency="PHP",
    rate="440",
    family=weighted(
        "Santos 6, Reyes 6, Cruz 5, dela Cruz 5, Bautista 4, Garcia 4, Mendoza 3, Gonzales 3, Ramos 3, Aquino 2,"
        "Villanueva 3, Fernandez 3, de Guzman 2, Torres 2, Castillo 2, Flores 2, Rivera 2, Navarro 2, Mercado, Salazar,"
        "Domingo, Pascual, Soriano, Dizon, Macaraeg, Manalo, Dimaculangan, Tolentino, Ocampo, del Rosario, Sy, Tan, Lim"
    ),
    women=listed("""
        Maria Clara, Angelica, Jasmine, Princess, Mary Grace, Kristine, Angel, Nicole, Joy, Michelle, Rosalie, Liza,
        Camille, Bea, Andrea, Patricia, Jennylyn, Cherry, Analyn, Marites, Rowena, Lovely, Trisha, Divina, Marilou,
        Ma. Teresa, Carmela, Althea, Janelle, Katrina
    """),
    men=listed("""
        Juan, John Paul, Mark Anthony, Jose, Angelo, Christian, Joshua, Michael, Ramon, Carlo, Paolo, Miguel, Jayson,
        Rodel, Arnel, Jericho, Kenneth, Gabriel, Rafael, Emmanuel, Nathaniel, Jerome, Dennis, Roberto
    """),
    middle_women=("",),
    middle_men=("",),
    phone=(
        "63",
        listed(
            "905, 906, 915, 916, 917, 926, 927, 935, 936, 945, 956, 966, 977, 995, 908, 918, 919, 920, 928, 939, 947"
        ),
        7,
    ),
    mail=weighted("gmail.com 10, yahoo.com 6, yahoo.com.ph 2, icloud.com, outlook.com"),
    streets=listed("""
        Rizal Street, Mabini Street, Bonifacio Street, Quezon Avenue, Aurora Boulevard, Katipunan Avenue, Luna Street,
        Del Pilar Street, Osmeña Boulevard, Roxas Avenue, Maginhawa Street, Burgos Street, Sampaguita Street,
        Ilang-Ilang Street, Magsaysay Avenue
    """),
    places=places("""
        8 | Barangay Loyola Heights | | Quezon City | Metro Manila | 1108
        6 | Barangay Commonwealth | | Quezon City | Metro Manila | 1121
        6 | Barangay Poblacion | | Makati | Metro Manila | 1210
        4 | Barangay San Lorenzo | | Makati | Metro Manila | 1223
        5 | Barangay Kapitolyo | | Pasig | Metro Manila | 1603
        4 | Barangay Fort Bonifacio | | Taguig | Metro Manila | 1634
        4 | Sampaloc | | Manila | Metro Manila | 1008
        3 | Barangay BF Homes | | Parañaque | Metro Manila | 1720
        5 | Barangay Lahug | | Cebu City | Cebu | 6000
        3 | Barangay Banilad | | Mandaue | Cebu | 6014
        5 | Barangay Buhangin | | Davao City | Davao del Sur | 8000
        3 | Barangay Jaro | | Iloilo City | Iloilo | 5000
        3 | Barangay Carmen | | Cagayan de Oro | Misamis Oriental | 9000
        2 | Barangay Mandalagan | | Bacolod | Negros Occidental | 6100
        2 | Barangay Molino III | | Bacoor | Cavite | 4102
        2 | Barangay Balibago | | Angeles | Pampanga | 2009
        2 | Barangay Irisan | | Baguio | Benguet | 2600
        2 | Barangay Dumantay | | Batangas City | Batangas | 4200
    """),
    companies=lines("""
        {word} Trading
        {family} {word} Corporation
        {word} Beauty Supply
        {word} Salon and Spa
        {family} General Merchandise
    """),
    company_words=listed("""
        Sampaguita, Bayanihan, Mabuhay, Perlas, Maharlika, Golden Sun, Luntian, Tala, Amihan, Island Glow, Diwata, Ganda
    """),
    tax_code=_tax_code,
    notes=lines("""
        Prefers GCash, please send the QR code with the invoice.
        Deliver to the guard house, unit is locked during the day.
        Asked for a reseller price list.
        Sensitive skin: no alcohol, no fragrance.
        Birthday treat promised, follow up next month.
        Buys for her salon, usually every payday.
        Complained about a leaking bottle; replacement sent.
        Text before calling, works night shift.
        Wants to join the next live selling event.
        Friend of Angelica, mention the referral gift.
        Po and opo, very polite; loves the papaya soap.
    """),
    labels=("Home", "Office"),
)
