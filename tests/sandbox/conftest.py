import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from argon2 import PasswordHasher
from botocore.config import Config
from httpx2 import Client

from keytrail.sandbox import SandboxConfig
from tests.sandbox.people import WorkerBrowser
from tests.sandbox.running import Time, loopback_socket, serving

ACCESS_KEY = "AKIDSANDBOXTEST"
SECRET_KEY = "a secret for tests only"


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with loopback_socket() as listener:
        yield listener


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
def server(
    config: SandboxConfig, time: Time, listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    monkeypatch.setattr("keytrail.sandbox.accounts._HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    with serving(config, time, listener):
        yield


@pytest.fixture
def client(server: None, origin: str) -> Iterator[Client]:
    with Client(base_url=origin, timeout=60) as client:
        yield client


@pytest.fixture
def connect(server: None, origin: str) -> Callable[..., Any]:
    """An unmodified boto3 client for the sandbox, with other credentials if a test gives them."""

    def connect(access_key: str = ACCESS_KEY, secret_key: str = SECRET_KEY) -> Any:
        return boto3.client(
            "mturk",
            endpoint_url=origin,
            region_name="us-east-1",
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            config=Config(retries={"total_max_attempts": 1}),
        )

    return connect


@pytest.fixture
def requester(connect: Callable[..., Any]) -> Any:
    return connect()


@pytest.fixture
def sign_up(server: None, origin: str) -> Iterator[Callable[..., WorkerBrowser]]:
    """New workers, each in a browser of their own."""
    clients: list[Client] = []

    def sign_up(name: str = "ada", country: str = "DE", subdivision: str = "") -> WorkerBrowser:
        clients.append(Client(base_url=origin, timeout=60))
        return WorkerBrowser.sign_up(clients[-1], f"{name}@example.org", country, subdivision)

    yield sign_up
    for client in clients:
        client.close()


@pytest.fixture
def worker(sign_up: Callable[..., WorkerBrowser]) -> WorkerBrowser:
    return sign_up()
