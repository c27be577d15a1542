"""Who hears of what, and how often."""

import pytest

from regulars.events.handlers import _handlers, announce, at_once, on


@pytest.fixture
def heard(monkeypatch):
    """What three handlers heard: of each kind, of its family, and of whose news alone."""
    for kind in ("sheep.shorn", "sheep.fed", "sheep.*"):
        monkeypatch.setitem(_handlers, kind, [])
    told = {"each": [], "whose": []}

    @on("sheep.shorn", "sheep.fed")
    def each(kind, customer_ids, **_news):
        told["each"].append((kind, customer_ids))

    @on("sheep.*", whose_alone=True)
    def whose(customer_ids, batch_id, **_news):
        told["whose"].append((customer_ids, batch_id))

    return told


class TestNews:
    def test_are_told_at_once(self, heard):
        announce(1, "sheep.shorn", {5})

        assert heard == {"each": [("sheep.shorn", {5})], "whose": [({5}, None)]}

    def test_told_together_are_told_once_to_those_who_ask_only_whose_they_are(self, heard):
        with at_once():
            announce(1, "sheep.shorn", {5})
            announce(1, "sheep.fed", {5, 6})
            assert heard == {"each": [], "whose": []}

        assert heard["each"] == [("sheep.shorn", {5}), ("sheep.fed", {5, 6})]
        assert heard["whose"] == [({5, 6}, None)]

    def test_of_two_shops_or_two_runs_stay_apart(self, heard):
        with at_once():
            announce(1, "sheep.shorn", {5})
            announce(2, "sheep.shorn", {7})
            announce(1, "sheep.shorn", {8}, batch_id=3)

        assert heard["whose"] == [({5}, None), ({7}, None), ({8}, 3)]

    def test_are_not_told_after_an_error(self, heard):
        with pytest.raises(ZeroDivisionError), at_once():
            announce(1, "sheep.shorn", {5})
            raise ZeroDivisionError

        announce(1, "sheep.fed", {6})
        assert heard["whose"] == [({6}, None)]

    def test_may_be_gathered_twice_and_are_told_at_the_outer_end(self, heard):
        with at_once():
            with at_once():
                announce(1, "sheep.shorn", {5})
            assert not heard["whose"]

        assert heard["whose"] == [({5}, None)]
