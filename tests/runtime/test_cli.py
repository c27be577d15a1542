"""The command line: one document on stdout, sentences on stderr, exit codes that programs can trust."""

import json

import pytest
from click.testing import CliRunner

from regulars import __version__
from regulars.runtime import postgres
from regulars.runtime.cli import COMMANDS, cli
from tests.runtime.conftest import regulars

A_SHOP = ("shops", "create", "manila", "--name", "Manila Bags", "--country", "PH", "--currency", "PHP")


class TestHelp:
    @pytest.mark.parametrize("command", COMMANDS)
    def test_of_every_command_says_what_it_does(self, command):
        if command == "manage":
            pytest.skip("hands its arguments on")
        answer = CliRunner().invoke(cli, [command, "--help"])

        assert answer.exit_code == 0
        assert "Usage:" in answer.output

    def test_needs_no_django(self, home):
        done = regulars("--version", home=home)

        assert (done.returncode, done.stdout.strip()) == (0, __version__)


class TestRefusals:
    def test_of_bad_options_are_one_json_document_for_programs(self, home):
        done = regulars("shops", "create", "manila", "--json", home=home)

        assert done.returncode == 2
        assert json.loads(done.stdout)["error"] == "usage"

    def test_of_the_domain_keep_their_code(self, home):
        regulars(*A_SHOP, home=home)

        done = regulars(*A_SHOP, "--json", home=home)

        assert done.returncode == 2
        assert json.loads(done.stdout)["error"] == "shops.address_taken"

    def test_are_a_sentence_for_people(self, home):
        done = regulars("shops", "list", home=home, DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")

        assert done.returncode == 2
        assert done.stderr.startswith("The database does not answer")
        assert "Traceback" not in done.stderr


class TestTheDatabaseOfACommand:
    def test_is_started_filled_with_tables_and_stopped_again(self, new_home):
        done = regulars(*A_SHOP, "--timezone", "Asia/Manila", "--owner", "ann@example.com", "--json", home=new_home)

        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["slug"] == "manila"
        assert not postgres.is_running(new_home)

    def test_that_was_started_to_stay_stays(self, home):
        regulars("db", "start", home=home)

        regulars("shops", "list", home=home)

        assert postgres.is_running(home)

    def test_can_be_stopped(self, new_home):
        regulars("db", "start", home=new_home)

        done = regulars("db", "stop", home=new_home)

        assert done.returncode == 0
        assert not postgres.is_running(new_home)


class TestDoctor:
    def test_finds_a_new_installation_lacking_its_tables(self, new_home):
        done = regulars("doctor", "--json", home=new_home)

        report = json.loads(done.stdout)
        assert (done.returncode, report["state"]) == (2, "broken")
        assert {check["about"] for check in report["checks"] if check["state"] == "broken"} >= {"tables"}

    def test_finds_nothing_wrong_once_they_are_there(self, home):
        regulars("migrate", home=home)

        report = json.loads(regulars("doctor", "--json", home=home).stdout)

        states = {check["about"]: check["state"] for check in report["checks"]}
        assert (states["database"], states["tables"], states["queue"], states["keys"]) == ("ok",) * 4

    def test_says_so_when_others_can_read_the_keys(self, home):
        regulars("migrate", home=home)
        (home / "keys" / "secret_key").chmod(0o644)

        report = json.loads(regulars("doctor", "--json", home=home).stdout)

        assert {"keys": "warning"}.items() <= {check["about"]: check["state"] for check in report["checks"]}.items()


class TestBackups:
    def test_bring_everything_back_elsewhere(self, old_home):
        regulars(*A_SHOP, home=old_home)
        (old_home / "files" / "avatar.webp").write_bytes(b"picture")
        saved, other = old_home.parent / "saved", old_home.parent / "other"

        assert regulars("backup", str(saved), home=old_home).returncode == 0
        restored = regulars("restore", str(saved), home=other)

        assert restored.returncode == 0, restored.stderr
        assert "Manila Bags" in regulars("shops", "list", home=other).stdout
        assert (other / "files" / "avatar.webp").read_bytes() == b"picture"
        assert (other / "keys/field_keys").read_bytes() == (old_home / "keys/field_keys").read_bytes()

    def test_do_not_overwrite_shops_unless_told_to(self, old_home):
        saved = old_home.parent / "saved"
        regulars("backup", str(saved), home=old_home)
        regulars(*A_SHOP, home=old_home)

        refused = regulars("restore", str(saved), home=old_home)

        assert refused.returncode == 2
        assert "Manila Bags" in regulars("shops", "list", home=old_home).stdout

    def test_that_are_incomplete_are_no_backups(self, new_home):
        done = regulars("restore", str(new_home.parent), home=new_home)

        assert done.returncode == 2
        assert "no complete backup" in done.stderr
