"""Mistakes with their corrections, the events that tools make, and what a report must hold in each test."""

from keytrail.provenance import Report, analyse
from tests.provenance.writer import Writer

WRONG = "peple wlk in the shde when its hto and teh older peoples is going furthr becuase of it "
RIGHT = (
    ("peple", "people"),
    ("wlk", "walk"),
    ("shde", "shade"),
    ("its", "it's"),
    ("hto", "hot"),
    ("teh", "the"),
    ("peoples is", "people are"),
    ("furthr", "further,"),
    ("becuase", "because"),
)
HOWS = [
    ("silent", 0),
    ("insertText", 1),
    ("", 1),
    ("insertText", 0),
    ("insertReplacementText", 2),
    ("insertReplacementText", 1),
    ("insertText", 2),
    ("insertFromPaste", 2),
]


def report(writer: Writer, **others: str) -> Report:
    made = analyse(writer.wait(900).checkpoint().finish().session(**others))
    assert made.integrity["replay_equals_text"]
    assert made.integrity["checkpoints_failed"] == 0
    return made


def origins(made: Report) -> dict[str, int]:
    return {origin.value: units for origin, units in made.origins.items()}


def rules(made: Report) -> set[str]:
    return {finding.rule for finding in made.findings if finding.severity != "info"}
