"""All rules, in the order in which their findings are shown."""

from collections.abc import Callable
from typing import Final

from app.provenance.facts import Facts
from app.provenance.limits import Limits
from app.provenance.report import Finding
from app.provenance.rules_integrity import clock_anomaly, log_incomplete, log_inconsistent, parallel_epochs
from app.provenance.rules_provenance import external_text, key_deficit, source_copied, untyped_text

RULES: Final[tuple[Callable[[Facts, Limits], Finding | None], ...]] = (
    external_text,
    untyped_text,
    key_deficit,
    source_copied,
    log_incomplete,
    log_inconsistent,
    clock_anomaly,
    parallel_epochs,
)
