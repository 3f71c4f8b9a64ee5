"""Rules on clocks: the intervals between events, the page's clock, the wall clock and the server's."""

from keytrail.messages import message
from keytrail.provenance.formatting import count, lasting
from keytrail.provenance.kinds import Family, Severity
from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Finding
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.rules.rule import rule


@rule(
    "The times contradict themselves",
    Family.INTEGRITY,
    Severity.INFO,
    cause="Not expected; a browser with a broken timer would cause it.",
    for_worker=message(
        "The times in the recording do not agree with one another. Browsers with inexact clocks can cause this."
    ),
)
def clock_anomaly(facts: Facts, _limits: Limits) -> Finding | None:
    """Impossible times: backward, days between two events, or intervals that contradict the page's clock.

    Sleep does not count, nor does a wall clock that was set (`clock_set`).
    """
    own = facts.integrity.checks.clock
    told = sum(anomaly == "clock" for anomaly in facts.integrity.anomalies)
    if not own and not told:
        return None
    return Finding(
        rule="clock_anomaly",
        family=Family.INTEGRITY,
        severity=Severity.INFO,
        explanation=f"The times in the log do not agree with the page's clock ({count(own + told, 'place')}).",
        figures={"in_log": own, "at_server": told},
    )


@rule(
    "The device's clock was set back",
    Family.CONTEXT,
    Severity.INFO,
    cause="Setting the clock during the task causes it. It says nothing about the text.",
    for_worker=message("The clock of your device was set back during the task. This says nothing about your text."),
)
def clock_set(facts: Facts, _limits: Limits) -> Finding | None:
    """The device's wall clock was set back. The log does not depend on it, so this is a remark."""
    own = facts.integrity.checks.wall_clock
    told = sum(anomaly == "wall_clock" for anomaly in facts.integrity.anomalies)
    if not own and not told:
        return None
    return Finding(
        rule="clock_set",
        family=Family.CONTEXT,
        severity=Severity.INFO,
        explanation=(
            "The device's clock was set back while the page was open, for example by a time server. The intervals "
            "in the log agree with the page's own clock, so its times can be relied on."
        ),
        figures={"in_log": own, "at_server": told},
    )


@rule(
    "The log arrived before its time",
    Family.PROVENANCE,
    Severity.REVIEW,
    Severity.HIGH,
    cause=(
        "On 0 of 417 real page loads, of which none was ahead at all. Setting the server's clock back while "
        "sessions are open would cause it."
    ),
    for_worker=message(
        "The recording covers more time than had passed on our server since the page was opened "
        "(%(ahead_ms)s more). A wrong clock on the server has the same effect."
    ),
)
def log_ahead_of_time(facts: Facts, limits: Limits) -> Finding | None:
    """The log claims more time than had passed on the server between the opening of the page and the log's arrival.

    A slow connection, a sleeping device and late sending only delay the arrival, so a real page is never ahead: of 417
    real page loads the most was -0.1 s, of 6 forged ones the least was 69 s. A server whose own clock was set back
    makes all sessions of that time look like this; hence `review` unless most of the claimed time cannot have passed.
    """
    ahead = facts.integrity.ahead_ms
    if ahead <= limits.ahead_ms:
        return None
    most = ahead > limits.ahead_high_ms and ahead > facts.duration_ms * limits.ahead_high_share
    return Finding(
        rule="log_ahead_of_time",
        family=Family.PROVENANCE,
        severity=Severity.HIGH if most else Severity.REVIEW,
        explanation=(
            f"The log covers {lasting(facts.duration_ms)} on the page, but it arrived {lasting(ahead)} before that "
            "much time had passed since the page was opened. A page in a browser cannot do that; a program that posts "
            "a prepared log can. A server clock that was set back looks the same, in all sessions open at that moment."
        ),
        figures={"ahead_ms": ahead, "duration_ms": facts.duration_ms},
    )
