"""Rules on forged logs: written by our recorder in a browser, or by a program that claims to be it."""

from collections.abc import Iterator, Mapping
from typing import Final

from keytrail.messages import message
from keytrail.provenance.kinds import Family, Severity
from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Finding
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.rules.rule import rule

RECORDERS: Final = frozenset({"1.0"})
"""Every released version of static/recorder (environment.js); a page may have been open since the previous one."""
_COARSEST_TICK_MS: Final = 100
"""The recorder never reports a coarser timer; logs whose times were rounded to protect the worker report 1000."""
_ROUNDED_TICK_MS: Final = 1000
_ALWAYS_THERE: Final = ("ua", "tz", "vw", "vh", "touch", "pointer", "tick", "visible", "focused", "framed")


@rule(
    "Log of another program",
    Family.PROVENANCE,
    Severity.REVIEW,
    cause="Not expected: pages load the recorder from this server.",
    for_worker=message("The recording comes from a version of this page that we do not know (%(version)s)."),
)
def unknown_recorder(facts: Facts, _limits: Limits) -> Finding | None:
    """The log names a recorder version that was never released, as an altered page or another program does."""
    versions = sorted({str(environment.get("v", "")) for environment in facts.environments} - RECORDERS)
    if not versions:
        return None
    return Finding(
        rule="unknown_recorder",
        family=Family.PROVENANCE,
        severity=Severity.REVIEW,
        explanation=(
            f"The log says that recorder version {', '.join(versions)} made it; no such version was released. Another "
            "program or an altered page would write such a log."
        ),
        figures={"version": versions[0]},
    )


@rule(
    "A browser that cannot be",
    Family.PROVENANCE,
    Severity.REVIEW,
    cause="Not expected, except where developers emulate phones.",
    for_worker=message(
        "What the recording says about your browser is contradictory. Extensions and privacy settings can cause this."
    ),
)
def impossible_environment(facts: Facts, _limits: Limits) -> Finding | None:
    """The environment that a page load reported is impossible, or its events contradict it."""
    odd = list(dict.fromkeys(sign for environment in facts.environments for sign in _contradictions(environment)))
    if facts.touches and any(environment.get("touch") == 0 for environment in facts.environments):
        odd.append("the screen was touched, though the device has no touch screen")
    if not odd:
        return None
    return Finding(
        rule="impossible_environment",
        family=Family.PROVENANCE,
        severity=Severity.REVIEW,
        explanation=(
            "Emulating a phone with developer tools can cause this, and so can a program that writes logs. What the "
            f"log says about the browser cannot be true: {'; '.join(odd)}."
        ),
        figures={"contradictions": len(odd)},
    )


def _contradictions(environment: Mapping[str, object]) -> Iterator[str]:
    """Return combinations that static/recorder/environment.js cannot report in any browser."""
    missing = [name for name in _ALWAYS_THERE if name not in environment]
    if missing:
        yield f"it lacks what every browser reports ({', '.join(missing)})"
    if environment.get("pointer") == "coarse" and environment.get("touch") == 0:
        yield "a coarse pointer on a device without a touch screen"
    agent = str(environment.get("ua", ""))
    if ("iPhone" in agent or "iPad" in agent) and environment.get("touch") == 0:
        yield "an iPhone or iPad without a touch screen"
    tick = environment.get("tick")
    if isinstance(tick, int | float) and (tick <= 0 or _COARSEST_TICK_MS < tick != _ROUNDED_TICK_MS):
        yield f"a timer that moves in steps of {tick:g} ms"
