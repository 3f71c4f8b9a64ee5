"""`keytrail power`: plan a comparison of conditions."""

from typing import Annotated

import typer


def power(
    baseline: Annotated[
        float, typer.Option(help="Share of texts written by language models without the measure.")
    ] = 0.3,
    ratio: Annotated[
        float, typer.Option(help="Fraction of that share that remains with the measure; 0.5 halves it.")
    ] = 0.5,
    chance: Annotated[float, typer.Option("--power", help="Chance of detecting the effect.")] = 0.8,
    comparisons: Annotated[int, typer.Option(help="Conditions compared with the first.")] = 1,
    texts_per_worker: Annotated[float, typer.Option(help="Submissions by each worker.")] = 1,
    within_worker: Annotated[float, typer.Option(help="Correlation of one worker's results.")] = 0,
    sensitivity: Annotated[
        float, typer.Option(help="Sensitivity: share of texts by models that the test finds.")
    ] = 0.89,
    specificity: Annotated[float, typer.Option(help="Specificity: share of texts by people that it clears.")] = 0.92,
) -> None:
    """Compute how many workers are needed to detect a condition's effect. Default error rates: the 2023 studies."""
    from keytrail.provenance.formatting import percent
    from keytrail.text.prevalence.power import PowerPlan, workers_needed

    plan = PowerPlan(
        baseline=baseline,
        ratio=ratio,
        power=chance,
        comparisons=comparisons,
        submissions_per_worker=texts_per_worker,
        within_worker=within_worker,
        sensitivity=sensitivity,
        specificity=specificity,
    )
    answer = workers_needed(plan)
    print(f"{answer.workers_per_condition} workers in each condition, {answer.workers_in_all} in total.")
    without, with_it = (percent(share, 1) for share in answer.shares)
    print(f"The test would count {without} without the measure and {with_it} with it.")
    for sentence in answer.assumptions:
        print(f"- {sentence}")
