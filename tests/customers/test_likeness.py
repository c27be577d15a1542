"""Who may be one person: what is said of two names, and of two people."""

import random

import pytest

from regulars.customers.likeness import compare
from regulars.customers.likeness.names import is_slip, other_orders, slips, whole_name, words_key
from regulars.customers.likeness.scoring import Person


def called(name: str, **facts) -> Person:
    known = {"phones", "emails"}
    facts = {key: frozenset(value) if key in known else value for key, value in facts.items()}
    return Person(None, whole_name(name), name.lower(), **facts)


class TestTwoNames:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("juan dela cruz", "juan dela crus"),
            ("juan dela cruz", "juan de la cruz"),
            ("nguyen thi huong", "nguyen thi houng"),
            ("budi santoso", "budi santosso"),
        ],
    )
    def test_are_a_slip_apart(self, one, other):
        assert is_slip(one, other)
        assert is_slip(other, one)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("nguyen van an", "nguyen van anh"),
            ("tran thi hoa", "tran thi hoai"),
            ("nguyen thi linh", "nguyen thi minh"),
            ("guest 01", "guest 02"),
            ("le van a", "le van b"),
            ("juan dela cruz", "juan dela cruz"),
            ("juan dela cruz", "juan santos"),
        ],
    )
    def test_are_other_names(self, one, other):
        assert not is_slip(one, other)
        assert not is_slip(other, one)

    def test_all_slips_are_known_beforehand(self):
        letters = random.Random(7)
        for _ in range(300):
            name = " ".join(
                "".join(letters.choices("abcn", k=letters.randint(1, 6))) for _ in range(letters.randint(2, 4))
            )
            near = slips(name)
            assert all(is_slip(name, other) for other in near)
            at = letters.randrange(len(name))
            changed = [name[:at] + name[at + 1 :], name[:at] + letters.choice("abcn ") + name[at:]]
            assert [one for one in changed if whole_name(one) == one and is_slip(name, one) and one not in near] == []

    def test_have_one_key_in_every_order(self):
        assert {words_key(one) for one in other_orders("nguyen thi dao")} == {"dao nguyen thi"}
        assert len(other_orders("nguyen thi dao")) == 6


class TestTwoPeople:
    @pytest.mark.parametrize(
        ("one", "other", "score", "reasons"),
        [
            ({"emails": ["a@b.vn"]}, {"emails": ["a@b.vn"]}, 97, "email name"),
            ({"phones": ["+84912345678"]}, {"phones": ["+84912345678"]}, 94, "phone name"),
            ({"zalo": "zz"}, {"zalo": "zz"}, 96, "zalo name"),
            ({"citizen_id": "x"}, {"citizen_id": "x"}, 99, "citizen_id name"),
            ({"tax_code": "0101"}, {"tax_code": "0101"}, 92, "tax_code name"),
            ({"city": "hue"}, {"city": "hue"}, 70, "name city"),
            ({"company": "acme"}, {"company": "acme"}, 72, "name company"),
            ({"birthday": "1990-504"}, {"birthday": "1990-504"}, 85, "name birthday"),
            ({}, {}, 40, "name"),
            ({"city": "hue", "phones": ["+1"]}, {"city": "hue", "phones": ["+2"]}, 49, "name city"),
        ],
    )
    def test_of_one_name(self, one, other, score, reasons):
        verdict = compare(called("Đào Nguyễn", **one), called("Đào Nguyễn", **other))

        assert (verdict.score, verdict.reasons) == (score, tuple(reasons.split()))

    def test_with_the_parts_of_the_name_swapped(self):
        verdict = compare(called("Đào Nguyễn", city="hue"), called("Nguyễn Đào", city="hue"))

        assert verdict == (66, ("reversed", "city"))

    def test_with_a_slip(self):
        assert compare(called("Juan dela Crus", city="cebu"), called("Juan dela Cruz", city="cebu")) == (
            58, ("slip", "city"),
        )  # fmt: skip

    def test_whose_phones_differ_are_not_joined_by_a_slip(self):
        one, other = called("Juan Cruzo", city="cebu", phones=["+1"]), called("Juan Cruzzo", city="cebu", phones=["+2"])

        assert compare(one, other).score < 50

    def test_of_clearly_different_names_at_one_phone_may_be_a_household(self):
        mother, daughter = called("Trần Thị Hoa", phones=["+84"]), called("Lê Minh Anh", phones=["+84"])

        assert compare(mother, daughter) == (50, ("phone", "other_name"))

    def test_of_whom_one_has_no_name_are_joined_by_the_phone(self):
        assert compare(Person(None, phones=frozenset({"+84"})), called("Lê Minh Anh", phones=["+84"])).score == 75

    def test_with_one_word_as_a_name_are_nobody(self):
        assert compare(called("Ann", city="cebu"), called("Ann", city="cebu")).score == 0

    def test_are_compared_alike_from_either_side(self):
        chance = random.Random(3)
        crowd = [_random_person(chance) for _ in range(150)]

        assert [1 for one in crowd for other in crowd if compare(one, other) != compare(other, one)] == []


def _random_person(chance: random.Random) -> Person:
    def some(*values):
        return frozenset(chance.sample(values, chance.randint(0, 1)))

    name = chance.choice(["Juan Cruz", "Cruz Juan", "Juan Cruza", "Juan", "", "Ana Santos", "Juan Cruz Santos"])
    return Person(
        None, whole_name(name), name.lower(), some("a", "b"), some("1", "2"), chance.choice(["", "z"]),
        chance.choice(["", "c", "d"]), chance.choice(["", "t"]), chance.choice(["", "hue", "hanoi"]),
        chance.choice(["", "acme"]), chance.choice(["", "1990-101", "1991-101"]),
    )  # fmt: skip
