"""The charts of a study's overview."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from keytrail.requester.overview.charts import Bar, Chart, stacked, ticks
from keytrail.requester.queue.filter_form import ChosenFilters
from keytrail.requester.wording import SEVERITIES, VERDICTS
from keytrail.review.figures.overview import ARRIVED_BINS, DAY, MINUTE_BINS, Period, period_end
from keytrail.review.queue.filters import Range
from keytrail.synthetic.rules import rule_title
from keytrail.web.formatting import counted, number, percent

_FEWEST_BARS = 8
# With more bars than this there is no room for figures over them.
_ROOMY = 20


def progress_chart(home: str, periods: Sequence[Period], zone: str) -> Chart:
    """Submissions over time, stacked by verdict."""
    most = max((sum(period.counts.values()) for period in periods), default=0)
    labels = _ticks(periods)
    bars = [
        Bar(
            label=_when(period),
            description=counted(sum(period.counts.values()), "submission"),
            url=_within(period, zone).address(home),
            segments=stacked({f"v-{key}": period.counts.get(key, 0) for key in VERDICTS}, most),
            tick=tick,
            top=number(sum(period.counts.values())) if period.counts and len(periods) <= _ROOMY else "",
        )
        for period, tick in zip(periods, labels, strict=True)
    ]
    return Chart(
        id="progress",
        title="Submissions over time",
        explanation=f"By the time they came in ({zone}). Each bar leads to its submissions.",
        bars=bars,
        key=[(f"v-{key}", word.label) for key, word in VERDICTS.items() if any(p.counts.get(key) for p in periods)],
        columns=["From", *(word.label for word in VERDICTS.values())],
        rows=[[_when(p), *(number(p.counts.get(key, 0)) for key in VERDICTS)] for p in periods],
    )


def arrived_chart(home: str, counts: Sequence[int]) -> Chart:
    """Chart the distribution of text that arrived without typing."""
    labels = [_arrived_label(within) for within in ARRIVED_BINS]
    most = max(counts, default=0)
    return Chart(
        id="arrived",
        title="Text that arrived without typing",
        explanation="Submissions by the share of their text that did. Passages from the item are reported separately.",
        bars=[
            Bar(
                label=f"{label} without typing",
                description=counted(count, "submission"),
                url=ChosenFilters(arrived=_query(within)).address(home),
                segments=stacked({"plain": count}, most),
                tick=label,
                top=number(count) if count else "",
            )
            for within, label, count in zip(ARRIVED_BINS, labels, counts, strict=True)
        ],
        key=[],
        columns=["Share without typing", "Submissions"],
        rows=[[label, number(count)] for label, count in zip(labels, counts, strict=True)],
    )


def minutes_chart(home: str, counts: Sequence[int]) -> Chart:
    """Chart the time on task, from the first event of the log to the last, by MINUTE_BINS."""
    # No empty bars behind the longest session, but a scale of a quarter of an hour at least.
    used = max([at + 1 for at, count in enumerate(counts) if count] + [_FEWEST_BARS])
    bins, counts = MINUTE_BINS[:used], counts[:used]
    labels = [f"{b.over or 0:.0f}–{b.upto:.0f}" if b.upto else f"over {b.over:.0f}" for b in bins]  # noqa: RUF001  # a range
    shown = ticks(len(bins), 16)
    return Chart(
        id="minutes",
        title="Minutes on the task",
        explanation="From the first event of the log to the last.",
        bars=[
            Bar(
                label=f"{label} minutes",
                description=counted(count, "submission"),
                url=ChosenFilters(minutes=_query(within)).address(home),
                segments=stacked({"plain": count}, max(counts)),
                tick=label if tick else "",
                top=number(count) if count else "",
            )
            for within, label, count, tick in zip(bins, labels, counts, shown, strict=True)
        ],
        key=[],
        columns=["Minutes", "Submissions"],
        rows=[[label, number(count)] for label, count in zip(labels, counts, strict=True)],
    )


def findings_chart(home: str, findings: Mapping[str, Mapping[str, int]], analysed: int) -> Chart:
    """Chart findings by rule, most frequent first."""
    ordered = sorted(findings.items(), key=lambda entry: (-sum(entry[1].values()), entry[0]))
    most = max((sum(counts.values()) for counts in findings.values()), default=0)
    return Chart(
        id="findings",
        title="Findings",
        explanation="Submissions with each finding. One submission may have several.",
        bars=[
            Bar(
                label=rule_title(rule),
                description=f"{number(sum(counts.values()))} ({percent(sum(counts.values()) / max(analysed, 1))})",
                url=ChosenFilters(finding=rule).address(home),
                segments=stacked({f"s-{key}": counts.get(key, 0) for key in SEVERITIES}, most),
            )
            for rule, counts in ordered
        ],
        key=[(f"s-{key}", label) for key, label in SEVERITIES.items()],
        columns=["Finding", *SEVERITIES.values()],
        rows=[[rule_title(rule), *(number(counts.get(key, 0)) for key in SEVERITIES)] for rule, counts in ordered],
    )


def _when(period: Period) -> str:
    return f"{period.start:%Y-%m-%d}" if period.seconds >= DAY else f"{period.start:%Y-%m-%d %H:%M}"


def _ticks(periods: Sequence[Period]) -> list[str]:
    """Return labels at the start of each day; within two days also hours."""
    days = [f"{period.start.day} {period.start:%b}" for period in periods]
    begins = [at for at, day in enumerate(days) if at == 0 or day != days[at - 1]]
    if len(begins) > 2:  # noqa: PLR2004  # days in full view
        labelled = {at for at, shown in zip(begins, ticks(len(begins)), strict=True) if shown}
        return [day if at in labelled else "" for at, day in enumerate(days)]
    hours = [day if at in begins else f"{periods[at].start:%H:%M}" for at, day in enumerate(days)]
    return [label if shown else "" for label, shown in zip(hours, ticks(len(periods)), strict=True)]


def _within(period: Period, zone: str) -> ChosenFilters:
    end = period_end(period)
    if period.seconds < DAY:
        return ChosenFilters(since=f"{period.start:%Y-%m-%dT%H:%M}", until=f"{end:%Y-%m-%dT%H:%M}", zone=zone)
    return ChosenFilters(since=f"{period.start:%Y-%m-%d}", until=f"{end - timedelta(seconds=1):%Y-%m-%d}", zone=zone)


def _arrived_label(within: Range) -> str:
    if within.over is None:
        return "0\u00a0%"
    if within.upto is None:
        return "100\u00a0%"
    return f"{within.over:.0f}–{within.upto:.0f}"  # noqa: RUF001  # a range


def _query(within: Range) -> str:
    over = "" if within.over is None else f"{within.over:g}"
    return f"{over}-{'' if within.upto is None else f'{within.upto:g}'}"
