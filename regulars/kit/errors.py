"""What can go wrong, with a code for programs and a sentence for people."""

from typing import Any, Self

from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A refusal the user can act on. Anything that is not a DomainError is a bug.

    A subclass names its `code` (stable, for programs: "loyalty.not_enough_points") and its
    `sentence` (translated, `{named}` placeholders). What the placeholders stand for is given by
    keyword and kept in `details`, which faces hand on as they are.
    """

    code = "error"
    sentence: Any = _("This could not be done.")

    def __init__(self, **details: Any) -> None:
        super().__init__()
        self.details = details

    def __str__(self) -> str:
        return str(self.sentence).format_map(_Details(self.details))


class BadValue(DomainError):
    """A text that cannot be read as what it should be.

    field: name of the input or column, once known ("" in the parsers themselves, see `for_field`).
    value: the text as it was given; in the sentence it is cut to 60 characters.
    reason: a whole sentence, translated, which may use `{value}` and any other detail.
    """

    code = "bad_value"
    sentence = "{reason}"

    def __init__(self, reason: Any, *, value: object = "", field: str = "", **details: Any) -> None:
        super().__init__(reason=reason, value=value, field=field, **details)

    def __str__(self) -> str:
        shown = {**self.details, "value": _shortened(str(self.details["value"]))}
        return str(self.details["reason"]).format_map(_Details(shown))

    def __reduce__(self) -> Any:
        return _revive, (type(self), self.details)

    @property
    def field(self) -> str:
        return self.details["field"]

    @property
    def value(self) -> object:
        return self.details["value"]

    @property
    def reason(self) -> str:
        return str(self)

    def for_field(self, field: str) -> Self:
        """The same error, saying which input or column it is about."""
        self.details["field"] = field
        return self


class _Details(dict[str, Any]):
    """An error must always be printable: a placeholder nobody filled stays as it is written."""

    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def _shortened(text: str, length: int = 60) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _revive(kind: type[BadValue], details: dict[str, Any]) -> BadValue:
    return kind(**details)
