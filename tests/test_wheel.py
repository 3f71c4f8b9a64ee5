import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_an_installed_wheel_brings_templates_static_files_and_migrations(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    [wheel] = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # Isolated from the checkout: the wheel's own `app` is found, the libraries come from this environment.
    code = (
        f"import sys; sys.path.insert(0, {str(site)!r}); import app.cli, app.resources;"
        "assert 'site' in app.__file__, app.__file__;"
        "assert (app.resources.TEMPLATES / 'worker' / 'task.html').is_file();"
        "assert (app.resources.STATIC / 'recorder' / 'recorder.js').is_file();"
        "sys.argv = ['keytrail', 'migrate']; app.cli.main()"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "up to date" in done.stdout, done.stderr
