"""A long file is read in a process of its own; what comes of it is the same, whatever becomes of that process."""

import errno
import os
import signal
from functools import partial
from pathlib import Path

import pytest

from regulars.customers.models import Customer
from regulars.shops.work import carry_on
from regulars.transfer import apart, imports
from regulars.transfer.errors import NotUtf8, ReadingTooSlow
from regulars.transfer.models import ImportRun
from regulars.transfer.options import Options
from regulars.transfer.reading import Position
from tests.transfer.conftest import make_shop

pytestmark = pytest.mark.django_db
ROWS = 1200


def a_list():
    """The last but one says nobody, the last is the first one again."""
    yield b"Customer ID,Name,Email,Birthday\n"
    for number in range(ROWS - 2):
        yield f"C{number},Ann {number}\\n\t,ann{number}@example.com,\n".encode()
    yield b",,,\xc4\x90\n"
    yield b"C0,Ann 0,ANN0@example.com,31.12.1999\n"


def started(shop, chunks):
    run = imports.stage(shop, "customers", chunks, "many.csv")
    job = imports.start(run)
    return ImportRun.objects.of(shop).select_related("shop").get(pk=run.pk), job


def broken(_at):
    """Reading that has a fault of ours."""
    raise KeyError("name")
    yield


def endless(_at):
    """Reading that never comes to an end."""
    signal.pause()
    yield


def open_files():
    return {path.name for path in Path("/proc/self/fd").iterdir()}


def read_in_pieces(run, size=500):
    options = Options.of(run.options)
    path = imports.private_path(options.text or run.stored_as)
    return partial(imports.read_batches, run, options, path, size), imports.position_of(run.checkpoint)


class TestReadingApart:
    def test_gives_what_reading_here_gives(self):
        run, _job = started(make_shop(), a_list())
        read, at = read_in_pieces(run)

        there, here = list(apart.read_apart(read, at)), list(read(at))

        assert len(there) == 3
        assert there == here
        assert [one.record.rows for batch in there for one in batch.ready] == [
            one.record.rows for batch in here for one in batch.ready
        ]

    def test_gives_up_where_a_batch_does_not_come(self, monkeypatch):
        run, _job = started(make_shop(), a_list())
        _read, at = read_in_pieces(run)
        monkeypatch.setattr(apart, "MOST_SECONDS", 0.5)
        before = open_files()

        with pytest.raises(ReadingTooSlow, match="after line 1 took longer"):
            next(apart.read_apart(endless, at))

        assert open_files() == before

    def test_goes_on_without_the_process_when_it_dies(self, monkeypatch):
        run, _job = started(make_shop(), a_list())
        read, at = read_in_pieces(run)
        begun, begin = [], apart.subprocess.Popen

        def noted(*args, **how):
            begun.append(begin(*args, **how))
            return begun[-1]

        monkeypatch.setattr(apart.subprocess, "Popen", noted)
        coming = apart.read_apart(read, at)
        batches = [next(coming)]
        os.kill(begun[0].pid, signal.SIGKILL)
        batches += list(coming)

        assert batches == list(read(at))

    def test_goes_on_without_the_process_when_there_is_no_room_for_one(self, monkeypatch):
        run, _job = started(make_shop(), a_list())
        read, at = read_in_pieces(run)

        def no_room(*_args, **_how):
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

        monkeypatch.setattr(apart.subprocess, "Popen", no_room)

        assert list(apart.read_apart(read, at)) == list(read(at))

    def test_leaves_neither_processes_nor_open_files(self):
        run, _job = started(make_shop(), a_list())
        read, at = read_in_pieces(run, size=100)
        files = open_files()

        coming = apart.read_apart(read, at)
        next(coming)
        coming.close()

        assert open_files() == files
        with pytest.raises(ChildProcessError):
            os.waitpid(-1, os.WNOHANG)

    def test_tells_where_in_our_own_code_it_failed(self):
        with pytest.raises(KeyError) as raised:
            list(apart.read_apart(broken, Position(0, 0)))

        assert "in broken" in raised.value.__notes__[0]

    def test_says_what_is_wrong_with_the_file(self):
        run, _job = started(make_shop(), a_list())
        read, _at = read_in_pieces(run)

        with pytest.raises(NotUtf8):
            list(apart.read_apart(read, Position(byte=_middle_of_a_letter(run), line=ROWS)))

    def test_is_how_long_files_are_imported(self, monkeypatch, django_capture_on_commit_callbacks):
        monkeypatch.setattr(imports, "WORTH_IT", 1000)
        shop = make_shop()
        run, job = started(shop, a_list())

        while not job.is_over:
            carry_on(shop_id=shop.pk, run_id=job.pk)
            job.refresh_from_db()

        run = ImportRun.objects.of(shop).get(pk=run.pk)
        assert (run.state, run.rows, run.created, run.rejected) == ("done", ROWS, ROWS - 2, 1)
        assert Customer.objects.of(shop).count() == ROWS - 2
        assert Customer.objects.of(shop).filter(name="Ann 5\\n").exists()  # with its backslash


def _middle_of_a_letter(run):
    return imports.private_path(run.stored_as).read_bytes().index(b"\xc4\x90") + 1
