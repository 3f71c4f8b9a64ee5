"""Store a model as JSON: weights and thresholds by name, nothing executable. A transformer's weights are separate
files.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from keytrail.errors import BadRequest
from keytrail.text.classifier.calibration import Platt, Thresholds
from keytrail.text.classifier.card import FORMAT
from keytrail.text.classifier.heldout import ErrorTally
from keytrail.text.classifier.learning import Scorer
from keytrail.text.classifier.linear import LinearScorer
from keytrail.text.classifier.metrics import Figures
from keytrail.text.classifier.model import TextModel
from keytrail.text.classifier.training import CalibratedScorer, Member
from keytrail.text.classifier.transformer.scorer import TransformerScorer, stored_scorer


def model_to_json(model: TextModel) -> dict[str, Any]:
    """Return the model as JSON-ready data; floats keep every digit, so a stored model scores as before."""
    return {
        "format": FORMAT,
        "version": model.version,
        "card": dict(model.card),
        "own_study_keys": sorted(model.own_study_keys),
        "with_references": _scorer_to_json(model.with_references) if model.with_references else None,
        "without_references": _scorer_to_json(model.without_references),
    }


def model_from_json(data: Mapping[str, Any]) -> TextModel:
    """Restore the model from `model_to_json`. Raises BadRequest for another format."""
    if data.get("format") != FORMAT:
        raise BadRequest(f"The model has format {data.get('format')}; this version reads format {FORMAT}. Train anew.")
    referenced = data["with_references"]
    return TextModel(
        data["version"],
        _scorer_from_json(referenced) if referenced else None,
        _scorer_from_json(data["without_references"]),
        data["card"],
        frozenset(data["own_study_keys"]),
    )


def _scorer_to_json(calibrated: CalibratedScorer) -> dict[str, Any]:
    thresholds = calibrated.thresholds
    return {
        "members": [_member_to_json(member) for member in calibrated.members],
        "platt": asdict(calibrated.platt),
        "thresholds": asdict(thresholds) | {"synthetic_from": list(thresholds.synthetic_from.items())},
        "held_out": calibrated.held_out,
        "figures": asdict(calibrated.figures),
        "errors": [[rate, asdict(tally)] for rate, tally in calibrated.errors.items()],
        "extract_alarms": calibrated.extract_alarms,
    }


def _member_to_json(member: Member) -> dict[str, Any]:
    return {**_weights_to_json(member.scorer), "scale": asdict(member.scale)}


def _weights_to_json(scorer: Scorer) -> dict[str, Any]:
    if isinstance(scorer, TransformerScorer):
        return {"transformer": scorer.as_json()}
    assert isinstance(scorer, LinearScorer)  # noqa: S101 -- there are two kinds
    return {
        "weights": {run: [weight, scorer.rarity[run]] for run, weight in scorer.weights.items()},
        "general_words": sorted(scorer.general_words),
        "dense": {"mean": scorer.dense_mean, "spread": scorer.dense_spread, "weights": scorer.dense_weights},
        "intercept": scorer.intercept,
        "with_references": scorer.with_references,
    }


def _scorer_from_json(data: Mapping[str, Any]) -> CalibratedScorer:
    thresholds = data["thresholds"]
    return CalibratedScorer(
        tuple(_member_from_json(member) for member in data["members"]),
        Platt(**data["platt"]),
        Thresholds(**{**thresholds, "synthetic_from": dict(thresholds["synthetic_from"])}),
        dict(data["held_out"]),
        Figures(**data["figures"]),
        {rate: ErrorTally(**tally) for rate, tally in data["errors"]},
        data["extract_alarms"],
    )


def _member_from_json(data: Mapping[str, Any]) -> Member:
    return Member(_scorer_of(data), Platt(**data["scale"]))


def _scorer_of(data: Mapping[str, Any]) -> Scorer:
    if "transformer" in data:
        return stored_scorer(data["transformer"])
    dense = data["dense"]
    return LinearScorer(
        with_references=data["with_references"],
        general_words=frozenset(data["general_words"]),
        weights={run: pair[0] for run, pair in data["weights"].items()},
        rarity={run: pair[1] for run, pair in data["weights"].items()},
        dense_mean=tuple(dense["mean"]),
        dense_spread=tuple(dense["spread"]),
        dense_weights=tuple(dense["weights"]),
        intercept=data["intercept"],
    )
