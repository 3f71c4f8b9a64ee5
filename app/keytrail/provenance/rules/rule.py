"""Define rules: id, title, family, possible severities, and known false alarms."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from keytrail.messages import Message
from keytrail.provenance.kinds import Family, Severity
from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Figures, Finding
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.rules.false_alarms import counted

Judge = Callable[[Facts, Limits], Finding | None]

_BY_SEVERITY: Final = (Severity.INFO, Severity.REVIEW, Severity.HIGH)


@dataclass(frozen=True)
class Rule:
    """A kind of finding, from which titles, filters, the API's ids and the documents' tables derive.

    `severities` are those that its findings may have, from least to most; `false_alarm` says how often it fires on
    honest writers. `for_worker` is the finding in a sentence for the writer, whose placeholders are names of figures.
    """

    id: str
    title: str
    family: Family
    severities: tuple[Severity, ...]
    false_alarm: str
    for_worker: Message

    def finding(self, severity: Severity, explanation: str, figures: Figures, false_alarm: str = "") -> Finding:
        """Return a finding of this rule. Pass `false_alarm` where more is known than the rule says in general."""
        return Finding(
            rule=self.id,
            family=self.family,
            severity=severity,
            explanation=explanation,
            figures=figures,
            false_alarm=false_alarm or self.false_alarm,
        )


@dataclass(frozen=True)
class CoreRule(Rule):
    """A rule on the facts of one session. Calling it returns its finding, with known false alarms, or None."""

    judge: Judge

    def __call__(self, facts: Facts, limits: Limits) -> Finding | None:
        """Apply the rule."""
        found = self.judge(facts, limits)
        return None if found is None else replace(found, false_alarm=self.false_alarm)


def rule(
    title: str, family: Family, *severities: Severity, for_worker: Message, cause: str = ""
) -> Callable[[Judge], CoreRule]:
    """Make a function a rule of the core; its name is the rule's id.

    `cause` follows the counts of false alarms (false_alarm_figures.py): what makes the rule fire on honest writers.
    """

    def register(judge: Judge) -> CoreRule:
        name = judge.__name__
        false_alarm = " ".join(filter(None, (counted(name), cause)))
        ordered = tuple(sorted(severities, key=_BY_SEVERITY.index))
        return CoreRule(name, title, family, ordered, false_alarm, for_worker, judge)

    return register
