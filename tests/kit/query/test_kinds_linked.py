"""Kinds whose values lie in other tables, and the names of places: what they understand."""

import pytest

from regulars.kit.regions import codes_of, place_key, regions


class TestPlaceKeys:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Đà Nẵng", "da nang"), ("New York City", "NewYorkCity"), ("Thành phố Hồ Chí Minh", "Ho Chi Minh"),
            ("TP. Hồ Chí Minh", "ho chi minh"), ("Cluj-Napoca", "cluj napoca"), ("Kota Bandung", "Bandung"),
            ("St. John's", "st johns"),
        ],
    )  # fmt: skip
    def test_are_alike_for_spellings_of_one_place(self, one, other):
        assert place_key(one) == place_key(other)

    def test_differ_for_places(self):
        assert place_key("New York") != place_key("New York City")


class TestRegions:
    @pytest.mark.parametrize(
        ("country", "count"), [("US", 52), ("CA", 13), ("AU", 8), ("RO", 42), ("ID", 34), ("VN", 5)]
    )
    def test_are_each_listed_once(self, country, count):
        names = regions(country)

        assert len(names) == count
        assert len({place_key(name) for name in names.values()}) == count

    def test_are_found_by_name(self):
        assert codes_of(place_key("new york")) == (("US", "NY"),)
        assert codes_of(place_key("Atlantis")) == ()
        assert regions("DE") == {}
