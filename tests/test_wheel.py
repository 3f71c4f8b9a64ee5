import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESOURCES = ("templates", "static", "migrations")


def require_everything(wheel: Path) -> None:
    """Fails if a file of the package, or one that the server needs at run time, is not in the wheel."""
    folders = {"app/keytrail": "keytrail", **{name: f"keytrail/_resources/{name}" for name in RESOURCES}}
    wanted = {
        f"{inside}/{file.relative_to(ROOT / folder).as_posix()}"
        for folder, inside in folders.items()
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        missing = wanted - set(archive.namelist())
        assert missing == set()
        [entries] = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert "keytrail = keytrail.cli:main" in archive.read(entries).decode()


def test_a_wheel_from_the_sdist_has_everything(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    [sdist] = tmp_path.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    [source] = [folder for folder in tmp_path.iterdir() if folder.is_dir()]
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=source, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    [wheel] = tmp_path.glob("*.whl")
    require_everything(wheel)
    assert [name for name in ("Dockerfile", "compose.yaml", "deploy") if not (source / name).exists()] == []


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
    require_everything(wheel)
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
