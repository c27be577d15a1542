import pickle

from regulars.kit.errors import BadValue, DomainError


class NotEnoughPoints(DomainError):
    code = "loyalty.not_enough_points"
    sentence = "{needed} points are needed, the balance is {balance}."


class TestADomainError:
    def test_says_its_sentence_with_the_details_filled_in(self):
        error = NotEnoughPoints(needed=50, balance=40)

        assert str(error) == "50 points are needed, the balance is 40."
        assert error.details == {"needed": 50, "balance": 40}

    def test_can_be_printed_even_when_a_detail_is_missing(self):
        assert str(NotEnoughPoints(needed=50)) == "50 points are needed, the balance is {balance}."

    def test_does_not_read_braces_in_what_a_user_wrote(self):
        assert str(NotEnoughPoints(needed="{balance}", balance="{0}")).startswith("{balance} points")


class TestABadValue:
    def test_quotes_the_value_shortened(self):
        error = BadValue("“{value}” is too long.", value="x" * 100)

        assert str(error) == f"“{'x' * 59}…” is too long."
        assert error.value == "x" * 100

    def test_learns_its_field_where_the_field_is_known(self):
        error = BadValue("“{value}” is no date.", value="x").for_field("joined_on")

        assert error.field == "joined_on"

    def test_survives_the_way_to_another_process(self):
        error = pickle.loads(pickle.dumps(BadValue("“{value}” is no {kind}.", value="x", kind="date")))

        assert str(error) == "“x” is no date."
