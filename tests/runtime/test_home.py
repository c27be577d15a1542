"""The data folder and its keys."""

import base64

import pytest

from regulars.runtime import home as folder
from regulars.runtime.faults import RuntimeFault


class TestWhereItIs:
    def test_is_what_the_environment_says(self):
        assert str(folder.resolve({"REGULARS_HOME": "/srv/regulars"})) == "/srv/regulars"

    def test_is_the_system_folder_for_root(self, monkeypatch):
        monkeypatch.setattr("os.geteuid", lambda: 0)

        assert str(folder.resolve({})) == "/var/lib/regulars"

    def test_is_the_data_folder_of_anybody_else(self, monkeypatch):
        monkeypatch.setattr("os.geteuid", lambda: 1000)

        assert str(folder.resolve({"XDG_DATA_HOME": "/home/ann/.data"})) == "/home/ann/.data/regulars"

    def test_is_refused_in_words_when_it_cannot_be_made(self, tmp_path):
        (tmp_path / "file").write_text("")

        with pytest.raises(RuntimeFault, match="REGULARS_HOME"):
            folder.prepare(tmp_path / "file" / "home")


class TestKeys:
    def test_are_made_once(self, tmp_path):
        assert folder.secret_key(tmp_path) == folder.secret_key(tmp_path)
        assert folder.field_keys(tmp_path) == folder.field_keys(tmp_path)

    def test_are_readable_by_their_owner_alone(self, tmp_path):
        folder.secret_key(tmp_path)
        folder.field_keys(tmp_path)

        assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o400}
        assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700

    def test_differ_from_home_to_home(self, tmp_path):
        assert folder.secret_key(tmp_path / "one") != folder.secret_key(tmp_path / "other")

    def test_of_fields_are_read_newest_first(self):
        newer, older = folder.new_field_key("k2"), folder.new_field_key("k1")

        keys = folder.parse_field_keys(newer + older, source="file")

        assert [key_id for key_id, _ in keys] == ["k2", "k1"]
        assert {len(key) for _, key in keys} == {32}

    @pytest.mark.parametrize("entry", ["k1", "k1:", ":AAAA", "k1:not base64", "k1:AAAA"])
    def test_that_are_none_are_refused_without_being_repeated(self, entry):
        with pytest.raises(RuntimeFault, match="entry 1 of file") as fault:
            folder.parse_field_keys(entry, source="file")

        assert "AAAA" not in str(fault.value)

    def test_may_not_share_an_id(self):
        key = base64.b64encode(bytes(32)).decode()

        with pytest.raises(RuntimeFault, match="twice"):
            folder.parse_field_keys(f"k1:{key},k1:{key}", source="file")
