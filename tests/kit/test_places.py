"""Places found by name, in the spellings people use; and what old Vietnamese addresses are today."""

import json
from pathlib import Path

import pytest

from regulars.kit import places
from regulars.kit.places import OLD_VIETNAM, converted, find, levels, suggest, units

STRINGS = json.loads((Path(__file__).parents[1] / "samples" / "strings" / "blns.json").read_text())
COUNTRIES = ["VN", "PH", "ID", "RO"]


def names(found):
    return [one.name for one in found]


class TestLists:
    @pytest.mark.parametrize(
        ("country", "counts"),
        [
            ("VN", [34, 3321]),
            (OLD_VIETNAM, [63, 696, 10035]),
            ("PH", [102 + 17, 1656]),  # provinces and regions
            ("ID", [38, 514, 7097]),
            ("RO", [42, 13756]),
        ],
    )
    def test_are_whole(self, country, counts):
        here, found = units(country), []
        while here:
            found.append(len(here))
            here = [below for one in here for below in units(country, one.code)]

        assert found == counts
        assert len(levels(country)) == len(counts)

    @pytest.mark.parametrize("country", [*COUNTRIES, OLD_VIETNAM])
    def test_every_place_is_found_by_its_own_name(self, country):
        for one in units(country):
            assert one in find(country, "region", one.name)
            for inside in units(country, one.code):
                assert inside in find(country, inside.level, inside.name, one.code)

    def test_are_small(self):
        files = list((Path(places.__file__).parent / "data").glob("*.gz"))

        assert len(files) == 5
        assert sum(file.stat().st_size for file in files) < 1_500_000

    def test_of_other_countries_there_are_none(self):
        assert (levels("FR"), units("FR"), find("FR", "region", "Paris"), suggest("FR", "region", "P")) == (
            (),
            [],
            [],
            [],
        )
        assert find("VN", "no such level", "Hà Nội") == []


class TestFinding:
    @pytest.mark.parametrize(
        ("country", "level", "text", "name"),
        [
            ("VN", "region", "Thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
            ("VN", "region", "TP.HCM", "Thành phố Hồ Chí Minh"),
            ("VN", "region", "tp ho chi minh", "Thành phố Hồ Chí Minh"),
            ("VN", "region", "Saigon", "Thành phố Hồ Chí Minh"),
            ("VN", "region", "HA NOI", "Thành phố Hà Nội"),
            ("VN", "region", "bắc ninh", "Tỉnh Bắc Ninh"),
            ("VN", "region", "Bac Ninh Province", "Tỉnh Bắc Ninh"),
            ("VN", "ward", "P. Bến Thành", "Phường Bến Thành"),
            ("VN", "ward", "ben thanh", "Phường Bến Thành"),
            (OLD_VIETNAM, "district", "Thủ Đức", "Thành phố Thủ Đức"),
            ("PH", "region", "Metro Manila", "National Capital Region (NCR)"),
            ("PH", "region", "Central Visayas", "Region VII (Central Visayas)"),
            ("PH", "city", "Makati", "City of Makati"),
            ("PH", "city", "Makati City", "City of Makati"),
            ("PH", "city", "CITY OF MAKATI", "City of Makati"),
            ("PH", "city", "Quezon City", "Quezon City"),
            ("ID", "region", "DKI Jakarta", "Daerah Khusus Ibukota Jakarta"),
            ("ID", "region", "West Java", "Jawa Barat"),
            ("ID", "region", "Prov. Sumatra Barat", "Sumatera Barat"),
            ("ID", "region", "Papua Barat Daya", "Papua Barat Daya"),
            ("ID", "city", "Kota Bandung", "Kota Bandung"),
            ("ID", "city", "Kab. Bandung", "Kabupaten Bandung"),
            ("ID", "city", "Jakarta Selatan", "Kota Administrasi Jakarta Selatan"),
            ("ID", "city", "Solo", "Kota Surakarta"),
            ("ID", "district", "Kec. Coblong", "Coblong"),
            ("RO", "region", "Județul Cluj", "Cluj"),
            ("RO", "region", "jud. cluj", "Cluj"),
            ("RO", "region", "Bucharest", "București"),
            ("RO", "region", "Caraş-Severin", "Caraș-Severin"),
            ("RO", "city", "Cluj Napoca", "Cluj-Napoca"),
            ("RO", "city", "Mun. Tg. Mureș", "Târgu Mureș"),
            ("RO", "city", "Sector 3", "Sectorul 3"),
        ],
    )
    def test_one_place_in_many_spellings(self, country, level, text, name):
        assert names(find(country, level, text)) == [name]

    @pytest.mark.parametrize("text", ["Quận 1", "quan 1", "Q.1", "Q1", "q 01", "District 1", "1"])
    def test_numbered_districts(self, text):
        [saigon] = find(OLD_VIETNAM, "region", "TP.HCM")

        assert names(find(OLD_VIETNAM, "district", text, saigon.code)) == ["Quận 1"]

    def test_a_name_that_does_not_say_which_is_several(self):
        assert names(find("ID", "city", "Bandung")) == ["Kabupaten Bandung", "Kota Bandung"]
        assert len(find("PH", "city", "Sta. Cruz")) > 1

    def test_within_a_larger_place(self):
        [laguna] = find("PH", "region", "Laguna")

        assert len(find("PH", "city", "Santa Cruz", laguna.code)) == 1
        assert find("PH", "city", "City of Makati", laguna.code) == []

    def test_cities_of_no_province_belong_to_the_one_around_them(self):
        [cebu] = find("PH", "region", "Cebu Province")

        assert names(find("PH", "city", "Cebu City", cebu.code)) == ["City of Cebu"]

    @pytest.mark.parametrize("country", [*COUNTRIES, OLD_VIETNAM, "FR", ""])
    def test_nothing_raises(self, country):
        # A text is read before the list is walked, so a part of the list will do.
        within = next((one.code for one in units(country)), "")
        for text in [*STRINGS, "Thành phố", "P.", "." * 100_000, "q" * 100_000, "\0\ud800"]:
            for level, _label in levels(country) or (("region", ""),):
                find(country, level, text, within)
                suggest(country, level, text, within)
            converted(text, text, text)

    @pytest.mark.parametrize("country", COUNTRIES)
    def test_nobody_is_called_by_nothing(self, country):
        assert find(country, "region", "") == find(country, "region", " . ") == []


class TestSuggesting:
    def test_begins_with_what_begins_so(self):
        assert "Phường Bến Thành" in names(suggest("VN", "ward", "ben"))
        assert names(suggest("RO", "city", "cluj"))[0] == "Cluj-Napoca"
        assert names(suggest("PH", "city", "makati c")) == ["City of Makati"]

    def test_knows_the_kind_that_was_typed(self):
        assert names(suggest("ID", "city", "kota band"))[:2] == ["Kota Bandung", "Kota Banda Aceh"]

    def test_is_short(self):
        assert len(suggest("RO", "city", "")) == 20
        assert len(suggest("RO", "city", "s", limit=3)) == 3


class TestOldVietnam:
    @pytest.mark.parametrize(
        ("old", "now"),
        [
            (("TP.HCM", "Quận 1", "Phường Bến Nghé"), ["Phường Sài Gòn, Thành phố Hồ Chí Minh"]),
            (("ho chi minh", "Q1", "p. ben nghe"), ["Phường Sài Gòn, Thành phố Hồ Chí Minh"]),
            (("Bình Dương", "Thủ Dầu Một", "Phú Cường"), ["Phường Thủ Dầu Một, Thành phố Hồ Chí Minh"]),
            (("Hồ Chí Minh", "Thủ Dầu Một", "Phú Cường"), ["Phường Thủ Dầu Một, Thành phố Hồ Chí Minh"]),
            (("Hà Nội", "Ba Đình", "Phúc Xá"), ["Phường Hồng Hà, Thành phố Hà Nội"]),
            (("Quảng Ngãi", "Lý Sơn", ""), ["Đặc khu Lý Sơn, Tỉnh Quảng Ngãi"]),
            (("Bình Dương", "", ""), ["Thành phố Hồ Chí Minh"]),
        ],
    )
    def test_is_something_today(self, old, now):
        assert [_words(one) for one in converted(*old)] == now

    def test_a_divided_ward_is_several_the_likeliest_first(self):
        now = [_words(one) for one in converted("Cần Thơ", "Thới Lai", "Tân Thạnh")]

        assert now == ["Xã Trường Thành, Thành phố Cần Thơ", "Xã Tân Thạnh, Thành phố Cần Thơ"]

    @pytest.mark.parametrize(
        "old", [("Nowhere", "Quận 1", "Bến Nghé"), ("Hà Nội", "Quận 1", "Bến Nghé"), ("Hà Nội", "Ba Đình", "Bến Nghé")]
    )
    def test_what_was_not_is_nothing(self, old):
        assert converted(*old) == ()

    def test_every_old_ward_became_one_of_today(self):
        wards = [
            ward
            for province in units(OLD_VIETNAM)
            for district in units(OLD_VIETNAM, province.code)
            for ward in units(OLD_VIETNAM, district.code)
        ]

        assert all(ward.became and all(places.unit("VN", code) for code in ward.became) for ward in wards)


def _words(one):
    return ", ".join(place.name for place in (one.ward, one.province) if place)
