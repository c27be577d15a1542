"""Saved mappings: how files of one layout are taken, said once and followed whenever such a file comes again."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction

from regulars.shops.models import Shop, Staff
from regulars.transfer.errors import NoSuchTemplate, TemplateExists
from regulars.transfer.files import names_of
from regulars.transfer.formats import FORMATS, PACKED_LINE
from regulars.transfer.models import ImportRun, ImportTemplate
from regulars.transfer.options import Options

CHOICES = ("match", "policy", "twice", "day_order", "assume_paid", "quiet", "defaults")
"""What is kept of an import besides what its columns mean."""


def fingerprint(header: Sequence[str]) -> str:
    """The same for files whose columns have the same names in the same order, however these are capitalised."""
    names = "\x1f".join(name.strip().casefold() for name in header)
    return hashlib.sha256(names.encode()).hexdigest()


def save_template(run: ImportRun, name: str, *, staff: Staff | None = None) -> ImportTemplate:
    """Keep how a run is told to be taken; one of the same name and kind that this person sees is overwritten."""
    options = Options.of(run.options).checked()
    said = {
        "format": options.format, "header": fingerprint(options.header), "choices": _choices(options), "staff": staff,
        "mapping": [list(pair) for pair in zip(names_of(list(options.header)), options.mapping, strict=True)],
    }  # fmt: skip
    found = ImportTemplate.objects.update_or_create(shop=run.shop, kind=run.kind, name=_name(name), defaults=said)
    run.options = replace(options, template=found[0].name).stored()
    run.save(update_fields=["options"])
    return found[0]


def rename_template(template: ImportTemplate, name: str) -> None:
    """Raises TemplateExists."""
    template.name = _name(name)
    try:
        with transaction.atomic():
            template.save(update_fields=["name"])
    except IntegrityError:
        raise TemplateExists(name=template.name) from None


def template_for(shop: Shop, kind: str, header: Sequence[str]) -> ImportTemplate | None:
    """The newest one that was saved for just these column names."""
    found = ImportTemplate.objects.of(shop).filter(kind=kind, header=fingerprint(header))
    return found.order_by("-id").first()


def template_named(shop: Shop, kind: str, name: str) -> ImportTemplate:
    """Raises NoSuchTemplate, which names those that there are."""
    templates = ImportTemplate.objects.of(shop).filter(kind=kind)
    found = templates.filter(name__iexact=name.strip()).first()
    if found is None:
        known = ", ".join(templates.values_list("name", flat=True))
        raise NoSuchTemplate(name=name, known=known or "–")
    return found


def following(options: Options, template: ImportTemplate) -> Options:
    """Options that take the columns of the same names as the template does; other columns are left out.

    What is no field or format any more is left out too.
    """
    fields = {name.casefold(): field for name, field in template.mapping}
    known = options.columns.keys() | {PACKED_LINE}
    mapping = [fields.get(name.casefold(), "") for name in names_of(list(options.header))]
    layout = FORMATS.get(template.format)
    choices = {name: value for name, value in template.choices.items() if name in CHOICES}
    choices["match"] = tuple(choices.get("match", options.match))
    return replace(
        options, **choices, mapping=tuple(field if field in known else "" for field in mapping), guessed=(),
        template=template.name, format=template.format if layout and layout.kind == template.kind else options.format,
    )  # fmt: skip


def _choices(options: Options) -> dict[str, Any]:
    stored = options.stored()
    return {name: stored[name] for name in CHOICES}


def _name(name: str) -> str:
    return " ".join(name.split())[:60]
