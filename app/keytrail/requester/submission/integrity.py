"""The checks of a log's integrity, line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from keytrail.web.formatting import counted, number

_ANOMALIES = {
    "clock": "a clock ran backwards between two batches",
    "cut": "a page load sent more than is kept; its log ends there",
    "overlap": "two batches overlap",
    "parallel": "a page load went on while the next one was open",
    "conflicting_batch": "a batch was sent twice with different content; the first one stands",
}


@dataclass(frozen=True)
class IntegrityLine:
    """One check in words; `good` is None for a plain fact."""

    description: str
    good: bool | None = None


def integrity_of(integrity: Mapping[str, Any]) -> Sequence[IntegrityLine]:
    """Return the analysis' checks of the log. Missing entries (another analysis version) are left out."""
    lines = [_replay(integrity), _complete(integrity), _checkpoints(integrity)]
    lines += [IntegrityLine(_ANOMALIES.get(name, str(name)), good=False) for name in integrity.get("anomalies", ())]
    if integrity.get("clock_anomalies"):
        lines.append(IntegrityLine("The page's clocks do not agree with each other.", good=False))
    if integrity.get("edits_outside"):
        lines.append(IntegrityLine("The log changes text at places that did not exist.", good=False))
    if "events" in integrity:
        loads = counted(int(integrity.get("epochs", 1)), "page load")
        lines.append(IntegrityLine(f"{counted(int(integrity['events']), 'event')} in {loads}."))
    return [line for line in lines if line is not None]


def _replay(integrity: Mapping[str, Any]) -> IntegrityLine | None:
    if "replay_equals_text" not in integrity:
        return None
    if integrity["replay_equals_text"]:
        return IntegrityLine("Replaying the log gives exactly the submitted text.", good=True)
    differing = counted(int(integrity.get("differing_units", 0)), "character")
    return IntegrityLine(f"Replaying the log does not give the submitted text: {differing} differ.", good=False)


def _complete(integrity: Mapping[str, Any]) -> IntegrityLine | None:
    if "complete" not in integrity:
        return None
    if integrity["complete"]:
        return IntegrityLine("The log is complete.", good=True)
    gaps = integrity.get("gaps") or ()
    missing = f" {counted(len(gaps), 'gap')} in the numbering." if gaps else ""
    return IntegrityLine(f"Part of the log did not arrive.{missing}", good=False)


def _checkpoints(integrity: Mapping[str, Any]) -> IntegrityLine | None:
    checked = int(integrity.get("checkpoints", 0))
    if not checked:
        return None
    failed = int(integrity.get("checkpoints_failed", 0))
    if failed:
        return IntegrityLine(
            f"{number(failed)} of {counted(checked, 'checkpoint')} do not agree with the replay.", good=False
        )
    return IntegrityLine(f"All {counted(checked, 'checkpoint')} agree with the replay.", good=True)
