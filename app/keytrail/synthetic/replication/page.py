"""Render the replication as a Markdown page."""

from collections.abc import Iterable, Sequence

from keytrail.provenance.formatting import percent
from keytrail.synthetic.prevalence.estimates import report_rows
from keytrail.synthetic.replication.criteria import criteria_of
from keytrail.synthetic.replication.material import MTURK, PROLIFIC
from keytrail.synthetic.replication.replication import PAPER_RANGE, Replication
from keytrail.synthetic.replication.wording import DIFFERENCES, HEAD, LIMITS, MISSED, SPLITS_TOLD
from keytrail.text.prevalence.report import PrevalenceReport

_WRITTEN = "The page is written by `keytrail replicate FOLDER`; do not edit it by hand."


def replication_page(found: Replication) -> str:
    """Render all figures beside the paper's and the follow-up's, with the differences and their reasons."""
    parts = [
        [HEAD, "", _WRITTEN, ""],
        _material(found),
        _criteria(found),
        _counts(found),
        _prevalence("By submission", found.field.by_submission),
        _prevalence("By worker", found.field.by_worker),
        _paper(found),
        _cross(found),
        ["## Where we differ, and why", "", DIFFERENCES],
        ["## What these figures cannot say", "", LIMITS],
    ]
    return "\n".join(line for part in parts for line in part)


def _material(found: Replication) -> list[str]:
    corpus, evaluation = found.lab.corpus, found.lab.evaluation
    references = sum(map(len, corpus.references.values()))
    return [
        "## Material",
        "",
        f"{len(corpus.items)} abstracts; {len(found.material.human)} summaries by people of 2018 and "
        f"{references + len(corpus.texts) - len(found.material.human)} distinct ones by gpt-3.5-turbo, of which "
        f"{references} are references and the others training examples for one half of the model, and the reverse for "
        "the other half. Field texts: "
        + " and ".join(f"{one.submissions} {name}" for name, one in found.field.scored.items())
        + f". Cross-validation: {evaluation.folds} folds by item, {evaluation.repeats} repeats.",
        "",
    ]


def _criteria(found: Replication) -> list[str]:
    criteria = criteria_of(found)
    rows = [(c.name, c.shown, c.asked, "yes" if c.met else "**no**", c.beside) for c in criteria]
    missed = [criterion.name for criterion in criteria if not criterion.met]
    unmet = [f"Not met: {', '.join(missed)}. {MISSED}", ""] if missed else []
    speed = "Speeds are processor time on the machine that generated this page."
    table = _table(("figure", "ours", "bound", "met", "for comparison"), rows)
    return ["## Figures", "", *table, "", speed, "", SPLITS_TOLD, "", *unmet]


def _counts(found: Replication) -> list[str]:
    mturk, prolific = found.field.scored[MTURK], found.field.scored[PROLIFIC]
    both = (mturk, prolific)
    rows = [
        ("submissions", *(str(one.submissions) for one in both)),
        ("pasted by the authors' rule", *(f"{one.paste_rule} of {one.submissions}" for one in both)),
        ("with a paste event", *(f"{one.paste_events} of {one.submissions}" for one in both)),
        ("mostly from outside the page", *(f"{one.external} of {one.submissions}" for one in both)),
        (
            "synthetic by the authors' classifier",
            *(f"{one.authors_synthetic} of {one.authors_judged}" for one in both),
        ),
        (
            "authors' classifier against the logs",
            *(
                f"finds {one.authors_rate.found} of {one.authors_rate.synthetic}, false alarms "
                f"{one.authors_rate.false_alarms} of {one.authors_rate.others}"
                for one in both
            ),
        ),
        *(
            (
                f"ours against the logs, threshold {percent(rate, 0)}",
                *(
                    f"finds {one.rates[rate].found} of {one.rates[rate].synthetic}, false alarms "
                    f"{one.rates[rate].false_alarms} of {one.rates[rate].others}"
                    for one in both
                ),
            )
            for rate in mturk.rates
        ),
        (
            "not assessable",
            *(", ".join(f"{number} {why}" for why, number in one.not_assessable.items()) for one in both),
        ),
    ]
    return [
        "## Field data",
        "",
        *_table(("", MTURK, PROLIFIC), rows),
        "",
        "Published for the whole batches: 43 of 48 pasted on MTurk, 86 of 158 on Prolific. Only parts were available.",
        "",
    ]


def _prevalence(title: str, report: PrevalenceReport) -> list[str]:
    listed = report_rows(report)
    rows = [
        (kind, e.name, f"{e.value:.3f}", f"[{e.interval.low:.3f}, {e.interval.high:.3f}]", str(e.units), e.method)
        for kind, e in listed
    ]
    assumptions = dict.fromkeys(sentence for _, estimate in listed for sentence in estimate.assumptions)
    return [
        f"## Prevalence: {title.lower()}",
        "",
        *_table(("estimate", "of", "share", "95 % interval", report.unit, "method"), rows),
        "",
        "Assumptions:",
        "",
        *(f"- {sentence}" for sentence in assumptions),
        "",
    ]


def _paper(found: Replication) -> list[str]:
    estimate, (low, high) = found.mturk_prevalence, PAPER_RANGE
    overlap = "overlaps" if estimate.interval.overlaps(low, high) else "does not overlap"
    rows = [
        ("MTurk, June 2023: the paper", "0.33 to 0.46", "two thresholds on one classifier, 15 and 21 of 46 texts"),
        (
            "MTurk, available rows: ours",
            f"{estimate.value:.2f} [{estimate.interval.low:.2f}, {estimate.interval.high:.2f}]",
            "two tests, without a gold standard",
        ),
        ("Prolific, July 2023: the follow-up, counted", "0.348 [0.273, 0.422]", "161 workers"),
        ("Prolific: the follow-up, corrected", "0.354 [0.278, 0.430]", "161 workers"),
    ]
    two = found.field.by_submission.two_tests
    prolific = [] if two is None else [e for e in two.prevalence if e.name == PROLIFIC]
    rows += [
        ("Prolific, available rows: ours", f"{e.value:.2f} [{e.interval.low:.2f}, {e.interval.high:.2f}]", "two tests")
        for e in prolific
    ]
    return [
        "## Compared with the paper and the follow-up",
        "",
        *_table(("whose", "share written by language models", "how"), rows),
        "",
        f"The two-test interval for MTurk {overlap} the paper's range.",
        "",
    ]


def _cross(found: Replication) -> list[str]:
    rows = [(*(str(part) for part in key), str(number)) for key, number in sorted(found.field.cross.items())]
    return [
        "## What the log shows by how the text reads",
        "",
        *_table(("study", "log", "text", "submissions"), rows),
        "",
        "Typed text that reads synthetic and pasted text that reads human call for different explanations.",
        "",
    ]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows),
    ]
