"""Files on notes: kept as they came, private to the team, never opened by us."""

import mimetypes
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath

from django.utils.timezone import now

from regulars.customers.errors import EmptyFile, FileTooLarge, TooManyFiles
from regulars.customers.models import Note, NoteFile
from regulars.events.models import Event
from regulars.kit.text import one_line

MOST_FILES = 5
MOST_BYTES = 10 * 1024 * 1024
NAME_LENGTH = 200
KEPT_AFTER_REMOVAL = timedelta(days=1)
"""So long a note that was deleted can be put back with its files."""

_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of writing: with them "exe" can be made to look like "txt"."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent. content: at most one byte more than `MOST_BYTES` need be read."""

    name: str
    content: bytes


def checked(files: Sequence[Upload], has: int = 0) -> Sequence[Upload]:
    """The files, if a note that has so many may get them. Raises TooManyFiles, FileTooLarge, EmptyFile."""
    if files and has + len(files) > MOST_FILES:
        raise TooManyFiles(most=MOST_FILES)
    for file in files:
        if len(file.content) > MOST_BYTES:
            raise FileTooLarge(name=file_name(file.name), most=MOST_BYTES // 1024**2)
        if not file.content:
            raise EmptyFile(name=file_name(file.name))
    return files


def keep_files(note: Note, files: Sequence[Upload]) -> None:
    """Keep checked files on a note."""
    NoteFile.objects.bulk_create(
        NoteFile(
            shop_id=note.shop_id, note=note, name=(name := file_name(file.name)), size=len(file.content),
            content_type=mimetypes.guess_type(name)[0] or "application/octet-stream", content=file.content,
        )
        for file in files
    )  # fmt: skip


def file_name(name: str) -> str:
    """A name without folders, control characters and marks that turn it round; at most 200 characters."""
    name = one_line(_TURNING.sub("", name.replace("\\", "/").rpartition("/")[2])).strip(". ")
    if len(name) > NAME_LENGTH:
        ending = PurePosixPath(name).suffix[:20]
        name = name[: NAME_LENGTH - len(ending)].rstrip() + ending
    return name or "file"


def lay_aside(note: Note) -> None:
    """Take the files off a note that is about to be deleted, and keep them for a day."""
    files = NoteFile.objects.of(note.shop_id).filter(note_id=note.pk)
    files.update(note_id=None, removed_note_id=note.pk, removed_at=now())


def put_back(note: Note) -> None:
    """Give a note that was restored its files again, those that are still there."""
    laid = NoteFile.objects.of(note.shop_id).filter(removed_note_id=note.pk)
    laid.update(note_id=note.pk, removed_note_id=None, removed_at=None)


def forget_laid_aside(shop_id: int, customer_id: int) -> None:
    """Remove the files of a customer's deleted notes; the trail tells which notes those were."""
    deleted = Event.objects.filter(shop_id=shop_id, customer_id=customer_id, kind="customer.note_deleted")
    NoteFile.objects.of(shop_id).filter(removed_note_id__in=deleted.values("about_id")).delete()


def remove_laid_aside() -> int:
    """Remove, in every shop, the files of notes that were deleted more than a day ago. Returns how many."""
    removed, _tables = NoteFile.objects.filter(removed_at__lt=now() - KEPT_AFTER_REMOVAL).delete()
    return removed
