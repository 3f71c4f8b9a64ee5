from keytrail.text.classifier.baselines import fit_baseline, length_figures
from keytrail.text.classifier.evaluation import evaluate
from keytrail.text.classifier.training import assign_folds
from tests.text import toycorpus


def test_folds_split_items_evenly_and_the_same_each_time() -> None:
    folds = assign_folds([f"i{number}" for number in range(11)] * 3, 5, 1)
    assert sorted(list(folds.values()).count(fold) for fold in range(5)) == [2, 2, 2, 2, 3]
    assert folds == assign_folds([f"i{number}" for number in reversed(range(11))], 5, 1)


def test_a_baseline_of_length_knows_length_alone() -> None:
    fitted = fit_baseline(length_figures, ["a b c"] * 5 + ["a b c d e f g h"] * 5, [True] * 5 + [False] * 5)
    assert fitted("x y") > 0.5 > fitted("x y z a b c d e f g")


def test_the_evaluation_reports_every_model_and_part() -> None:
    report = evaluate(toycorpus.items(), toycorpus.people(), toycorpus.generations(), folds=3, repeats=1)
    assert set(report.whole) == {"references", "style alone", "length", "typography"} == set(report.beginnings)
    assert report.whole["references"].texts == 88
    assert report.whole["references"].auc > 0.99
    assert set(report.rates) == {"references", "style alone"} == set(report.extract_alarms)
    assert all(alarm == 0 for alarms in report.extract_alarms.values() for alarm in alarms.values())
