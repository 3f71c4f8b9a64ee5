"""Traces for OpenTelemetry, if the standard variables name a collector and the extra `otel` is installed.

FastAPI makes spans of requests by itself as soon as somebody configures OpenTelemetry in the process, with queries
(worker ids) and messages of errors. So what it may do is said here, and what leaves is filtered (impersonal.py).
"""

import logging
import os
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from fastapi.telemetry import TelemetryConfig

from keytrail.db import Database

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

ENDPOINTS: Final = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
NOT_INSTALLED: Final = "OTEL_* variables name a collector, but nothing is sent: install keytrail[otel], or remove them."
_NEEDED: Final = (
    "opentelemetry.sdk",
    "opentelemetry.exporter.otlp.proto.http",
    "opentelemetry.instrumentation.sqlalchemy",
)

_log = logging.getLogger("keytrail")


def collector(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the collector's address as the variables give it; None if there is none, or traces are switched off."""
    if environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or environ.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp":
        return None
    return next((environ[name] for name in ENDPOINTS if environ.get(name)), None)


def is_installed() -> bool:
    """Return whether the packages of the extra are there."""
    try:
        return all(find_spec(name) for name in _NEEDED)
    except ModuleNotFoundError:  # the parent of one of them
        return False


def start_tracing(database: Database) -> "TracerProvider | None":
    """Send spans of this process's statements to the collector, if one is configured; return what takes more spans."""
    if collector() is None:
        return None
    if not is_installed():
        _log.warning(NOT_INSTALLED)
        return None
    from keytrail.operations.tracing.instrumenting import send_spans  # noqa: PLC0415 - the packages may be missing

    return send_spans(database)


def telemetry_of(provider: "TracerProvider | None", exclude: Callable[[Any], bool]) -> TelemetryConfig:
    """Return what FastAPI may record: spans of requests for this provider, and nothing without one.

    `exclude` says of an ASGI scope whether its request has no span.
    """
    return TelemetryConfig(
        tracer_provider=provider,
        tracing=provider is not None,
        metrics=False,
        logs=False,
        operation_spans=False,
        auto_configure=False,
        exclude=exclude,
    )
