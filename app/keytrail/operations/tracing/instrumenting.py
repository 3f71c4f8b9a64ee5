"""Spans of a process: where they go, and those of the database."""

from typing import ClassVar

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor
from opentelemetry.metrics import NoOpMeterProvider
from opentelemetry.propagate import set_global_textmap
from opentelemetry.propagators.textmap import TextMapPropagator
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, OTELResourceDetector, Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from keytrail import __version__
from keytrail.db import Database
from keytrail.operations.tracing.impersonal import ImpersonalExporter


class _Nothing(TextMapPropagator):
    """Read no trace context from a request, and write none."""

    fields: ClassVar[set[str]] = set()

    def extract(self, *_: object, **__: object) -> Context:
        """Begin anew: anybody could set the headers, and decide what is recorded."""
        return Context()

    def inject(self, *_: object, **__: object) -> None:
        """Write no header: platforms need not know the trace."""


def send_spans(database: Database) -> TracerProvider:
    """Send this process's spans to the collector that the OTEL_* variables name."""
    return provider_for(BatchSpanProcessor(ImpersonalExporter(OTLPSpanExporter())), database)


def provider_for(processor: SpanProcessor, database: Database) -> TracerProvider:
    """Give every statement a span, and hand all spans to the processor."""
    own = Resource({SERVICE_NAME: "keytrail", SERVICE_VERSION: __version__})
    provider = TracerProvider(resource=own.merge(OTELResourceDetector().detect()))
    provider.add_span_processor(processor)
    set_global_textmap(_Nothing())
    # Tested with SQLAlchemy 2.1, which the instrumentation does not name yet.
    SQLAlchemyInstrumentor().instrument(
        engines=[database.engine, database.ingest],
        tracer_provider=provider,
        meter_provider=NoOpMeterProvider(),
        skip_dep_check=True,
    )
    return provider
