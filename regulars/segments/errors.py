"""Why something about a segment was refused."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from regulars.kit.errors import DomainError


class SegmentExists(DomainError):
    code = "segments.exists"
    sentence = _("There is already a segment “{name}”.")


class SegmentInUse(DomainError):
    """details: `users`, what asks for the segment (`uses.Use`), and `said`, the same in words."""

    code = "segments.in_use"
    sentence = _("“{name}” is used by {said}. Take it out there first.")

    def __init__(self, *, name: str, users: list[Any]) -> None:
        said = ", ".join(f"{one.kind_name} “{one.label}”" for one in users)
        super().__init__(name=name, users=users, said=said)


class SegmentCycle(DomainError):
    """details: `path`, names from the question back to itself."""

    code = "segments.cycle"
    sentence = _("This would ask in a circle: {said}.")

    def __init__(self, *, path: list[str]) -> None:
        super().__init__(path=path, said=" → ".join(path))


class SegmentAsksNothing(DomainError):
    code = "segments.asks_nothing"
    sentence = _("“{name}” was made of chosen customers and has no conditions to follow. Give it conditions first.")


class NotYourSegment(DomainError):
    code = "segments.not_your_segment"
    sentence = _("“{name}” belongs to somebody else. Make a copy of it, and change that.")


class NoHistory(DomainError):
    """details: `since`, from when on it is known, None while the first answer is being found."""

    code = "segments.no_history"
    sentence = _("Who was in “{name}” then is not known: its conditions, or its first answer, are younger.")


class RuleAsksNothing(DomainError):
    code = "segments.rule_asks_nothing"
    sentence = _("A group that is filled by a rule needs at least one condition.")


class RuleOfTheStandardGroup(DomainError):
    code = "segments.rule_of_the_standard_group"
    sentence = _("“{name}” is where everybody is whom no rule takes, so it has no rule of its own.")


class ViewExists(DomainError):
    """details: `view`, the id of the one that has the name."""

    code = "segments.view_exists"
    sentence = _("You already have a view “{name}”.")


class NotYourView(DomainError):
    code = "segments.not_your_view"
    sentence = _("“{name}” belongs to somebody else. Make a copy of it, and change that.")


class ViewShowsEverything(DomainError):
    code = "segments.view_shows_everything"
    sentence = _("This is the list as it always opens. Filter, sort or choose columns first.")
