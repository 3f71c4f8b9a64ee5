"""The real server with additional routes that only read the body. The benchmark starts it as a separate process."""

import argparse
from pathlib import Path

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from keytrail.main import create_app
from keytrail.settings import Settings
from keytrail.web.gc_tuning import keep_startup_objects

NO_OP = "/api/worker/no-op"
PLAIN_NO_OP = "/api/worker/plain-no-op"


async def read_only(request: Request) -> Response:
    """Read the body and answer as ingest does: the cost of the server without Keytrail's work."""
    await request.body()
    return Response(b'{"committed":1}', media_type="application/json")


async def read_only_plainly(request: Request) -> dict[str, int]:
    """Do the same as usually written with FastAPI."""
    await request.body()
    return {"committed": 1}


def main() -> None:
    """Serve until stopped, as `keytrail serve` does, but without a log of requests."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--database-url")
    parser.add_argument("--port", type=int, required=True)
    given = parser.parse_args()
    settings = Settings(_env_file=None, data_dir=given.data, database_url=given.database_url)
    app = create_app(settings)
    # In front of all others, so that nothing is in its favour.
    app.router.routes.insert(0, Route(NO_OP, read_only, methods=["POST"]))
    app.post(PLAIN_NO_OP)(read_only_plainly)
    keep_startup_objects()
    uvicorn.run(
        app, host="127.0.0.1", port=given.port, server_header=False, proxy_headers=True, access_log=False,
        log_level="warning", loop="uvloop", http="httptools",
    )  # fmt: skip


if __name__ == "__main__":
    main()
