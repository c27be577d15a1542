"""Who reads ahead: one reader a run, opened where it is asked for, closed when nobody asks any more."""

import threading

import pytest

from regulars.transfer import ahead
from regulars.transfer.errors import FileRefused
from regulars.transfer.reading import Position
from regulars.transfer.rows import Batch

START = Position(0, 0)


def place(number):
    return Position(number * 10, number)


class File:
    """Three batches; `opened` at these places, `closed` so often. gate: no batch comes before it is open."""

    def __init__(self, gate=None):
        self.opened, self.closed, self.gate = [], 0, gate

    def open_at(self, at):
        self.opened.append(at)
        try:
            for number in range(at.line, 3):
                if self.gate:
                    self.gate.wait(10)
                yield Batch(place(number), place(number + 1), is_last=number == 2)
        finally:
            self.closed += 1


@pytest.fixture
def readers():
    return ahead.Readers()


class TestReaders:
    def test_go_on_where_they_are_and_open_once(self, readers):
        file = File()

        ends = [readers.batch(1, place(number), file.open_at).end for number in range(3)]
        readers.close(1)

        assert ends == [place(1), place(2), place(3)]
        assert (file.opened, file.closed) == ([START], 1)

    def test_begin_anew_where_a_batch_was_not_written(self, readers):
        file = File()
        readers.batch(1, START, file.open_at)

        again = readers.batch(1, START, file.open_at)
        readers.close(1)

        assert again.end == place(1)
        assert (file.opened, file.closed) == ([START, START], 2)

    def test_raise_what_reading_raises_and_can_be_closed(self, readers):
        def gone(_at):
            raise FileRefused
            yield

        with pytest.raises(FileRefused):
            readers.batch(1, START, gone)

        readers.close(1)

    def test_that_nobody_asked_lately_are_closed_when_another_import_ends(self, readers, monkeypatch):
        file = File()
        readers.batch(1, START, file.open_at)
        monkeypatch.setattr(ahead, "IDLE_SECONDS", -1)

        readers.close(2)

        assert file.closed == 1

    def test_that_are_waited_for_are_not_idle_however_long_it_takes(self, readers, monkeypatch):
        monkeypatch.setattr(ahead, "IDLE_SECONDS", -1)
        file, came = File(gate=threading.Event()), []
        waiting = threading.Thread(target=lambda: came.append(readers.batch(1, START, file.open_at)))
        waiting.start()
        opens = threading.Timer(0.3, file.gate.set)
        opens.start()
        while not file.opened:
            pass

        readers.close(2)
        waiting.join(10)

        assert [batch.end for batch in came] == [place(1)]
        readers.close(1)
