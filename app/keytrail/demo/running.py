"""Run `keytrail demo`: Keytrail and a marketplace that frames its task, on two origins of this machine."""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from rich.console import Console

from keytrail.clock import utc_now
from keytrail.demo.filling.account import DemoAccount
from keytrail.demo.market_account import MarketAccount, market_account
from keytrail.demo.setting_up import DATABASE, set_up_demo, try_urls
from keytrail.demo.studies import ABSTRACTS
from keytrail.errors import BadSettings
from keytrail.main import create_app
from keytrail.sandbox import SandboxConfig, create_sandbox
from keytrail.settings import Settings, load_settings
from keytrail.web.protocol import PatientProtocol

_LOOPBACK = "127.0.0.1"


def run_demo(*, port: int, data: Path, as_json: bool, with_work: bool = True) -> None:
    """Set up and serve until SIGTERM or Ctrl+C. Prints the addresses once both servers answer.

    `with_work` is False for a demo without any work, in which sessions are recorded.
    """
    console = Console(stderr=True)
    ours, market = _listen(port), _listen_beside(port)
    # Two names of one machine are two sites to a browser, so the frame is as foreign as a marketplace's.
    market_origin = f"http://localhost:{market.getsockname()[1]}"
    data.mkdir(parents=True, exist_ok=True)
    requester = market_account(data)
    config = SandboxConfig(
        database=data / "sandbox.sqlite3",
        public_origin=market_origin,
        access_key=requester.access_key,
        secret_key=requester.secret_key,
    )
    settings = _settings(data, ours.getsockname()[1], config, requester)
    task_url = f"{settings.public_url}/task/{ABSTRACTS.slug}"
    account = set_up_demo(settings, config, market if with_work else None, utc_now(), console)
    addresses = {
        "frame_url": f"{market_origin}/try/{ABSTRACTS.slug}",
        "market_url": f"{market_origin}/",
        "task_url": task_url,
        "dashboard_url": f"{settings.public_url}/",
        "email": account.email,
        "password": account.password,
        "api_url": f"{settings.public_url}/api/v1",
        "api_token": account.api_token,
        "study": ABSTRACTS.slug,
    }
    asyncio.run(
        _serve(
            [(create_app(settings), ours), (create_sandbox(replace(config, try_urls=try_urls(settings))), market)],
            lambda: _print_addresses(addresses, account, as_json=as_json),
        )
    )


def _settings(data: Path, port: int, market: SandboxConfig, requester: MarketAccount) -> Settings:
    configured = load_settings()
    market_origin = market.public_origin
    return load_settings(
        data_dir=data,
        database_url=f"sqlite:///{(data / DATABASE).absolute()}",
        public_url=f"http://{_LOOPBACK}:{port}",
        host=_LOOPBACK,
        port=port,
        frame_ancestors=(*configured.frame_ancestors, market_origin),
        submit_origins=(*configured.submit_origins, market_origin),
        embed_origins=(*configured.embed_origins, *filter(None, [market.content])),
        mturk_endpoint=market_origin,
        mturk_credentials_file=requester.file.absolute(),
    )


def _print_addresses(addresses: dict[str, str], account: DemoAccount, *, as_json: bool) -> None:
    if as_json:
        text = json.dumps(addresses)
    else:
        text = (
            "\nKeytrail is running. Two people can play:\n\n"
            f"  the worker     {addresses['frame_url']}\n"
            f"  the requester  {addresses['dashboard_url']}\n"
            f"                 sign in as {account.email} with {account.password}\n"
            f"  the marketplace {addresses['market_url']}\n\n"
            "Write one answer by hand and paste another, then look at both in the dashboard. Ctrl+C stops."
        )
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def _serve(apps: Sequence[tuple[FastAPI, socket.socket]], when_ready: Any) -> None:
    servers = [
        _Server(uvicorn.Config(app, log_level="warning", server_header=False, http=PatientProtocol)) for app, _ in apps
    ]
    loop = asyncio.get_running_loop()

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    running = [asyncio.create_task(server.serve([sock])) for server, (_, sock) in zip(servers, apps, strict=True)]
    await asyncio.gather(*(server.ready.wait() for server in servers))
    when_ready()
    await asyncio.gather(*running)


class _Server(uvicorn.Server):
    """A server that reports when it is ready and leaves signals to its caller."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Any:
        yield


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((_LOOPBACK, port))
    except OSError as error:
        raise BadSettings(f"Port {port} is taken. Choose another with --port.") from error


def _listen_beside(port: int) -> socket.socket:
    """Use the next port if it is free, so that the address stays the same between starts."""
    try:
        return socket.create_server((_LOOPBACK, port + 1 if 0 < port < 65535 else 0))  # noqa: PLR2004  # highest port
    except OSError:
        return socket.create_server((_LOOPBACK, 0))
