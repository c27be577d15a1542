"""What the environment may say, and how nonsense is refused."""

import pytest

from regulars.config import env
from regulars.runtime import home as folder
from regulars.runtime.faults import RuntimeFault


class TestSwitchesAndNumbers:
    @pytest.mark.parametrize(("said", "meant"), [("on", True), ("1", True), ("Yes", True), ("off", False), ("", True)])
    def test_a_switch_is_read(self, monkeypatch, said, meant):
        monkeypatch.setenv("REGULARS_HTTPS", said)

        assert env.flag("REGULARS_HTTPS", default=True) is meant

    def test_a_switch_that_is_neither_on_nor_off_is_refused(self, monkeypatch):
        monkeypatch.setenv("REGULARS_HTTPS", "maybe")

        with pytest.raises(RuntimeFault, match="REGULARS_HTTPS"):
            env.flag("REGULARS_HTTPS")

    @pytest.mark.parametrize("said", ["two", "-1", "1.5", "²"])
    def test_a_number_is_whole_and_not_negative(self, monkeypatch, said):
        monkeypatch.setenv("REGULARS_PROXY_COUNT", said)

        with pytest.raises(RuntimeFault, match="REGULARS_PROXY_COUNT"):
            env.number("REGULARS_PROXY_COUNT", 0)

    def test_an_empty_variable_counts_as_absent(self, monkeypatch):
        monkeypatch.setenv("REGULARS_PROXY_COUNT", " ")

        assert env.number("REGULARS_PROXY_COUNT", 3) == 3


class TestHosts:
    def test_are_this_machine_alone_by_default(self, monkeypatch):
        monkeypatch.delenv("REGULARS_HOSTS", raising=False)

        assert env.hosts() == ["localhost", "127.0.0.1", "[::1]"]

    def test_stand_between_commas(self, monkeypatch):
        monkeypatch.setenv("REGULARS_HOSTS", "crm.example.com, shop.example.com,")

        assert env.hosts() == ["crm.example.com", "shop.example.com"]


class TestTheDatabaseAddress:
    def test_has_all_its_parts(self):
        found = env.parse_database_url("postgresql://ann:s%40cret@db.example.com:6432/shop?sslmode=require")

        assert (found["NAME"], found["USER"]) == ("shop", "ann")
        assert (found["PASSWORD"], found["HOST"], found["PORT"]) == ("s@cret", "db.example.com", "6432")
        assert found["OPTIONS"] == {"sslmode": "require"}

    def test_may_name_a_socket(self):
        found = env.parse_database_url("postgresql://regulars@/regulars?host=/var/lib/my%20shop/run")

        assert found["HOST"] == "/var/lib/my shop/run"
        assert found["OPTIONS"] == {}

    @pytest.mark.parametrize(
        "address", ["mysql://a:secret@b/c", "postgresql://a:secret@b", "postgresql://a:secret@b:port/c"]
    )
    def test_that_is_none_is_refused_without_its_password(self, address):
        with pytest.raises(RuntimeFault, match="DATABASE_URL") as fault:
            env.parse_database_url(address)

        assert "secret" not in str(fault.value)

    def test_is_the_embedded_server_of_this_home_by_default(self, monkeypatch):
        monkeypatch.delenv("DATABASE_URL", raising=False)
        monkeypatch.setenv("REGULARS_HOME", "/srv/regulars")

        assert env.database()["HOST"] == "/srv/regulars/pg/run"


class TestKeys:
    def test_of_the_environment_count_more_than_files(self, monkeypatch, tmp_path):
        monkeypatch.setenv("REGULARS_HOME", str(tmp_path))
        monkeypatch.setenv("REGULARS_SECRET_KEY", "mine")
        monkeypatch.setenv("REGULARS_FIELD_KEYS", folder.new_field_key("k9"))

        assert env.secret_key() == "mine"
        assert env.field_keys()[0][0] == "k9"
        assert not (tmp_path / "keys").exists()


class TestMail:
    def test_speaks_starttls_unless_told_otherwise(self, monkeypatch):
        monkeypatch.setenv("REGULARS_MAIL_URL", "smtp://ann:s%40cret@mail.example.com")

        mail = env.mail()

        assert (mail["EMAIL_HOST_PASSWORD"], mail["EMAIL_PORT"]) == ("s@cret", 587)
        assert (mail["EMAIL_USE_TLS"], mail["EMAIL_USE_SSL"]) == (True, False)

    def test_speaks_tls_from_the_first_byte_when_asked(self, monkeypatch):
        monkeypatch.setenv("REGULARS_MAIL_URL", "smtps://mail.example.com")

        mail = env.mail()

        assert mail["EMAIL_PORT"] == 465
        assert (mail["EMAIL_USE_TLS"], mail["EMAIL_USE_SSL"]) == (False, True)

    def test_is_refused_when_it_is_no_address(self, monkeypatch):
        monkeypatch.setenv("REGULARS_MAIL_URL", "mail.example.com")

        with pytest.raises(RuntimeFault, match="REGULARS_MAIL_URL"):
            env.mail()
