"""Several labels in one cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.kit.labels import join_labels, split_labels

NAMES = st.text(min_size=1, max_size=12).map(str.strip).filter(bool)


@given(st.lists(NAMES, max_size=6))
def test_what_is_joined_is_split_into_the_same(names):
    assert split_labels(join_labels(names)) == names


@pytest.mark.parametrize(
    ("cell", "labels"),
    [
        ("VIP, Blog", ["VIP", "Blog"]),
        ("VIP;Blog|New\nOld", ["VIP", "Blog", "New", "Old"]),
        ('"""VIP"",""Blog"""', ['"VIP","Blog"']),
        ('"VIP","Blog"', ["VIP", "Blog"]),
        ('"late, often", VIP', ["late, often", "VIP"]),
        ('5" pipe, VIP', ['5" pipe', "VIP"]),
        ('"open, VIP', ['"open', "VIP"]),
        (" , ,; ", []),
        ("", []),
    ],
)
def test_splits_what_files_bring(cell, labels):
    assert split_labels(cell) == labels
