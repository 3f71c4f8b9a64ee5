"""The headline of the prevalence page, and the plot below it."""

from dataclasses import replace

from keytrail.requester.synthetic.estimators import ESTIMATOR_TEXTS, estimator_lines, estimator_notes
from keytrail.requester.synthetic.forest import ForestLine, forest_plot
from keytrail.requester.synthetic.headline import headline
from keytrail.text.prevalence.corrected import Counted, ErrorCounts
from keytrail.text.prevalence.intervals import Estimate, Interval
from keytrail.text.prevalence.observations import Observation
from keytrail.text.prevalence.recommendation import Estimator
from keytrail.text.prevalence.report import PrevalenceReport, prevalence_report, worker_report

ERRORS = ErrorCounts(Counted(190, 200), Counted(196, 200), "made-up texts")


def _reports(positive: int, units: int, unread: int = 0) -> tuple[PrevalenceReport, PrevalenceReport]:
    """Return reports with two texts by each worker; the last `unread` of them are not judged."""
    observations = [
        Observation("p", f"w{n // 2}", external=n < positive, llm_like=None if n >= units - unread else n < positive)
        for n in range(units)
    ]
    return prevalence_report(observations, ERRORS), worker_report(observations, ERRORS)


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_answer_is_one_sentence_about_texts_and_one_about_workers() -> None:
    found = headline(*_reports(60, 200))
    assert found is not None
    assert _plain(found.sentence).startswith("About 30 % of the 200 texts (")
    assert found.sentence.endswith("%) were probably written with a language model.")
    assert _plain(found.workers).startswith("About 30 % of the 100 workers (")
    assert "200 submissions (95 % interval " in found.paper
    assert "Rogan and Gladen, 1978" in found.paper
    assert "\u00a0" not in found.paper


def test_texts_that_could_not_be_judged_are_said() -> None:
    found = headline(*_reports(60, 200, unread=50))
    assert found is not None
    assert "of the 150 texts that could be judged (" in found.sentence


def test_without_a_recommended_estimate_the_log_is_told_and_why() -> None:
    observations = [Observation("p", f"w{n}", external=n < 30, llm_like=n < 30) for n in range(100)]
    unread = [replace(one, llm_like=None) for one in observations]
    for texts, why in ((observations, "rests on prior beliefs"), (unread, "needs a classifier")):
        found = headline(prevalence_report(texts), None)
        assert found is not None
        assert _plain(found.sentence).startswith("About 30 % of the 100 texts (")
        assert found.sentence.endswith("came from elsewhere for at least half of their length.")
        assert (found.paper, found.reason) == ("", "")
        assert why in found.caveat


def test_few_texts_get_a_range_and_none_found_is_no_certainty() -> None:
    few, none, some = headline(*_reports(2, 4)), headline(*_reports(0, 200)), headline(*_reports(4, 200))
    assert few is not None
    assert some is not None
    assert some.sentence.startswith("At most ")
    assert none is not None
    assert few.sentence.startswith("Between ")
    assert none.sentence.startswith("Less than 1")


def test_every_estimator_is_explained_once_with_its_own_assumptions() -> None:
    assert list(ESTIMATOR_TEXTS) == list(Estimator)
    reports = _reports(60, 200)
    notes = {note.text.name: note for note in estimator_notes(*reports)}
    assert [name for name, note in notes.items() if note.recommended] == ["Corrected count"]
    assert any("Lab and field error rates" in sentence for sentence in notes["Corrected count"].assumptions)
    assert not any("Lab and field error rates" in sentence for sentence in notes["Reads synthetic"].assumptions)
    assert [title for title, _ in estimator_lines(*reports)] == [
        "Counted",
        "Corrected for errors",
        "With prior beliefs",
    ]


def _estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate("made up", value, Interval(low, high), 10, "none", ())


def test_the_plot_is_drawn_on_an_axis_that_holds_every_interval() -> None:
    lines = [ForestLine("first", _estimate(0.2, 0.1, 0.33)), ForestLine("second", None, note="not comparable")]
    plot = forest_plot("made", "Made up", [("", lines)])
    assert plot is not None
    assert [tick.label for tick in plot.ticks] == ["0", "10", "20", "30", "40"]
    (first, second) = plot.groups[0].rows
    (mark,) = first.marks
    assert plot.ticks[0].x < mark.low < mark.at == plot.ticks[2].x < mark.high < plot.ticks[-1].x
    assert (second.marks, plot.units) == ([], ["submissions"])
    assert _plain(plot.description).endswith("first: 20 % (10 to 33 %) of submissions. second: not comparable.")
    assert forest_plot("none", "Nothing", [("", [lines[1]])]) is None
