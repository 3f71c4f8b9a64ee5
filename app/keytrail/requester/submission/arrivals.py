"""Arrivals of text without typing, each listed once: its place in the text, and the clipboard's content."""

from collections.abc import Sequence
from dataclasses import dataclass

from keytrail.requester.submission.evidence import ShownRun
from keytrail.requester.submission.replay import ShownClip
from keytrail.web.formatting import counted


@dataclass(frozen=True)
class ShownArrival:
    """One paste, drop or other arrival. `marks` are the numbers of its runs in the text, none if nothing of it is left.

    `excerpt` is the beginning of its text where there is no clipboard to show in full.
    """

    marks: Sequence[int]
    look: str
    label: str
    size: str
    when: str
    t_ms: int | None
    excerpt: str
    clip: ShownClip | None


def arrivals_of(runs: Sequence[ShownRun], clips: Sequence[ShownClip]) -> Sequence[ShownArrival]:
    """In the order in which they came; what has no known time comes last. `runs` are those with a mark."""
    of_clip = {clip.t_ms: [run for run in runs if run.first_ms == clip.t_ms] for clip in clips}
    listed = {run.mark for own in of_clip.values() for run in own}
    found = [
        *(_clip(clip, of_clip[clip.t_ms]) for clip in clips),
        *(_run(run) for run in runs if run.mark not in listed),
    ]
    return sorted(found, key=lambda one: (one.t_ms is None, one.t_ms or 0))


def _clip(clip: ShownClip, runs: Sequence[ShownRun]) -> ShownArrival:
    size = f"{clip.size}, {clip.survived} still in the text"
    return ShownArrival([run.mark for run in runs], clip.look, clip.word.label, size, clip.clock, clip.t_ms, "", clip)


def _run(run: ShownRun) -> ShownArrival:
    size = counted(run.end - run.start, "character")
    return ShownArrival([run.mark], run.look, run.label, size, run.when, run.first_ms, run.text, None)
