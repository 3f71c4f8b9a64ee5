"""A session's likeness to copying out with its measures, whether or not the rule fired."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from keytrail.provenance import ANALYSIS_VERSION, Limits
from keytrail.synthetic.rules import rule_title
from keytrail.web.formatting import decimal, percent

_RULE: Final = "linear_production"
_SHARES: Final = {
    "pause_share": "time in pauses over 2 s",
    "deleted_share": "of what came in was erased",
    "away_from_edge_share": "came in before the end of the text",
}
_SECONDS: Final = {"mean_pause_ms": "mean pause over 0.2 s", "sentence_pause_ms": "mean pause before a sentence"}


@dataclass(frozen=True)
class Copying:
    """`likeness` is empty where it is not judged; `reason` then says why. `threshold` is empty for another version's.

    `measures` are names with values. `others` is for the writer's other sessions, likewise; empty as long as nothing
    compares them.
    """

    likeness: str
    threshold: str
    reason: str
    measures: Sequence[tuple[str, str]]
    others: Sequence[tuple[str, str]] = ()


def copying_of(measures: Mapping[str, Any], version: str = ANALYSIS_VERSION) -> Copying | None:
    """Return it from the measures of a report and its analysis version; None for a report that has no likeness.

    Models of other versions have other scales, so the present threshold is not for their likeness.
    """
    if "copying_likeness" not in measures:
        return None
    likeness = measures["copying_likeness"]
    shown = [(name, percent(value)) for key, name in _SHARES.items() if (value := measures.get(key)) is not None]
    shown += [
        (name, f"{decimal(ms / 1000, 1)} s") for key, name in _SECONDS.items() if (ms := measures.get(key)) is not None
    ]
    if (speed := measures.get("words_per_minute")) is not None:
        shown.append(("words a minute, pauses included", decimal(speed, 0)))
    return Copying(
        likeness="" if likeness is None else percent(likeness),
        threshold=percent(Limits().linear_likeness) if version == ANALYSIS_VERSION else "",
        reason=measures.get("not_judged", {}).get(_RULE, "a measure that it needs is missing"),
        measures=shown,
    )


def not_judged(measures: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the rules that could not be applied, by title, with the reasons; the one of copying out is shown
    separately.
    """
    reasons: Mapping[str, str] = measures.get("not_judged", {})
    return [(rule_title(rule), reason) for rule, reason in reasons.items() if rule != _RULE]
