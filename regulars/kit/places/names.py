"""What a place is called, apart from what kind of place it is: "TP. Thủ Đức" is a city called "thu duc"."""

import re
from typing import NamedTuple

from regulars.kit.text import fold

LONGEST = 200
"""Characters of a text that are looked at; no name of a place is longer."""


class Spelled(NamedTuple):
    """A name taken apart. kind: "thanh pho", or "" where it says none; words: the rest, folded, with single blanks."""

    kind: str
    words: str

    @property
    def key(self) -> str:
        """What two spellings of one name share."""
        return self.words.replace(" ", "")


# Country → kind of place → how it is written, folded and without points.
_KINDS = {
    "VN": {
        "tinh": "tinh|t|province", "thanh pho": "thanh pho|tp|t p|city", "quan": "quan|q|district",
        "huyen": "huyen|h", "thi xa": "thi xa|tx|t x", "phuong": "phuong|p|f|ward", "xa": "xa|x|commune",
        "thi tran": "thi tran|tt|t t", "dac khu": "dac khu|dk",
    },
    "PH": {
        "city": "city of|city", "town": "municipality of|municipality|town of|mun of|mun",
        "province": "province of|province",
    },
    "ID": {
        "kota": "kota administrasi|kota adm|kota|city",
        "kabupaten": "kabupaten administrasi|kabupaten adm|kabupaten|kab|regency",
        "kecamatan": "kecamatan|kec", "provinsi": "provinsi|propinsi|prov|province",
    },
    "RO": {
        "judet": "judetul|judet|jud|county", "municipiu": "municipiul|municipiu|mun", "oras": "orasul|oras|or",
        "comuna": "comuna|com", "sat": "satul|sat|loc",
    },
}  # fmt: skip
_KIND_OF = {
    country: {spelling: kind for kind, spellings in kinds.items() for spelling in spellings.split("|")}
    for country, kinds in _KINDS.items()
}

_WORDS = {
    "PH": {"sta": "santa", "sto": "santo", "gen": "general"},
    "RO": {"tg": "targu", "tirgu": "targu", "sf": "sfantu"},
}
"""Words of names that are often cut short."""

_MOST_WORDS = 2
_NUMBERED = re.compile(r"(?<=[a-z])(?=\d)")
_OTHER = re.compile(r"[^a-z0-9]+")


def spelled(country: str, text: str) -> Spelled:
    """A name as it is compared: without accents, points, case, leading zeros, and its kind of place.

    The kind may stand before or after: "City of Makati", "Makati City". A kind alone is a name.
    """
    folded = _OTHER.sub(" ", fold(text[:LONGEST]).replace("'", ""))
    if country == "VN":
        folded = _NUMBERED.sub(" ", folded)  # q1, p.7
    shorts = _WORDS.get(country, {})
    words = [shorts.get(word, word).lstrip("0") or "0" for word in folded.split()]
    kinds = _KIND_OF.get(country, {})
    for count in range(min(_MOST_WORDS, len(words) - 1), 0, -1):
        if kind := kinds.get(" ".join(words[:count])):
            return Spelled(kind, " ".join(words[count:]))
    for count in range(min(_MOST_WORDS, len(words) - 1), 0, -1):
        ending = " ".join(words[-count:])
        if len(ending) > 2 and (kind := kinds.get(ending)):
            return Spelled(kind, " ".join(words[:-count]))
    return Spelled("", " ".join(words))
