"""Drafts of questions: what a form carries, and what each edit changes."""

import pytest
from django.utils.datastructures import MultiValueDict
from hypothesis import given
from hypothesis import strategies as st

from regulars.kit.query import BadCondition
from regulars.web.lists.editor.drafts import (
    DEEPEST,
    EMPTY,
    Draft,
    Event,
    Group,
    Line,
    dotted,
    from_form,
    parts_of,
    read_path,
    to_form,
    values_of,
    walk,
)
from regulars.web.lists.editor.edits import at, edit

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.dictionaries(
    st.sampled_from(["value", "second", "value_span", "value_n", "value_day"]),
    st.lists(TEXTS, min_size=1, max_size=3),
    max_size=3,
).map(values_of)
KEYS = st.integers(0, 10**6)
LINES = st.builds(Line, st.sampled_from(["", "orders", "tags"]), st.sampled_from(["", ">=", "IN"]), VALUES,
                  st.booleans(), KEYS)  # fmt: skip
EVENTS = st.builds(
    Event, st.just("orders_placed"), st.lists(LINES, max_size=3).map(tuple), negated=st.booleans(), key=KEYS
)
PARTS: st.SearchStrategy[Draft] = st.recursive(
    LINES | EVENTS,
    lambda inner: st.builds(
        Group, st.sampled_from(["all", "any"]), st.lists(inner, max_size=3).map(tuple), st.booleans(), KEYS
    ),
    max_leaves=8,
)
TREES = st.builds(
    Group, st.sampled_from(["all", "any"]), st.lists(PARTS, max_size=3).map(tuple), st.booleans(), KEYS
)  # fmt: skip

ANN, BOB, CITY = Line("name", "=", key=1), Line("orders", ">=", key=2), Line("city", "=", key=4)
NESTED = Group("all", (ANN, Group("any", (BOB, CITY), key=3)))


def leaves(draft: Draft) -> list[Draft]:
    return [part for _path, part in walk(draft) if isinstance(part, Line)]


class TestAForm:
    @given(TREES)
    def test_carries_a_tree_there_and_back(self, tree):
        assert from_form(to_form(tree)) == tree

    def test_without_anything_is_an_empty_group(self):
        assert from_form(MultiValueDict({"where": ["x"]})) == EMPTY

    def test_in_which_numbers_are_missing_keeps_the_order(self):
        form = to_form(Group("all", (ANN, BOB, CITY)))

        assert from_form(MultiValueDict({k: v for k, v in form.lists() if not k.startswith("n.1.")})).parts == (
            ANN,
            CITY,
        )

    @given(st.text(max_size=30))
    def test_with_names_that_nobody_wrote_is_read_without_a_fault(self, text):
        from_form(MultiValueDict({f"n.{text}": ["1"], "n.kind": ["all"]}))

    def test_that_nests_too_deep_is_refused(self):
        name = dotted((0,) * (DEEPEST + 2))

        with pytest.raises(BadCondition, match=str(DEEPEST)):
            from_form(MultiValueDict({f"{name}.field": ["orders"]}))


EDITS = st.sampled_from(["negate", "wrap", "copy", "up", "down", "add", "group", "field"])


class TestAnEdit:
    @given(TREES, EDITS, st.data())
    def test_keeps_all_conditions_there_are(self, tree, word, data):
        path, _part = data.draw(st.sampled_from(list(walk(tree))))
        before = [(line.field, line.op, line.values) for line in leaves(tree)]

        after = [(line.field, line.op, line.values) for line in leaves(edit(tree, f"{word}:{dotted(path)}").root)]

        for line in before:
            after.remove(line)
        assert word in ("copy", "add", "group") or after == []

    @given(TREES, st.data())
    def test_that_removes_a_part_leaves_the_others_as_they_were(self, tree, data):
        path, part = data.draw(st.sampled_from(list(walk(tree))))

        root = edit(tree, f"remove:{dotted(path)}").root

        gone = leaves(part)
        assert len(leaves(root)) == len(leaves(tree)) - len(gone)

    @given(TREES, st.data())
    def test_that_turns_round_undoes_itself(self, tree, data):
        path, _part = data.draw(st.sampled_from(list(walk(tree))))
        do = f"negate:{dotted(path)}"

        assert edit(edit(tree, do).root, do).root == tree

    @given(TREES, st.data())
    def test_that_wraps_is_undone_by_taking_out(self, tree, data):
        paths = [path for path, _part in walk(tree) if path and isinstance(at(tree, path[:-1]), Group)]
        if not paths:
            return
        place = dotted(data.draw(st.sampled_from(paths)))

        assert edit(edit(tree, f"wrap:{place}").root, f"unwrap:{place}").root == tree

    @pytest.mark.parametrize(
        "do", ["", "nonsense", "add:n.9", "choose:x:y", "wrap:n", "up:n.0", "copy:n", "happened:n:x"]
    )
    def test_of_what_is_not_there_changes_nothing(self, do):
        assert edit(NESTED, do).root in (NESTED, NESTED)

    def test_adds_a_line_where_a_field_is_to_be_chosen(self):
        edited = edit(NESTED, "add:n.1")

        assert edited.focus == (1, 2)
        assert edited.choosing
        assert at(edited.root, (1, 2)) == Line(key=5)

    def test_adds_a_line_after_a_line(self):
        assert edit(NESTED, "add:n.0").focus == (1,)

    def test_begins_a_group_of_the_other_kind(self):
        root = edit(NESTED, "group:n.1").root

        assert at(root, (1, 2)) == Group("all", (Line(key=6),), key=5)

    def test_chooses_another_field_and_forgets_the_value(self):
        line = Line("name", "CONTAINS", (("value", ("ann",)),), negated=True, key=1)

        root = edit(Group("all", (line,)), "choose:n.0:orders").root

        assert root.parts == (Line("orders", negated=True, key=2),)

    def test_makes_an_event_of_a_line(self):
        assert edit(NESTED, "happened:n.0:orders_placed").root.parts[0] == Event("orders_placed", key=5)

    def test_moves_a_part_among_its_neighbours(self):
        assert [line.key for line in leaves(edit(NESTED, "down:n.1.0").root)] == [1, 4, 2]

    def test_removes_the_group_that_it_leaves_empty(self):
        root = edit(edit(NESTED, "remove:n.1.0").root, "remove:n.1.0").root

        assert root.parts == (ANN,)

    def test_copies_with_keys_of_their_own(self):
        root = edit(NESTED, "copy:n.1").root

        keys = [part.key for _path, part in walk(root)][1:]
        assert len(keys) == len(set(keys)) == 7

    def test_clears_all(self):
        assert edit(NESTED, "clear").root == EMPTY


@given(st.lists(st.integers(0, 300), max_size=5).map(tuple))
def test_a_path_is_read_as_it_was_written(path):
    assert read_path(dotted(path)) == path


def test_a_line_has_no_parts():
    assert parts_of(ANN) == ()
