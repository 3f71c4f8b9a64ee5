import subprocess
import sys

import pytest

from keytrail import __version__
from keytrail.cli import app

_LOADED = "import {}, sys; print(*(name for name in {!r} if name in sys.modules))"


@pytest.mark.parametrize(
    ("package", "heavy"),
    [
        ("keytrail.cli", ("sklearn", "scipy.stats", "keytrail.main", "keytrail.sandbox")),
        ("keytrail.main", ("sklearn", "scipy.stats")),
    ],
)
def test_what_only_some_commands_need_is_not_loaded_by_all(package: str, heavy: tuple[str, ...]) -> None:
    """Seconds of every command, and a hundred megabytes of every server."""
    told = subprocess.run([sys.executable, "-c", _LOADED.format(package, heavy)], capture_output=True, check=True)
    assert told.stdout.decode().split() == []


def test_the_version_is_the_package_s(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["keytrail", "--version"])
    with pytest.raises(SystemExit) as ended:
        app()
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"keytrail {__version__}\n"
