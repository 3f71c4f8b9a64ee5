"""Logging of a server: one line per record with time and request id, never texts, worker ids or secrets."""

import json
import logging
import time
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

NOBODY = "-"
request_id: ContextVar[str] = ContextVar("keytrail_request_id", default=NOBODY)
"""Id of the current request; `-` outside of one."""

ACCESS = "keytrail.access"
_FORMAT = "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"
# PostgreSQL's details quote the values of a row, SQLAlchemy's parameters are hidden by the engine.
_QUOTES_VALUES = "DETAIL:"


class LogFormatter(logging.Formatter):
    """Format records with UTC times in milliseconds and the request id, without lines that quote stored values."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        """Add the request id to the record."""
        record.request_id = request_id.get()
        return super().format(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802  # logging's own name
        """Format a traceback without PostgreSQL's DETAIL lines."""
        lines = super().formatException(ei).split("\n")
        return "\n".join(line for line in lines if not line.lstrip().startswith(_QUOTES_VALUES))


class JsonFormatter(LogFormatter):
    """The same as one JSON object a line: time, level, logger, request, message, and error where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """No other fields of the record: what is not named here stays out."""
        entry = {
            "time": self.formatTime(record, self.datefmt),
            "level": record.levelname,
            "logger": record.name,
            "request": request_id.get(),
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


_FORMATTERS: Mapping[str, Any] = {
    "text": {"()": "keytrail.web.logs.LogFormatter", "fmt": _FORMAT},
    "json": {"()": "keytrail.web.logs.JsonFormatter"},
}


def logging_for(log_format: str) -> dict[str, Any]:
    """For logging.config.dictConfig and uvicorn. Uvicorn's access log is off because it writes whole addresses."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": _FORMATTERS[log_format]},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {"keytrail": {"level": "INFO"}, "uvicorn": {"level": "INFO"}},
    }


def logged_path(scope: Mapping[str, Any]) -> str:
    """Return the path without secrets: invitation and password links contain a token.

    Paths without a route are left out too, because they may be a mistyped secret.
    """
    parameters = scope.get("path_params")
    if parameters is None:
        return "(no such address)"
    path = str(scope["path"])
    if "token" in parameters:
        path = path.replace(str(parameters["token"]), "…")
    return path.encode("unicode_escape").decode()[:300]
