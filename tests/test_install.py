"""The files for installing: their commands work, and the files that they name exist. No container engine is used."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from keytrail.settings import PREFIX, Settings
from keytrail.web.audience import PROBES
from tests.cli.running import COMMAND, clean_environment, keytrail
from tests.waiting import free_port, until

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
KUBERNETES: list[dict[str, Any]] = list(yaml.safe_load_all((ROOT / "deploy" / "kubernetes.yaml").read_text()))
UNIT = (ROOT / "deploy" / "keytrail.service").read_text()
KNOWN = {PREFIX + name.upper() for name in Settings.model_fields}


def instructions(name: str) -> list[str]:
    """Return the arguments of an instruction, with continued lines; CMD and ENTRYPOINT of the last stage come last."""
    joined = DOCKERFILE.replace("\\\n", " ")
    return re.findall(rf"^{name} +(.*)$", joined, re.MULTILINE)


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in instructions("ENV")[-1].split())


def ours() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, service in COMPOSE["services"].items():
        if service["image"] == "keytrail":
            yield name, service


def containers() -> Iterator[dict[str, Any]]:
    for document in KUBERNETES:
        if document["kind"] == "Deployment":
            pod = document["spec"]["template"]["spec"]
            yield from (*pod.get("initContainers", ()), *pod["containers"])


def test_the_image_serves_and_is_healthy(tmp_path: Path) -> None:
    """ENV, ENTRYPOINT, CMD and HEALTHCHECK as they stand there, but for the folder and the port."""
    port = str(free_port())
    settings = environment() | {"KEYTRAIL_DATA_DIR": str(tmp_path / "data"), "KEYTRAIL_PORT": port}
    (entry,), (command,) = (json.loads(instructions(name)[-1]) for name in ("ENTRYPOINT", "CMD"))
    assert entry == "keytrail"
    started = clean_environment(tmp_path / "data") | {k: v for k, v in settings.items() if k != "PATH"}
    program, *arguments = json.loads(instructions("HEALTHCHECK")[-1].partition("CMD ")[2])
    assert program == "python"
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen([*COMMAND, command], cwd=tmp_path, env=started, stderr=log)
    try:
        until(lambda: b"running" in (tmp_path / "log").read_bytes(), "the server", seconds=90)
        subprocess.run([sys.executable, *arguments], env=started, check=True, timeout=30)
    finally:
        server.terminate()
        server.wait(30)
    dead = subprocess.run([sys.executable, *arguments], env=started, check=False, timeout=30, capture_output=True)
    assert dead.returncode != 0


def test_the_image_has_no_root_and_copies_what_there_is() -> None:
    assert instructions("USER")[-1] == "10001:10001"
    shown = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = [source for line in instructions("COPY") if "--from" not in line for source in line.split()[:-1]]
    assert set(copied) == shown
    assert [source for source in copied if not (ROOT / source).exists()] == []


def test_hadolint_has_nothing_to_say() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    if not hadolint.exists():
        pytest.skip("hadolint has no package for this machine")
    done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_command_of_the_files_exists(tmp_path: Path) -> None:
    commands = {service["command"][0] for _, service in ours()} | {each["args"][0] for each in containers()}
    commands |= set(re.findall(r"^Exec\w+=\S+/keytrail (\S+)", UNIT, re.MULTILINE))
    assert commands >= {"serve", "migrate"}
    for command in commands:
        assert keytrail(command, "--help", data=tmp_path / "data").returncode == 0, command


def test_every_setting_of_the_files_exists() -> None:
    named = set(re.findall(r"KEYTRAIL_[A-Z_]+", DOCKERFILE + UNIT))
    for _, service in ours():
        named |= {name for name in service["environment"] if name.startswith(PREFIX)}
    for document in KUBERNETES:
        named |= set(document.get("data", ()))
    assert named <= KNOWN


def test_the_settings_of_the_files_are_valid() -> None:
    given = [service["environment"] for _, service in ours()]
    given += [document["data"] for document in KUBERNETES if document["kind"] == "ConfigMap"]
    for values in given:
        own = {
            name.removeprefix(PREFIX).lower(): re.sub(r"\$\{\w+:\?[^}]*\}", "keytrail.example.org", value)
            for name, value in values.items()
            if name.startswith(PREFIX)
        }
        assert Settings.model_validate(own).public_url == "https://keytrail.example.org"


def test_every_container_of_ours_is_confined() -> None:
    for name, service in ours():
        assert service["read_only"] is True, name
        assert (service["cap_drop"], service["security_opt"]) == (["ALL"], ["no-new-privileges:true"]), name
        assert "ports" not in service, f"{name} is reached by the proxy alone"
    for container in containers():
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        for probe in ("livenessProbe", "readinessProbe"):
            if probe in container:
                assert container[probe]["httpGet"]["path"] in PROBES


def test_what_compose_names_is_there() -> None:
    services = COMPOSE["services"]
    for service in services.values():
        assert set(service.get("depends_on", ())) <= set(services)
        assert set(service["networks"]) <= set(COMPOSE["networks"])
        mounted = {volume.split(":")[0] for volume in service["volumes"]}
        assert {name for name in mounted if name[0] != "."} <= set(COMPOSE["volumes"])
        assert [name for name in mounted if name[0] == "." and not (ROOT / name).exists()] == []
    # Only the proxy's address is trusted: one network leads from it to the server.
    (subnet,) = COMPOSE["networks"]["inside"]["ipam"]["config"]
    assert services["app"]["environment"]["KEYTRAIL_TRUSTED_PROXIES"] == subnet["subnet"]
    assert set(services["app"]["networks"]) & set(services["caddy"]["networks"]) == {"inside"}
    # Servers ask marketplaces, and workers do so too and send mail and webhooks: an internal network leads nowhere.
    ways_out = {name for name, network in COMPOSE["networks"].items() if not (network or {}).get("internal")}
    for name, service in ours():
        if service["command"][0] in {"serve", "worker"}:
            assert set(service["networks"]) & (ways_out - {"public"}), f"{name} reaches nobody"
    assert "reverse_proxy app:8000" in (ROOT / "deploy" / "Caddyfile").read_text()


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd is not installed")
    unit = tmp_path / "keytrail.service"
    unit.write_text(UNIT.replace("/opt/keytrail/bin/keytrail", sys.executable))
    done = subprocess.run(
        [analyze, "verify", "--man=no", unit], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if "keytrail.service" in line]) == (0, [])
