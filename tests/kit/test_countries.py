import subprocess
import sys

import pytest

from regulars.kit.countries import _names_in, about, calling_code, codes, country_choices, country_name, read_country
from regulars.kit.dates import zone
from regulars.kit.money import CURRENCIES


class TestReadingCountries:
    @pytest.mark.parametrize(
        ("written", "code"),
        [
            ("Vietnam", "VN"),
            ("Việt Nam", "VN"),
            ("viet nam", "VN"),
            ("vnm", "VN"),
            ("Philippines", "PH"),
            ("Pilipinas", "PH"),
            ("România", "RO"),
            ("Indonesia", "ID"),
            ("USA", "US"),
            ("Mỹ", "US"),
            ("Deutschland", "DE"),
            ("Cote d'Ivoire", "CI"),
            (" ph ", "PH"),
        ],
    )
    def test_in_any_language(self, written, code):
        assert read_country(written) == code

    @pytest.mark.parametrize("written", ["", "xx", "Atlantis", "-", "1"])
    def test_finds_none_where_none_is_meant(self, written):
        assert read_country(written) is None

    @pytest.mark.parametrize("language", ["en", "vi", "id", "ro", "fil"])
    def test_finds_every_country_by_the_name_we_show(self, language):
        wrong = [code for code in codes() if read_country(country_name(code, language)) != code]

        assert wrong == []

    @pytest.mark.parametrize("language", ["nb", "zh", "sr", "pt", "ar"])
    def test_finds_countries_by_what_others_call_them(self, language):
        missing = [code for code in codes() if country_name(code, language) != code
                   and _names_in(language).get(code) != country_name(code, language)]  # fmt: skip

        assert missing == []

    def test_keeps_no_more_of_other_languages_than_it_needs(self):
        """All that CLDR knows of all languages are 70 MiB in each process."""
        asked = (
            "from babel import localedata; from regulars.kit.countries import read_country; "
            "assert read_country('Deutschland') == 'DE'; print(len(localedata._cache))"
        )
        kept = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout

        assert int(kept) < 10


class TestACountry:
    def test_brings_what_a_shop_there_starts_with(self):
        vietnam = about("VN")

        assert vietnam[1:4] == ("VND", "vi", "Asia/Ho_Chi_Minh")
        assert vietnam.contact_apps[0] == "zalo"
        assert calling_code("PH") == "63"

    def test_of_every_code_has_a_currency_and_a_zone(self):
        for code in codes():
            assert about(code).currency in CURRENCIES, code
            assert zone(about(code).timezone), code

    def test_can_be_chosen_by_name(self):
        assert len(codes()) == 249
        assert ("VN", "Việt Nam") in country_choices("vi")
