import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx import Client

from app.sandbox import SandboxConfig
from tests.sandbox.running import Time, loopback_socket, serving

ACCESS_KEY = "AKIDSANDBOXTEST"
SECRET_KEY = "a secret for tests only"


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def listener() -> socket.socket:
    return loopback_socket()


@pytest.fixture
def origin(listener: socket.socket) -> str:
    return f"http://localhost:{listener.getsockname()[1]}"


@pytest.fixture
def config(tmp_path: Path, origin: str) -> SandboxConfig:
    return SandboxConfig(
        database=tmp_path / "sandbox.sqlite",
        public_origin=origin,
        access_key=ACCESS_KEY,
        secret_key=SECRET_KEY,
        try_urls={"demo": "http://127.0.0.1:9999/task/demo?a=1"},
    )


@pytest.fixture
def server(config: SandboxConfig, time: Time, listener: socket.socket) -> Iterator[None]:
    with serving(config, time, listener):
        yield


@pytest.fixture
def client(server: None, origin: str) -> Iterator[Client]:
    with Client(base_url=origin) as client:
        yield client
