"""Measures of labelled sets, for other modules that train on them."""

from pathlib import Path

from keytrail.evaluation.judging import counts, report_of
from keytrail.evaluation.reading import find
from keytrail.evaluation.tables import MeasuredRow


def honest_rows(folder: Path) -> list[MeasuredRow]:
    """Return the measures of a folder's honest sessions, as the analysis stores them."""
    rows = []
    for one in find([folder]).sessions:
        report = report_of(one.session)
        if one.label.honest is False or not counts(one, report):
            continue
        writer = one.label.writer or one.session.worker
        rows.append(
            MeasuredRow(
                dataset=one.dataset,
                writer=writer,
                pair=f"{one.dataset}/{writer}",
                honest=True,
                words=report.measures["words"] if report.measures["copying_likeness"] is not None else 0,
                measures=report.measures,
                groups=one.label.groups,
            )
        )
    return rows
