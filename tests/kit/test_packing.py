"""What is packed for another process is the same there."""

import pickle
from copy import copy
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import pytest

from regulars.kit.packing import packed


@packed
class Place(NamedTuple):
    city: str
    country: str = "PH"


@packed
@dataclass(slots=True)
class Person:
    name: str
    places: list[Place] = field(default_factory=list)
    age: int | None = None


ANN = Person("Ann", [Place("Iloilo"), Place("Cluj", "RO")], 33)


@pytest.mark.parametrize("one", [Place("Iloilo"), ANN, Person("Bea")])
def test_is_the_same_afterwards(one):
    again = pickle.loads(pickle.dumps(one, pickle.HIGHEST_PROTOCOL))

    assert again == one
    assert type(again) is type(one)


def test_is_packed_without_names():
    assert b"places" not in pickle.dumps(ANN)


def test_can_be_copied():
    assert copy(ANN) == ANN
    assert replace(ANN, age=34).age == 34
