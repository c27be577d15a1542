"""Reading profiles: every field, in the words of five languages, and whatever else people paste."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulars.customers.drafts import AddressDraft, sort_key
from regulars.customers.models import AccountState, ConsentState, Customer, Gender, OaState, PhoneKind
from regulars.customers.profile import FIELDS, OWN_CHANNEL, read_profile
from regulars.kit.text import clean


def read(at_home="VN", **raw):
    return read_profile(raw, country=at_home)


def problems_of(draft):
    return [problem.field for problem in draft.problems]


class TestNames:
    def test_are_taken_apart_as_their_country_writes_them(self):
        columns = read(name="Nguyễn Thị Đào").columns

        assert (columns["given_name"], columns["family_name"]) == ("Thị Đào", "Nguyễn")
        assert columns["name_key"] == "nguyen thi dao"

    def test_are_put_together_as_their_country_writes_them(self):
        parts = {"given_name": "Đào", "family_name": "Nguyễn"}

        assert read(**parts).columns["name"] == "Nguyễn Đào"
        assert read("PH", **parts).columns["name"] == "Đào Nguyễn"
        assert read("PH", country="Vietnam", **parts).columns["name"] == "Nguyễn Đào"

    def test_too_long_are_cut_with_a_word_about_it(self):
        draft = read(name="a" * 400)

        assert len(draft.columns["name"]) == 300
        assert problems_of(draft) == ["name"]

    def test_of_people_without_one_are_sorted_by_what_is_shown(self):
        assert sort_key({"name": "", "company": "Ông Út"}) == "ong ut"
        assert read(email="Zed@X.com").new_columns()["name_key"] == "zed x com"


class TestPhonesAndAddressesOfMail:
    def test_a_good_number_is_kept_as_written_and_in_e164(self):
        columns = read(phone="0912 345 678").columns

        assert columns == {"phone": "+84912345678", "phone_raw": "0912 345 678", "phone_kind": PhoneKind.MOBILE}

    @pytest.mark.parametrize(
        ("written", "kind"),
        [("+63 917 xxx xxxx", PhoneKind.MASKED), ("0812****7890", PhoneKind.MASKED), ("000000000", PhoneKind.INVALID)],
    )
    def test_a_masked_or_wrong_number_is_text_that_matches_nobody(self, written, kind):
        draft = read("PH", phone=written)

        assert draft.columns == {"phone": None, "phone_raw": written, "phone_kind": kind}
        assert problems_of(draft) == ["phone"]
        assert not draft.is_fatal

    def test_a_national_number_is_one_of_the_customer_s_country_first(self):
        assert read("PH", country="VN", phone="0912345678").columns["phone"] == "+84912345678"
        assert read("PH", country="VN", phone="09171234567").columns["phone"] == "+639171234567"

    def test_an_e_mail_is_compared_in_lower_case_and_kept_as_written(self):
        columns = read(email="Ann@Example.COM").columns

        assert (columns["email"], columns["email_raw"]) == ("ann@example.com", "Ann@Example.COM")

    def test_a_wrong_e_mail_is_text_that_matches_nobody(self):
        draft = read(email="ann at example")

        assert (draft.columns["email"], draft.columns["email_raw"]) == (None, "ann at example")
        assert problems_of(draft) == ["email"]


class TestWords:
    @pytest.mark.parametrize(
        ("word", "gender"),
        [("Nữ", Gender.FEMALE), ("laki-laki", Gender.MALE), ("Femeie", Gender.FEMALE), ("M", Gender.MALE),
         ("babae", Gender.FEMALE), ("Khác", Gender.OTHER), ("Male", Gender.MALE), ("-", Gender.UNKNOWN)],
    )  # fmt: skip
    def test_for_a_gender(self, word, gender):
        assert read(gender=word).columns["gender"] == gender

    def test_nobody_knows_are_problems_and_left_out(self):
        draft = read(name="Ann", gender="purple", account_state="??", country="Atlantis", language="Klingonese")

        assert draft.columns.keys() == {"name", "name_key", "given_name", "family_name"}
        assert sorted(problems_of(draft)) == ["account_state", "country", "gender", "language"]

    def test_for_accounts_and_followers(self):
        columns = read(account_state="Verified", oa_state="Đang quan tâm").columns

        assert (columns["account_state"], columns["oa_state"]) == (AccountState.VERIFIED, OaState.FOLLOWED)

    @pytest.mark.parametrize(
        ("written", "code"),
        [("Vietnamese", "vi"), ("vi-VN", "vi"), ("Tiếng Việt", "vi"), ("Filipino", "fil"), ("RO", "ro")],
    )
    def test_for_languages(self, written, code):
        assert read(language=written).columns["language"] == code


class TestBirthdays:
    def test_may_lack_the_year(self):
        assert read(birthday="15/05").columns == {"birth_md": 515, "birth_year": None}
        assert read(birthday="1991-05-15").columns == {"birth_md": 515, "birth_year": 1991}

    @pytest.mark.parametrize("written", ["31/02/1990", "3000-01-01", "soon", "1/1/1"])
    def test_that_cannot_be_are_left_out(self, written):
        draft = read(name="Ann", birthday=written)

        assert "birth_md" not in draft.columns
        assert problems_of(draft) == ["birthday"]


class TestTaxCodes:
    @pytest.mark.parametrize(
        ("country", "code"),
        [("VN", "0100233488"), ("VN", "0314409058-002"), ("VN", "001099012345"), ("RO", "RO 18547290"),
         ("RO", "18547290"),         ("ID", "01.312.166.0-091.000"), ("PH", "000-101-528-000"), ("US", "whatever")],
    )  # fmt: skip
    def test_that_can_be_are_no_problem(self, country, code):
        draft = read(country, name="Ann", tax_code=code)

        assert draft.columns["tax_code"] == code
        assert draft.problems == []

    @pytest.mark.parametrize(
        ("country", "code"), [("VN", "0100233480"), ("RO", "18547291"), ("ID", "12345"), ("PH", "000-000-000-000")]
    )
    def test_that_cannot_be_are_kept_with_a_warning(self, country, code):
        draft = read(country, name="Ann", tax_code=code)

        assert draft.columns["tax_code"] == code
        assert [(one.field, one.fatal) for one in draft.problems] == [("tax_code", False)]


class TestConsents:
    def test_are_read_by_channel_with_when_and_where(self):
        draft = read_profile(
            {"accepts_email": "Yes", "accepts_sms": "unsubscribed", "consent_at": "2024-05-01", "email": "a@b.vn"},
            country="VN", tz="Asia/Ho_Chi_Minh", source="shopify.csv",
        )  # fmt: skip

        at = datetime(2024, 4, 30, 17, tzinfo=UTC)
        assert draft.consents == [
            ("email", ConsentState.SUBSCRIBED, at, "shopify.csv"),
            ("sms", ConsentState.UNSUBSCRIBED, at, "shopify.csv"),
        ]

    def test_that_say_neither_yes_nor_no_say_nothing(self):
        draft = read(email="a@b.vn", accepts_email="perhaps")

        assert draft.consents == []
        assert problems_of(draft) == ["accepts_email"]


class TestIdentities:
    def test_belong_to_their_channel(self):
        assert read(external_id="77", channel="Shopee").identities == [("shopee", "77")]
        assert read(external_id="77").identities == [(OWN_CHANNEL, "77")]
        assert read(zalo_id="z1").identities == [("zalo", "z1")]

    @pytest.mark.parametrize("written", ["0", "null", " ", "N/A"])
    def test_of_nobody_are_none(self, written):
        assert read(name="Ann", external_id=written).identities == []


class TestAddresses:
    def test_are_one_however_they_are_spelled(self):
        one = read(address1="12 Lê Lợi", ward="Bến Nghé", city="Hồ Chí Minh", country="VN").address
        other = read(address1="12 LE LOI,", ward="ben nghe", city="ho chi minh", address_country="Vietnam").address

        assert one.fingerprint == other.fingerprint

    def test_say_where(self):
        assert read(name="Ann", recipient="Ann", address_country="VN", address_phone="0912345678").address is None

    def test_show_in_the_columns_of_a_new_customer(self):
        columns = read(city="Cebu", address_country="Philippines").new_columns()

        assert (columns["country"], columns["city"], columns["region"]) == ("PH", "Cebu", "")

    def test_have_every_column_the_table_asks_for(self):
        assert set(AddressDraft().columns()) >= {"line1", "ward", "phone", "fingerprint"}


class TestTags:
    def test_are_one_in_any_case(self):
        assert read(tags="VIP, vip; Vip , Khách sỉ").tags == ["VIP", "Khách sỉ"]


class TestAProfile:
    def test_of_nobody_is_fatal_unless_it_changes_somebody(self):
        assert read(gender="F").is_fatal
        assert not read_profile({"gender": "F"}, country="VN", partial=True).is_fatal

    def test_tells_what_was_given_empty(self):
        assert read(name="Ann", phone=" ", unheard_of="").cleared == {"phone"}

    def test_does_not_show_a_citizen_id(self):
        draft = read(name="Ann", citizen_id="001099012345")

        assert draft.citizen_id == "001099012345"
        assert "001099012345" not in repr(draft)


NAUGHTY = json.loads((Path(__file__).parents[1] / "samples/strings/blns.json").read_text())
anything = st.text(max_size=500) | st.sampled_from(NAUGHTY)
profiles = st.dictionaries(st.sampled_from(sorted(FIELDS)), anything, min_size=1)


class TestWhateverIsPasted:
    @given(raw=profiles, country=st.sampled_from(["VN", "PH", "ID", "RO", "US", "XX", ""]))
    @settings(max_examples=400, deadline=None)
    def test_is_read_without_an_error_and_fits_the_table(self, raw, country):
        draft = read_profile(raw, country=country)

        for column, value in draft.new_columns().items():
            longest = Customer._meta.get_field(column).max_length
            assert longest is None or value is None or len(value) <= longest
            assert "\x00" not in str(value)
        [str(problem.reason) for problem in draft.problems]

    @pytest.mark.parametrize("written", NAUGHTY)
    def test_is_shown_as_it_was_written(self, written):
        draft = read(name=written, company=written, note=written)

        shown = clean(written)
        assert draft.columns.get("name", "") == shown.replace("\n", " ")[:300].rstrip()
        assert draft.columns.get("company", "") == shown.replace("\n", " ")[:200].rstrip()
        assert draft.note == shown
