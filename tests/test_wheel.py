import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_an_installed_wheel_runs_beside_a_project_with_an_app_of_its_own(tmp_path: Path) -> None:
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
    project = tmp_path / "project"
    (project / "app").mkdir(parents=True)
    (project / "app" / "__init__.py").write_text("OWNER = 'somebody else'\n")
    # Isolated from the checkout: the wheel's package is found, the libraries come from this environment.
    code = (
        f"import sys; sys.path[:0] = [{str(project)!r}, {str(site)!r}]; import app, keytrail.cli, keytrail.resources;"
        "assert app.OWNER == 'somebody else';"
        "assert 'site' in keytrail.__file__, keytrail.__file__;"
        "assert (keytrail.resources.TEMPLATES / 'worker' / 'task.html').is_file();"
        "assert (keytrail.resources.STATIC / 'recorder' / 'recorder.js').is_file();"
        "assert (keytrail.resources.DOCS / 'how-to' / 'mturk.md').is_file();"
        "assert not list(keytrail.resources.DOCS.rglob('*.py'));"
        "sys.argv = ['keytrail', 'migrate']; keytrail.cli.main()"
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
