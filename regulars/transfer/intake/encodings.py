"""Which encoding a text is in: told by its first bytes, proven by reading it whole, or guessed from its letters."""

import codecs
import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

BLOCK = 1 << 20
LOOKED_AT = 1 << 18


class Encoding(NamedTuple):
    """name: for Python. label: for people. letters: those of its languages beyond ASCII, "" for Unicode."""

    name: str
    label: str
    letters: str = ""


_VIETNAMESE = "àáâãèéêìíòóôõùúýăđĩũơưÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯ\u0300\u0301\u0303\u0309\u0323₫"
_ROMANIAN = "ăâîșțşţĂÂÎȘȚŞŢ„”"
_CENTRAL = "áčďéěíňóřšťúůýžąćęłńóśźżäöüőűßÁČĎÉĚÍŇÓŘŠŤÚŮÝŽĄĆĘŁŃÓŚŹŻÄÖÜŐŰ"
_WESTERN = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝ¿¡"

ENCODINGS: dict[str, Encoding] = {
    one.name: one
    for one in (
        Encoding("utf-8", "UTF-8"),
        Encoding("utf-16-le", "UTF-16 LE (Unicode text)"),
        Encoding("utf-16-be", "UTF-16 BE"),
        Encoding("cp1258", "Windows-1258 (Vietnamese)", _VIETNAMESE),
        Encoding("cp1250", "Windows-1250 (Romanian, Polish, Czech …)", _ROMANIAN + _CENTRAL),
        Encoding("cp1252", "Windows-1252 (Western)", _WESTERN),
        Encoding("iso8859-16", "ISO-8859-16 (Romanian)", _ROMANIAN),
        Encoding("iso8859-2", "ISO-8859-2 (Central European)", _ROMANIAN + _CENTRAL),
        Encoding("iso8859-1", "ISO-8859-1 (Western)", _WESTERN),
    )
}
"""All that can be chosen, by name."""

BY_COUNTRY = {"VN": "cp1258", "RO": "cp1250", "MD": "cp1250", "PL": "cp1250", "CZ": "cp1250", "HU": "cp1250"}
"""What a country's spreadsheet programs write when they do not write Unicode."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_PUNCTUATION = set("“”‘’„…–—•€©®™°«»·£×\u00a0₫")


def guess_encoding(path: Path, country: str = "") -> str:
    """The encoding of a file: a name in ENCODINGS. country: of the shop, which decides between close ones."""
    with path.open("rb") as file:
        head = file.read(LOOKED_AT)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if wide := _wide(head):
        return wide
    if _is_utf8(path):
        return "utf-8"
    usual = BY_COUNTRY.get(country, "cp1252")
    sample = _beyond_ascii(path)
    candidates = [one for one in ENCODINGS.values() if one.letters]
    return max(candidates, key=lambda one: (_score(sample, one), one.name == usual)).name


def converted(path: Path, encoding: str) -> Iterator[bytes]:
    """The file as UTF-8, in blocks. Raises UnicodeDecodeError: `start` counts from the beginning of a block."""
    with path.open("rb") as file:
        decoder = codecs.getincrementaldecoder(encoding)()
        first = True
        for block in _blocks(file):
            text = decoder.decode(block)
            if first:
                text, first = text.removeprefix("\ufeff"), False
            yield text.encode("utf-8", "surrogatepass")
        yield decoder.decode(b"", final=True).encode()


def _blocks(file: BinaryIO) -> Iterable[bytes]:
    while block := file.read(BLOCK):
        yield block


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: every other byte of Latin text is 0."""
    if len(head) < 4 or head.count(0) <= len(head) // 4:
        return ""
    return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            for block in _blocks(file):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _beyond_ascii(path: Path) -> bytes:
    """The first lines that hold more than ASCII: what tells encodings apart may stand far behind the beginning."""
    kept, size = [], 0
    with path.open("rb") as file:
        for block in _blocks(file):
            if block.isascii():
                continue
            for line in block.split(b"\n"):
                if not line.isascii():
                    kept.append(line[:2000])
                    size += len(kept[-1])
                    if size > LOOKED_AT:
                        return b"\n".join(kept)
    return b"\n".join(kept)


def _score(sample: bytes, encoding: Encoding) -> float:
    """How well the letters beyond ASCII fit its languages, from -2 to 1; letters beside letters count."""
    try:
        text = sample.decode(encoding.name)
    except UnicodeDecodeError:
        return -math.inf
    good = bad = 0
    letters = set(encoding.letters)
    for before, char in zip(" " + text, text, strict=False):
        if char < "\x80":
            continue
        if char in letters and (before.isalpha() or not before.strip() or before in letters):
            good += 1
        elif char not in _PUNCTUATION:
            bad += 1
    return (good - 2 * bad) / (good + bad) if good + bad else 0.0
