"""`keytrail sandbox`: the marketplace without Keytrail."""

from pathlib import Path
from typing import Annotated

import typer


def sandbox(
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8001,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    origin: Annotated[str, typer.Option(help="Where browsers reach it. Default: http://localhost:PORT.")] = "",
    data: Annotated[Path, typer.Option(help="Folder for the marketplace's database and credentials.")] = Path(
        "data/sandbox"
    ),
    content_origin: Annotated[
        str | None,
        typer.Option(
            help="A second host name of this server for requesters' own pages. Default: http://content.localhost:PORT."
        ),
    ] = None,
    sign_up_code: Annotated[str, typer.Option(help="Workers need this code to sign up.")] = "",
) -> None:
    """Serve an MTurk-compatible marketplace for trials, tests, or a lab's own panel. No real money."""
    import uvicorn

    from keytrail.demo.market_account import market_account
    from keytrail.sandbox import SandboxConfig, create_sandbox
    from keytrail.web.protocol import PatientProtocol

    data.mkdir(parents=True, exist_ok=True)
    account = market_account(data)
    public_origin = origin or f"http://localhost:{port}"
    config = SandboxConfig(
        database=data / "sandbox.sqlite3",
        public_origin=public_origin,
        access_key=account.access_key,
        secret_key=account.secret_key,
        sign_up_code=sign_up_code,
        content_origin=content_origin,
    )
    app = create_sandbox(config)
    print(f"Workers:    {public_origin}")
    print("Requesters: start Keytrail with these settings")
    print(f"  KEYTRAIL_MTURK_ENDPOINT={public_origin}")
    print(f"  KEYTRAIL_MTURK_CREDENTIALS_FILE={account.file.absolute()}")
    print(f"  KEYTRAIL_FRAME_ANCESTORS={public_origin}")
    print(f"  KEYTRAIL_SUBMIT_ORIGINS={public_origin}")
    if config.content:
        print(f"  KEYTRAIL_EMBED_ORIGINS={config.content}   (the recorder in pages that the marketplace serves)")
    print("Other programs written for MTurk: set AWS_ENDPOINT_URL_MTURK to the same address", flush=True)
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, http=PatientProtocol, ws="none")
