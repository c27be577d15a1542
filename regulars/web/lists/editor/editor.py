"""The state of the editor: the drafts and the text of one question, kept the same by whoever was edited last."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zlib import crc32

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.kit.query import BadCondition, Context, Node, parse, sentence, write
from regulars.kit.query.conditions import EVERYONE
from regulars.kit.query.language import MAX_LENGTH
from regulars.shops.models import Shop, Staff
from regulars.web.lists.editor.drafts import EMPTY, Group, from_form, last_key
from regulars.web.lists.editor.edits import Edited, edit
from regulars.web.lists.editor.meaning import Meaning
from regulars.web.lists.editor.shown import ShownGroup, shown
from regulars.web.lists.kind import ListKind
from regulars.web.lists.marks import marked, offset
from regulars.web.lists.widgets import date_spans

CORRECT = "correct"
"""The button *Did you mean …?*: its word stands in the place of the wrong one."""


@dataclass(frozen=True)
class Editor:
    """One question being edited.

    text: as the person wrote it, or as the drafts say it. node: what it asks; None while it cannot be understood.
    fault: why not. unfinished: lines that the text leaves out because a value is missing.
    """

    kind: ListKind
    shop: Shop
    ctx: Context
    edited: Edited
    text: str
    node: Node | None
    fault: BadCondition | None
    unfinished: int

    # --- for whoever embeds it ----------------------------------------------------------------------------------
    @property
    def is_ready(self) -> bool:
        """Whether the question can be asked as it stands, with nothing left out."""
        return self.node is not None and not self.unfinished

    @property
    def where(self) -> str:
        """The canonical text of the question, "" for everyone. Raises BadCondition while it is not ready."""
        if self.fault:
            raise self.fault
        if self.unfinished:
            raise BadCondition(_("A condition is not finished: give it a value, or remove it."))
        return write(self.kind.fields.canonical(self.node or EVERYONE, self.ctx))

    # --- for the templates --------------------------------------------------------------------------------------
    @property
    def base(self) -> str:
        """Where the list's pages of the editor are."""
        return f"/s/{self.shop.slug}/{self.kind.path}filter/"

    @cached_property
    def root(self) -> ShownGroup:
        """The groups and lines, ready to print."""
        return shown(self.edited, Meaning(self.kind.fields, self.ctx), self.kind.sections)

    @property
    def date_spans(self) -> Any:
        """The choices of a date."""
        return date_spans()

    @property
    def answer_id(self) -> str:
        """An id of the place for the answer, another one for another question."""
        return f"answer-{crc32(repr(self.node).encode()):x}"

    @property
    def sentence(self) -> str:
        """The question as people say it; "" while it cannot be understood, and for everyone."""
        if self.node is None or self.node == EVERYONE:
            return ""
        return sentence(self.node, self.kind.fields, self.ctx)

    @property
    def marked(self) -> tuple[str, str, str]:
        """The text before the wrong word, the word, and the text after it."""
        return marked(self.text, self.fault.details["place"] if self.fault else None)

    @property
    def suggestion(self) -> str:
        """What was probably meant by the wrong word."""
        return str(self.fault.details["suggestion"]) if self.fault else ""

    @property
    def reason(self) -> str:
        """Why the text cannot be understood, in a sentence."""
        return str(self.fault.details["reason"]) if self.fault else ""


def context_for_editor(
    kind: ListKind, shop: Shop, staff: Staff, given: QueryDict, *, where: str = "", locale: str = ""
) -> dict[str, Any]:
    """What the macro `filter_editor` needs: {"editor": Editor}, from a form that holds one, or from a text (`where`).

    A form with the editor's fields is read and its button (`do`) done; without them the text alone counts.
    """
    ctx = kind.context(shop, staff=staff, locale=locale or get_language() or "en")
    meaning = Meaning(kind.fields, ctx)
    text, said = _plain(given.get("where", where)), given.get("said")
    do = given.get("do", "")
    if do == CORRECT:
        text = _corrected(text, meaning)
    try:
        root = from_form(given)
    except BadCondition as fault:
        return {"editor": Editor(kind, shop, ctx, Edited(EMPTY), text, None, fault, 0)}
    if do != "clear" and (said is None or text != _plain(said)):
        return {"editor": _by_text(kind, shop, meaning, text, root)}
    return {"editor": _by_drafts(kind, shop, meaning, edit(root, do))}


def _plain(text: str) -> str:
    """Lines as we count them: forms send them with a carriage return."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _by_text(kind: ListKind, shop: Shop, meaning: Meaning, text: str, before: Group) -> Editor:
    """The text was written: the drafts follow as soon as it names known things, and stay as they were until then."""
    node, fault = _understood(text, meaning)
    root, unfinished = before, 0
    try:
        written = parse(text)
        if written != meaning.node(before):
            root = meaning.drafts(written, after=last_key(before))
        elif node is not None:
            unfinished = meaning.unfinished(before)
    except BadCondition:
        assert fault
    return Editor(kind, shop, meaning.ctx, Edited(root), text, node, fault, unfinished)


def _by_drafts(kind: ListKind, shop: Shop, meaning: Meaning, edited: Edited) -> Editor:
    """The drafts were edited: the text follows."""
    text = write(meaning.node(edited.root))
    node, fault = _understood(text, meaning)
    return Editor(kind, shop, meaning.ctx, edited, text, node, fault, meaning.unfinished(edited.root))


def _understood(text: str, meaning: Meaning) -> tuple[Node | None, BadCondition | None]:
    try:
        return meaning.fields.check(parse(text), meaning.ctx), None
    except BadCondition as fault:
        return None, fault


def _corrected(text: str, meaning: Meaning) -> str:
    """The text with what was probably meant in the place of the wrong word."""
    _node, fault = _understood(text[: MAX_LENGTH + 1], meaning)
    place, word = (fault.details["place"], fault.details["suggestion"]) if fault else (None, "")
    if not place or not word:
        return text
    start = offset(text, place)
    old = text[start : start + place.length]
    quote = old[0] if old[:1] in ("'", '"') else ""
    return f"{text[:start]}{quote}{word}{quote}{text[start + place.length :]}"
