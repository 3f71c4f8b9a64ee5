"""Spans without personal data: only what is listed here leaves the server."""

from collections.abc import Sequence
from typing import Final

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status
from opentelemetry.util.types import Attributes, AttributeValue

ATTRIBUTES: Final = frozenset(
    {
        "db.query.text",
        "db.statement",
        "db.system",
        "db.system.name",
        "error.type",
        "exception.type",
        "http.flavor",
        "http.method",
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "http.scheme",
        "http.status_code",
        "network.protocol.version",
        "url.scheme",
    }
)
"""Left out are addresses with their paths and queries (worker ids, private links, tickets), clients' addresses and
browsers, messages of errors, in which PostgreSQL quotes values, and the database's name, with SQLite a path. Statements
have no parameters."""


class ImpersonalExporter(SpanExporter):
    """Hand spans on to another exporter without what may name a person or quote a text."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Export what is left of the spans."""
        return self._exporter.export([impersonal(span) for span in spans])

    def shutdown(self) -> None:
        """Shut the other exporter down."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Flush the other exporter."""
        return self._exporter.force_flush(timeout_millis)


def impersonal(span: ReadableSpan) -> ReadableSpan:
    """Return a span with its times, its place in the trace and the listed attributes."""
    return ReadableSpan(
        # The name of a statement's span ends with the database's, which is a path with SQLite.
        name=span.name.partition(" ")[0] if span.kind is SpanKind.CLIENT else span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=_listed(span.attributes),
        events=[Event(event.name, _listed(event.attributes), event.timestamp) for event in span.events],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _listed(attributes: Attributes) -> dict[str, AttributeValue]:
    return {name: value for name, value in (attributes or {}).items() if name in ATTRIBUTES}
