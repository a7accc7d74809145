"""The configuration: documented in full, overridden by the environment, strict about the unknown."""

import tomllib

import pytest
from pydantic import ValidationError

from web.settings import Settings, default_path, load


def test_the_documented_file_names_every_key_with_its_default(monkeypatch):
    assert load(default_path()).model_dump() == Settings().model_dump()
    written = tomllib.loads(default_path().read_text())
    for section, model in Settings.model_fields.items():
        keys = set(model.annotation.model_fields)
        assert keys - set(written[section]) <= {"passphrase"}, section


def test_the_environment_wins_over_the_file_and_leaves_the_rest_of_the_section(tmp_path, monkeypatch):
    (tmp_path / "c.toml").write_text('[server]\nport = 1234\nhost = "127.0.0.2"\n')
    monkeypatch.setenv("QIFENG_SERVER__PORT", "4321")
    server = load(tmp_path / "c.toml").server
    assert (server.port, server.host) == (4321, "127.0.0.2")


def test_a_secret_file_gives_a_section_and_is_not_shown(tmp_path):
    (tmp_path / "QIFENG_KEYS").write_text('{"passphrase": "长城 horse"}')
    keys = load(None, secrets=tmp_path).keys
    assert keys.passphrase.get_secret_value() == "长城 horse"
    assert "horse" not in repr(keys)


@pytest.mark.parametrize("text", ["[servre]\nport = 1\n", "[server]\nprot = 1\n", "[server]\nport = 70000\n"])
def test_an_unknown_key_or_a_wrong_value_stops_the_start(tmp_path, text):
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(ValidationError):
        load(tmp_path / "c.toml")


def test_a_file_that_was_named_must_be_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "absent.toml")
