"""The wrong word of a question, so that pages can underline it."""

from regulars.kit.query.conditions import Place


def marked(text: str, place: Place | None) -> tuple[str, str, str]:
    """The text before the wrong word, the word, and the text after it; all is before it when it has no place."""
    if place is None:
        return text, "", ""
    start = offset(text, place)
    end = min(start + max(place.length, 1), len(text))
    return text[:start], text[start:end] or " ", text[end:]


def offset(text: str, place: Place) -> int:
    """Where a place (line and column from 1) is in the text, in characters from its beginning."""
    start = 0
    for _turn in range(place.line - 1):
        start = text.find("\n", start) + 1
    return min(start + place.column - 1, len(text))
