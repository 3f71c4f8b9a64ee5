import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import httpx2
import pytest

from keytrail import __version__ as keytrail_version

ROOT = Path(__file__).parents[1]
RESOURCES = ("templates", "static", "migrations", "locales")


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


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_it_runs_in_a_clean_environment(tmp_path: Path, kind: str) -> None:
    """Offline: pip installs the built file alone, and the libraries come from the environment that runs this test."""
    run([sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(tmp_path)], ROOT)
    [built] = [file for file in tmp_path.iterdir() if file.name.startswith("keytrail")]
    clean = tmp_path / "clean"
    run([sys.executable, "-m", "venv", str(clean)], tmp_path)
    python = clean / "bin" / "python"
    libraries = sysconfig.get_path("purelib")
    offline = ["--no-deps", "--no-index", "--no-build-isolation", "--ignore-installed", "--disable-pip-version-check"]
    # An sdist is built by hatchling, which the clean environment does not have.
    run([str(python), "-m", "pip", "install", *offline, str(built)], tmp_path, PYTHONPATH=libraries)
    own = Path(run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], tmp_path).strip())
    assert (own / "keytrail" / "_resources" / "migrations").is_dir()
    (own / "libraries.pth").write_text(libraries)
    found = run([str(python), "-c", "import keytrail; print(keytrail.__file__)"], tmp_path)
    assert Path(found.strip()) == own / "keytrail" / "__init__.py"
    keytrail = str(clean / "bin" / "keytrail")
    assert keytrail_version in run([keytrail, "--version"], tmp_path)
    assert "up to date" in run([keytrail, "migrate"], tmp_path)
    if kind == "wheel":
        demo_starts_serves_and_stops(keytrail, tmp_path)


def demo_starts_serves_and_stops(keytrail: str, folder: Path) -> None:
    """What `uvx --from WHEEL keytrail demo` runs in an environment like this, and `pipx run` too."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHONPATH", "KEYTRAIL_"))}
    command = [keytrail, "demo", "--port", "0", "--data", "demo", "--json"]
    with subprocess.Popen(
        command, cwd=folder, env=own, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as demo:
        try:
            assert demo.stdout is not None
            told = json.loads(demo.stdout.readline())
            for name in ("task_url", "frame_url", "dashboard_url"):
                assert httpx2.get(told[name], follow_redirects=True, timeout=60).status_code == 200
            demo.terminate()
            assert demo.wait(60) == 0
        finally:
            demo.kill()


def run(command: list[str], folder: Path, **variables: str) -> str:
    """Run a command without this environment's own paths and settings, and return what it prints."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHONPATH", "KEYTRAIL_"))}
    done = subprocess.run(
        command, cwd=folder, env=own | variables, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


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
