import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from keytrail.errors import BadSettings
from keytrail.keyring import load_keyring
from keytrail.settings import Settings, load_settings


def test_an_unknown_setting_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYTRAIL_PUBLIC_ULR", "http://x")
    with pytest.raises(BadSettings, match=r"KEYTRAIL_PUBLIC_ULR.*KEYTRAIL_PUBLIC_URL"):
        load_settings()


def test_an_unknown_line_in_the_env_file_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KEYTRAIL_PROT=8000\n")
    with pytest.raises(BadSettings, match=r"KEYTRAIL_PROT in \.env"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("KEYTRAIL_PORT", "many", "KEYTRAIL_PORT cannot be used"),
        ("KEYTRAIL_PUBLIC_URL", "keytrail.example", "write it as https://host"),
        ("KEYTRAIL_PUBLIC_URL", "https://lab.example/keytrail", "is not an origin"),
        ("KEYTRAIL_FRAME_ANCESTORS", "https://a.example/path", "is not an origin"),
        ("KEYTRAIL_SECRET_KEY", "short", "at least 32"),
    ],
)
def test_a_bad_value_is_named_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings, match=words):
        load_settings()


def test_an_origin_is_written_as_browsers_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for given, written in {
        "https://Lab.Example:443/": "https://lab.example",
        "http://lab.example:80": "http://lab.example",
        "http://lab.example:443": "http://lab.example:443",
        "https://[::1]:8443": "https://[::1]:8443",
    }.items():
        monkeypatch.setenv("KEYTRAIL_PUBLIC_URL", given)
        assert load_settings().public_url == written


def test_origins_are_separated_by_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYTRAIL_SUBMIT_ORIGINS", "https://a.example  http://b.example:81/")
    assert load_settings().submit_origins == ("https://a.example", "http://b.example:81")


def test_the_secret_is_made_once_and_for_the_owner_only(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings()
    first = load_keyring(settings)
    path = settings.data_dir / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_keyring(settings).key("x") == first.key("x")
    assert first.key("x") != first.key("y")


def test_a_damaged_secret_stops_the_start(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings()
    settings.data_dir.mkdir()
    (settings.data_dir / "secret.key").write_text("oops")
    with pytest.raises(BadSettings, match="damaged"):
        load_keyring(settings)


def test_a_given_secret_is_used_instead_of_a_file(make_settings: Callable[..., Settings]) -> None:
    settings = make_settings(secret_key="k" * 32)
    assert load_keyring(settings).key("x")
    assert not (settings.data_dir / "secret.key").exists()
