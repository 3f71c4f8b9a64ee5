"""The analysis core: from a writing session's events to origins, findings and a verdict. Standard library only."""

from keytrail.provenance.analysis import ANALYSIS_VERSION, analyse
from keytrail.provenance.draft import Draft, restore
from keytrail.provenance.fingerprint import fingerprint
from keytrail.provenance.keylogs.keylog import analyse_keylog
from keytrail.provenance.keylogs.logged import KeyLog, LoggedCopy, LoggedItem, LoggedKey, LoggedPaste
from keytrail.provenance.kinds import Family, Origin, Severity, Verdict
from keytrail.provenance.limits import Limits
from keytrail.provenance.log import EpochLog, Gap, WritingLog
from keytrail.provenance.marks import Mark
from keytrail.provenance.playback import Playback, Step, StepSpan, playback
from keytrail.provenance.report import Finding, Report, Span
from keytrail.provenance.rules.copying import likeness as copying_likeness
from keytrail.provenance.units import fnv1a32, from_units, to_units
from keytrail.provenance.wire.decoding import BadEvent, decode, decode_all, encode
from keytrail.provenance.wire.events import Event

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
    "copying_likeness",
    "decode",
    "decode_all",
    "encode",
    "fingerprint",
    "fnv1a32",
    "from_units",
    "playback",
    "restore",
    "to_units",
]
