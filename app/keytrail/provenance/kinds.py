"""The kinds in a report: origins, severities, families, verdicts."""

from enum import StrEnum


class Origin(StrEnum):
    """How one unit of the text was entered (one per UTF-16 unit). Version 1 of the analysis had no `rewritten`."""

    TYPED = "typed"
    IME = "ime"
    ASSIST = "assist"
    REWRITTEN = "rewritten"
    MOVED = "moved"
    SOURCE = "source"
    EXTERNAL = "external"
    NOKEY = "nokey"
    SCRIPT = "script"
    SILENT = "silent"
    INITIAL = "initial"
    UNKNOWN = "unknown"


ACCOUNTED = frozenset({Origin.TYPED, Origin.IME, Origin.ASSIST})
"""Text that a person's keys explain; `moved` text counts by its earlier origin."""

ARRIVED = frozenset(
    {
        Origin.REWRITTEN,
        Origin.EXTERNAL,
        Origin.NOKEY,
        Origin.SCRIPT,
        Origin.SILENT,
        Origin.INITIAL,
        Origin.UNKNOWN,
    },
)
"""Text that arrived without typing. `source` is in neither set: it is reported separately."""


class Severity(StrEnum):
    """How much one finding says by itself."""

    INFO = "info"
    REVIEW = "review"
    HIGH = "high"


class Family(StrEnum):
    """What kind of evidence a finding is; the verdict caps the families differently (verdict.py)."""

    PROVENANCE = "provenance"
    MECHANICS = "mechanics"
    LINEARITY = "linearity"
    TEXT = "text"
    TASK = "task"
    INTEGRITY = "integrity"
    CONTEXT = "context"
    """Remarks that say nothing for or against the text."""


class Verdict(StrEnum):
    """The summary of all findings. None decides anything about a person."""

    CLEAR = "clear"
    REVIEW = "review"
    STRONG = "strong"
    UNVERIFIABLE = "unverifiable"
