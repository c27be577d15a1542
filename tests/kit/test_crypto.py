import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kit.crypto import KeyMissing, NotSealed, WrongPlace, blind_index, open_sealed, seal, sealed_with

OLD, NEW = ("2025", b"o" * 32), ("2026", b"n" * 32)
PLACE = ("customer", "citizen_id", 7, 42)


@pytest.fixture(autouse=True)
def keys(settings):
    settings.FIELD_KEYS = [OLD]
    return settings


class TestASealedValue:
    @given(st.text(st.characters(exclude_categories=["Cs"])))
    def test_opens_in_its_place(self, plain):
        assert open_sealed(seal(plain, place=PLACE), place=PLACE) == plain

    def test_never_looks_the_same_twice_and_hides_its_text(self):
        first, second = seal("012345678901", place=PLACE), seal("012345678901", place=PLACE)

        assert first != second
        assert first.startswith("v1:2025:")
        assert "012345678901" not in first

    @pytest.mark.parametrize(
        "other",
        [
            ("customer", "citizen_id", 7, 43),
            ("customer", "citizen_id", 8, 42),
            ("customer", "tax_code", 7, 42),
            ("customer", "citizen_id", 74, 2),
        ],
    )
    def test_does_not_open_elsewhere(self, other):
        with pytest.raises(WrongPlace):
            open_sealed(seal("secret", place=PLACE), place=other)

    def test_does_not_open_once_a_letter_was_changed(self):
        sealed = seal("secret", place=PLACE)

        with pytest.raises(WrongPlace):
            open_sealed(sealed[:-2] + ("A" if sealed[-2] != "A" else "B") + sealed[-1], place=PLACE)

    @pytest.mark.parametrize(
        "text", ["", "secret", "v1:a", "v1:2025:!!:xx", "v9:2025:AAAAAAAAAAAAAAAA:AAAA", "v1:2025::", "đ:đ:đ:đ"]
    )
    def test_is_told_from_other_texts(self, text):
        with pytest.raises(NotSealed):
            open_sealed(text, place=PLACE)


class TestChangingKeys:
    def test_seals_with_the_newest_and_opens_with_all(self, keys):
        sealed = seal("secret", place=PLACE)
        keys.FIELD_KEYS = [NEW, OLD]

        assert open_sealed(sealed, place=PLACE) == "secret"
        assert (sealed_with(sealed), sealed_with(seal("secret", place=PLACE))) == ("2025", "2026")

    def test_names_the_key_that_is_missing(self, keys):
        sealed = seal("secret", place=PLACE)
        keys.FIELD_KEYS = [NEW]

        with pytest.raises(KeyMissing, match="2025"):
            open_sealed(sealed, place=PLACE)

    def test_keeps_the_index(self, keys):
        before = blind_index("012345678901", shop_id=7)
        keys.FIELD_KEYS = [NEW, OLD]

        assert blind_index("012345678901", shop_id=7) == before


class TestABlindIndex:
    def test_is_equal_for_equal_values_of_one_shop_and_purpose_alone(self):
        assert blind_index("1", shop_id=7) == blind_index("1", shop_id=7)
        assert (
            len(
                {
                    blind_index("1", shop_id=7),
                    blind_index("2", shop_id=7),
                    blind_index("1", shop_id=8),
                    blind_index("1", shop_id=7, purpose="tax"),
                }
            )
            == 4
        )
