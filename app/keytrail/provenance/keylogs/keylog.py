"""Analyse key logs: key, paste and copy events only.

Such a log has no caret, no input events and no key release, so edits cannot be replayed. The final text is attributed
by alignment (alignment.py) with what was typed and pasted; what neither explains is `unknown`. The report says so in
`integrity["by_alignment"]`.
"""

from collections.abc import Sequence

from keytrail.provenance.analysis import report_of
from keytrail.provenance.budget import Budget
from keytrail.provenance.keylogs.alignment import Alignment
from keytrail.provenance.keylogs.keycopies import idle_after, read_copies
from keytrail.provenance.keylogs.keystream import KeyStream, read_keys
from keytrail.provenance.keylogs.logged import KeyLog, LoggedCopy, LoggedPaste
from keytrail.provenance.kinds import Origin
from keytrail.provenance.limits import Limits
from keytrail.provenance.matching.passages import Passages
from keytrail.provenance.matching.tiling import Run, TiledText
from keytrail.provenance.replay.ledger import Record, resolved
from keytrail.provenance.report import Report
from keytrail.provenance.rules.facts import Clip, Facts, Integrity
from keytrail.provenance.rules.rhythm import Rhythm
from keytrail.provenance.spans import spans_of
from keytrail.provenance.units import line_ends, to_units

_OWN_RUN = 8
_OWN_COVER = 0.5
"""If long own passages make up half of a paste, or short ones nearly all of it, it was cut or copied from the answer,
and short ones count too."""
_BETWEEN = "\2"
COMPLETED = 3
"""Units that one hidden key may stand for: a word of five letters and its space, begun with one key and accepted with
another."""


def analyse_keylog(log: KeyLog, limits: Limits = Limits()) -> Report:  # noqa: B008 - Limits is immutable
    """Return the report of a key log; findings that need more than such a log has do not apply."""
    final = to_units(line_ends(log.final_text))
    first_ms = min((item.at_ms for item in log.items if item.at_ms is not None), default=0)
    start_ms = first_ms if log.start_ms is None else min(log.start_ms, first_ms)
    stream = read_keys(log.items, start_ms)
    reader = _Pastes(log, limits, start_ms)
    pasted, records = reader.read()
    copies = read_copies(log, stream, pasted, start_ms)
    alignment = Alignment(final, stream.chars, stream.remaining, pasted)
    facts = Facts(
        text=final,
        spans=spans_of(_records(alignment, stream, records)),
        item_text=to_units(line_ends(log.item_text)),
        rhythm=Rhythm(stream.presses),
        integrity=Integrity(by_alignment=True, ended=False, events=len(log.items)),
        copies=copies,
        pastes=[
            Clip(max(0, item.at_ms - start_ms), "paste", "", len(to_units(line_ends(item.text))))
            for item in log.items
            if isinstance(item, LoggedPaste)
        ],
        absences=idle_after(copies, log, start_ms),
        foreign=reader.foreign,
        typed_ms=stream.fresh_ms,
        paste_lags_ms=stream.paste_lags_ms,
        duration_ms=max((item.at_ms for item in log.items if item.at_ms is not None), default=start_ms) - start_ms,
        touch=stream.hidden > len(stream.chars),
    )
    return report_of(facts, limits)


def _records(alignment: Alignment, stream: KeyStream, pasted: Sequence[Record | None]) -> list[Record]:
    """Return one record for each unit; a phone's hidden keys account for the rest if there are enough of them.

    A keyboard that completes words sends fewer keydowns than units.
    """
    unknown = Record(Origin.UNKNOWN, 0, "", 0)
    records: list[Record] = []
    for place, number, corrected in zip(alignment.paste, alignment.key, alignment.corrected, strict=True):
        record = None if place is None else pasted[place]
        if number is not None:
            record = Record(Origin.TYPED, stream.times_ms[number], "key", 0, None, number)
        elif corrected:
            record = Record(Origin.ASSIST, records[-1].at_ms if records else 0, "key", 0)
        records.append(record or unknown)
    left = sum(record is unknown for record in records)
    if 0 < left <= COMPLETED * stream.hidden:
        hidden = Record(Origin.IME, 0, "key", 0)
        return [hidden if record is unknown else record for record in records]
    return records


class _Pastes:
    """The pastes of a log, in order: each unit is moved own text, the item's, or external."""

    def __init__(self, log: KeyLog, limits: Limits, start_ms: int) -> None:
        self._log = log
        self._start_ms = start_ms
        self._limits = limits
        self._passages = Passages(to_units(line_ends(log.item_text)), to_units(line_ends(log.instructions)), limits)
        self._budget = Budget()
        self._text = ""
        self._records: list[Record | None] = []
        self._copied: set[str] = set()
        self.foreign: list[str] = []

    def read(self) -> tuple[str, Sequence[Record | None]]:
        """Return all pasted text with separators, and the record of each unit (None for separators)."""
        for number, item in enumerate(self._log.items):
            if isinstance(item, LoggedPaste):
                text = to_units(line_ends(item.text))
                records = self._records_of(text, number, max(0, item.at_ms - self._start_ms))
                self._text += text + _BETWEEN
                if all(record.origin is Origin.EXTERNAL for record in records):
                    self.foreign.append(text)
                self._records += [*records, None]
            elif isinstance(item, LoggedCopy):
                self._copied.add(" ".join(item.text.split()))
        return self._text, self._records

    def _records_of(self, text: str, number: int, at_ms: int) -> list[Record]:
        self._budget.earn(0, len(text) + len(self._log.items))
        external = Record(Origin.EXTERNAL, at_ms, "paste", 0)
        records = [external] * len(text)
        copied = " ".join(text.split()) in self._copied
        source = Record(Origin.SOURCE, at_ms, "paste", 0)
        for start, stop in self._passages.within(text, self._budget, copied=copied):
            records[start:stop] = [source] * (stop - start)
        return records if records[:1] == [source] else self._own(text, number, at_ms, records)

    def _own(self, text: str, number: int, at_ms: int, records: list[Record]) -> list[Record]:
        """Find own text as far as long passages of it match; short ones count only beside these."""
        stream = read_keys(self._log.items[:number], self._start_ms)
        typed = stream.remaining_text + _BETWEEN + stream.text + _BETWEEN
        runs = TiledText(typed + self._text, self._limits.moved_run).runs(text)
        short = TiledText(typed + self._text, _OWN_RUN).runs(text)
        if _cover(runs) >= _OWN_COVER * len(text) or _cover(short) >= self._limits.source_cover * len(text):
            runs = short
        for run in runs:
            for at in range(run.start, run.end):
                place = run.at + at - run.start - len(typed)
                before = self._records[place] if place >= 0 else None
                inherited = Origin.TYPED if before is None else resolved(before)
                records[at] = Record(Origin.MOVED, at_ms, "paste", 0, inherited)
        return records


def _cover(runs: Sequence[Run]) -> int:
    return sum(run.end - run.start for run in runs)
