"""Weak signs: each has innocent causes, and only several together are for review."""

from typing import Final

from keytrail.messages import message
from keytrail.provenance.formatting import count
from keytrail.provenance.kinds import Family, Severity
from keytrail.provenance.limits import Limits
from keytrail.provenance.report import Figure, Finding
from keytrail.provenance.rules.facts import Facts
from keytrail.provenance.rules.rule import rule

_VOICE_CONTROL: Final = frozenset({"keys_without_code", "clicks_without_movement"})
"""What voice control and dwell clicking cause together; never enough by itself."""
_TOGETHER: Final = 2


@rule(
    "Several weak signs of a program",
    Family.MECHANICS,
    Severity.REVIEW,
    cause=(
        "Not measured on people who use assistive tools: no available data set identifies them. A single sign "
        "is never shown."
    ),
    for_worker=message(
        "Several small signs of a program occurred together (%(signs)s). Assistive technology can cause each of them."
    ),
)
def weak_signs(facts: Facts, limits: Limits) -> Finding | None:
    """Two or more signs of input by a program, of kinds that assistive tools do not combine.

    None is evidence alone: on-screen keyboards and voice input have keys without a code, voice control and dwell
    clicking have clicks without movement, remote desktops may lose Shift. The log cannot show whether such tools are in
    use, and none of our data has users who reported using them (docs/findings.md).
    """
    signs = _signs(facts, limits)
    if len(signs) < _TOGETHER or signs.keys() <= _VOICE_CONTROL:
        return None
    figures: dict[str, Figure] = {"signs": len(signs)}
    return Finding(
        rule="weak_signs",
        family=Family.MECHANICS,
        severity=Severity.REVIEW,
        explanation=(
            "On-screen keyboards, voice control and remote desktops cause such signs one at a time, programs cause "
            f"several together: {'; '.join(signs.values())}."
        ),
        figures=figures | dict.fromkeys(signs, 1),
    )


def _signs(facts: Facts, limits: Limits) -> dict[str, str]:
    """Return the signs of this session by name, each in words."""
    seen = facts.signs
    found: dict[str, str] = {}
    fine = facts.fine_pointer and not facts.touch
    if fine and seen.keys_without_code >= max(limits.sign_keys, facts.rhythm.printable // 2):
        found["keys_without_code"] = f"{count(seen.keys_without_code, 'key')} had no code of a physical key"
        sd = facts.rhythm.codeless_log_sd(limits.rhythm_high_ms, limits.rhythm_keys)
        if sd is not None and sd < limits.rhythm_log_sd:
            found["even_without_code"] = "such keys came at more even intervals than hands press them"
    if seen.pastes_without_gesture:
        number = count(seen.pastes_without_gesture, "paste")
        found["pastes_without_gesture"] = f"{number} came without a shortcut, click, touch or menu just before"
    if seen.shifted_without_shift >= limits.capitals:
        found["shifted_without_shift"] = (
            f"{count(seen.shifted_without_shift, 'letter')} were shifted while no Shift key was pressed"
        )
    if fine and seen.clicks and not seen.moves:
        found["clicks_without_movement"] = f"{count(seen.clicks, 'click')} came from a pointer that never moved"
    if facts.touch and seen.clicks and not seen.touches:
        found["touch_without_touches"] = "a touch screen was clicked but never touched"
    return found
