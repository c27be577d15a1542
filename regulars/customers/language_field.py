"""The language of a customer as a field: any language there is, written as people and systems write it."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from regulars.kit.languages import language_choices, read_language
from regulars.kit.query import Context, Op
from regulars.kit.query.conditions import Literal, Place
from regulars.kit.query.kinds import Choice, Option
from regulars.kit.text import fold


class LanguageChoice(Choice):
    """A language by its code or name; `en-US` is `en`. Offered are the common ones, understood are all."""

    synonyms: ClassVar[Mapping[Op, Op]] = {
        Op.CONTAINS: Op.EQ,
        Op.STARTS_WITH: Op.EQ,
        Op.NOT_CONTAINS: Op.NE,
    }

    def __init__(self, name: str, label: Any, **options: Any) -> None:
        super().__init__(name, label, of=_languages, blank=("",), **options)

    def read_value(self, value: Literal, ctx: Context, place: Place | None) -> tuple[Any, ...]:
        if code := read_language(value.text):
            return (code,)
        word = fold(value.text)
        for option in self.choices(ctx):
            if word == fold(option.label):
                return option.values
        reason = _("there is no language “{value}”.").format(value=value.text)
        raise self.bad(reason, value, place, self.nearest(word, ctx))

    def canonical(self, value: Literal, ctx: Context) -> Literal:
        return Literal("text", self.read_value(value, ctx, None)[0])


def _languages(ctx: Context) -> Iterable[Option]:
    return [Option(code, name, (code,)) for code, name in language_choices(ctx.locale)]
