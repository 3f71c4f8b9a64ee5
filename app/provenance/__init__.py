"""The pure core: from the events of a writing session to origins and findings. Standard library only."""

from app.provenance.analysis import ANALYSIS_VERSION, analyse
from app.provenance.draft import Draft, restore
from app.provenance.keylogs.keylog import analyse_keylog
from app.provenance.keylogs.logged import KeyLog, LoggedCopy, LoggedItem, LoggedKey, LoggedPaste
from app.provenance.kinds import Family, Origin, Severity, Verdict
from app.provenance.limits import Limits
from app.provenance.log import EpochLog, Gap, WritingLog
from app.provenance.marks import Mark
from app.provenance.playback import Playback, Step, StepSpan, playback
from app.provenance.report import Finding, Report, Span
from app.provenance.units import fnv1a32, from_units, to_units
from app.provenance.wire.decoding import BadEvent, decode, decode_all, encode
from app.provenance.wire.events import Event

__all__ = [
    "ANALYSIS_VERSION",
    "BadEvent",
    "Draft",
    "EpochLog",
    "Event",
    "Family",
    "Finding",
    "Gap",
    "KeyLog",
    "Limits",
    "LoggedCopy",
    "LoggedItem",
    "LoggedKey",
    "LoggedPaste",
    "Mark",
    "Origin",
    "Playback",
    "Report",
    "Severity",
    "Span",
    "Step",
    "StepSpan",
    "Verdict",
    "WritingLog",
    "analyse",
    "analyse_keylog",
    "decode",
    "decode_all",
    "encode",
    "fnv1a32",
    "from_units",
    "playback",
    "restore",
    "to_units",
]
