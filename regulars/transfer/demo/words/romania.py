"""Romania: commas below s and t, counties, sectors of Bucharest."""

from stdnum.ro import cui

from regulars.transfer.demo.words.country import Country, lines, listed, places, weighted


def _tax_code(serial: int) -> str:
    """Cod unic de înregistrare with its check digit, RO in front for those who pay VAT."""
    body = str(serial % 8_999_999 + 1_000_000)
    return ("RO" if serial % 3 else "") + body + cui.calc_check_digit(body)


ROMANIA = Country(
    code="RO",
    language="ro",
    share=15,
    currency="RON",
    rate="5700",
    family=weighted(
        "Popescu 5, Popa 5, Ionescu 4, Pop 4, Radu 4, Dumitru 4, Stan 3, Stoica 3, Gheorghe 3, Matei 3, Ciobanu 2,"
        "Rusu 3, Munteanu 2, Constantin 2, Marin 3, Moldovan 3, Țuțuianu, Șerban 2, Ștefănescu, Căpraru, Dănilă,"
        "Mureșan 2, Lazăr 2, Oprea 2, Nistor 2, Filip 2, Bălan, Tănase 2, Vâlcu, Iliescu, Crăciun, Negoiță"
    ),
    women=listed("""
        Maria, Elena, Ioana, Andreea, Ana-Maria, Alexandra, Mihaela, Cristina, Gabriela, Daniela, Ștefania, Raluca,
        Alina, Simona, Roxana, Bianca, Irina, Diana, Georgiana, Oana, Corina, Lăcrămioara, Teodora, Anca, Măriuca
    """),
    men=listed("""
        Andrei, Ștefan, Alexandru, Mihai, Ion, Gheorghe, Cristian, Ionuț, Vlad, Bogdan, Radu, Adrian, Florin, Marius,
        Cătălin, Răzvan, Sorin, Tudor, Dragoș, Horia
    """),
    middle_women=("",),
    middle_men=("",),
    phone=("40", listed("721, 722, 723, 724, 726, 730, 733, 740, 742, 744, 745, 751, 755, 761, 766, 770"), 6),
    mail=weighted("gmail.com 11, yahoo.com 6, yahoo.ro 2, icloud.com, outlook.com"),
    streets=listed("""
        Strada Mihai Eminescu, Calea Victoriei, Strada Libertății, Bulevardul Unirii, Strada Avram Iancu,
        Aleea Trandafirilor, Strada Mihai Viteazul, Bulevardul Independenței, Strada Nicolae Bălcescu, Strada Horea,
        Calea Dorobanților, Strada Florilor, Strada Ștefan cel Mare
    """),
    places=places("""
        5 | | Sector 1 | București | București | 010011
        5 | | Sector 2 | București | București | 020011
        5 | | Sector 3 | București | București | 030011
        4 | | Sector 6 | București | București | 060011
        6 | | | Cluj-Napoca | Cluj | 400001
        4 | | | Iași | Iași | 700001
        4 | | | Timișoara | Timiș | 300001
        3 | | | Brașov | Brașov | 500001
        3 | | | Constanța | Constanța | 900001
        2 | | | Sibiu | Sibiu | 550001
        2 | | | Oradea | Bihor | 410001
        2 | | | Craiova | Dolj | 200001
        2 | | | Galați | Galați | 800001
        1 | | | Târgu Mureș | Mureș | 540001
        1 | | | Ploiești | Prahova | 100001
        1 | | | Piatra Neamț | Neamț | 610001
    """),
    companies=lines("""
        {word} {family} S.R.L.
        {word} Beauty S.R.L.
        Salon {word} S.R.L.
        {family} Impex S.R.L.
        {word} Cosmetice S.A.
    """),
    company_words=listed("""
        Mărțișor, Carpați, Floare de Colț, Luceafărul, Sânziana, Primăvara, Aurora, Ileana, Ambra, Dacia, Măiastra
    """),
    tax_code=_tax_code,
    notes=lines("""
        Preferă livrarea la easybox.
        A cerut factură pe firmă.
        Ten sensibil, fără parfum.
        Sună înainte de livrare, interfonul nu merge.
        Clientă fidelă, comandă de fiecare Crăciun cadouri pentru colegi.
        Retur acceptat, nuanța nu s-a potrivit.
        Interesată de reduceri de Black Friday.
        Plătește ramburs, verifică mereu coletul.
        A întrebat de prețuri en-gros pentru salon.
    """),
    labels=("Acasă", "Birou"),
)
