"""Types of settings: lists, origins and networks as they are written in the environment."""

from ipaddress import ip_network
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import NoDecode


def _split(value: Any) -> Any:
    return tuple(value.split()) if isinstance(value, str) else value


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"} or parts.query:
        raise ValueError(f"{value!r} is not an origin; write it as https://host or https://host:port")
    # As browsers write it in the Origin header: lower case, without the scheme's default port.
    own_port = ":443" if parts.scheme == "https" else ":80"
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(own_port)}"


def _endpoint(value: str | None) -> str | None:
    return None if value is None else _origin(value)


def _origins(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_origin(value) for value in values)


def _networks(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        try:
            ip_network(value)
        except ValueError:
            raise ValueError(f"{value!r} is not a network; write it as 10.0.0.0/8") from None
    return values


def _proxies(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        try:
            ip_network(value) if value != "*" else None
        except ValueError:
            raise ValueError(
                f"{value!r} is neither an address nor a network; write it as 10.0.0.5 or 10.0.0.0/8"
            ) from None
    return values


def _embed_origins(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value if value == "null" else _origin(value) for value in values)


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split)]
Temperatures = Annotated[tuple[Annotated[float, Field(ge=0, le=2)], ...], NoDecode, BeforeValidator(_split)]
Networks = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_networks)]
Proxies = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_proxies)]
Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_origins)]
EmbedOrigins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split), AfterValidator(_embed_origins)]
WebOrigin = Annotated[str, AfterValidator(_origin)]
Endpoint = Annotated[str | None, AfterValidator(_endpoint)]
