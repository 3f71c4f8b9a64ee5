"""The model card: training data, performance on unseen items, and limits."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from keytrail.provenance.formatting import count, percent
from keytrail.text.classifier.corpus import Corpus, CorpusSource, Label, text_key
from keytrail.text.classifier.heldout import ENOUGH_LAB_PEOPLE
from keytrail.text.classifier.training import CalibratedScorer

FORMAT = 3
"""Format of the stored model; other formats are refused."""
LIMITS = (
    "A score says how a text reads, not who wrote it, and decides nothing alone.",
    "People who write in a language that is not their first, or write careful plain prose, are misjudged more often.",
    "Synthetic text that was edited or rewritten is missed more often.",
    "Rates hold for texts like those trained on: the same kind of task and items, language models of the same time.",
    "Generate fresh references when new language models come into use.",
    "Probabilities assume that half of all texts are synthetic; where fewer are, fewer of the flagged ones are.",
    "English only; texts under 40 words, off topic or copied from the item are not assessed.",
    "The topic check detects texts about something else entirely, not those about a neighbouring topic.",
)
_THRESHOLD_HEAD = ("model", "false alarms", "LLM-like from", "human-like below", "synthetic found", "people cleared")
_TWO_MODELS = (
    "With references there are two models: a reference of one is an example of the other, and no text is both for the",
    "same model.",
)
TRANSFORMER_LIMIT = (
    "A transformer used the words only. It adapts to the lab more easily than the built-in model, so figures on "
    "held-out items may be better than those in a study."
)
OWN_STUDY_LIMIT = (
    "Sessions of a study labelled by their own logs were trained on. They are scored by models that had not seen their "
    "item, and must be left out where the classifier is compared with the log."
)
FEW_LAB_LIMIT = (
    "There were fewer than 30 lab texts by people, so the error rates come from labels by logs: a typed text that was "
    "copied from another screen counts as a person's, and the two-test estimate must not be used with this model."
)


def model_card(
    corpus: Corpus, scorers: Mapping[bool, CalibratedScorer], seed: int, checkpoint: tuple[str, str] | None = None
) -> dict[str, Any]:
    """Return the card as data; `version` names the format and the training texts, so equal trainings have equal
    versions.

    `checkpoint` is the name and digest of the checkpoint that a transformer was tuned from.
    """
    return {
        "version": _version(corpus, seed, checkpoint),
        "format": FORMAT,
        "seed": seed,
        "training": _training(corpus),
        "reference_origins": [asdict(origin) for origin in corpus.origins],
        "checkpoint": None if checkpoint is None else {"name": checkpoint[0], "sha256": checkpoint[1]},
        "figures": {_name(scorer): _figures(scorer) for scorer in scorers.values()},
        "limits": _limits(corpus, transformer=checkpoint is not None),
    }


def main_figures(card: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of the preferred model: with references, if there is one."""
    figures: dict[str, dict[str, Any]] = card["figures"]
    return figures["references"] if "references" in figures else next(iter(figures.values()))


def card_markdown(card: Mapping[str, Any]) -> str:
    """Return the model card (`card` as stored with the model) as Markdown."""
    training = card["training"]
    lines = [
        f"# Text model {card['version']}",
        "",
        f"Trained on {count(training['items'], 'item')}: {count(training['human'], 'text')} by people,",
        f"{training['llm']} by models;",
        f"{training['references']} further generations served as references.",
        *_how(card),
        f"{training['own_study']} of the texts are sessions of the study itself, labelled by their logs.",
        "",
        *_origin_lines(card["reference_origins"]),
        "## On items held out",
        "",
        "| model | texts | accuracy | macro-F1 | AUC | calibration error | extracts taken for synthetic |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, figures in card["figures"].items():
        cells = (figures[key] for key in ("accuracy", "macro_f1", "auc", "calibration_error", "extract_alarms"))
        lines.append(f"| {name} | {figures['texts']} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |")
    lines += ["", "## Thresholds", "", f"| {' | '.join(_THRESHOLD_HEAD)} |", "|" + "---|" * len(_THRESHOLD_HEAD)]
    for name, figures in card["figures"].items():
        for rate, threshold in figures["thresholds"]["synthetic_from"].items():
            below = min(figures["thresholds"]["human_below"], threshold)
            tally = figures["errors"][rate]
            counts = f"{tally['found']} of {tally['synthetic']} | {tally['cleared']} of {tally['people']}"
            lines.append(f"| {name} | {percent(float(rate), 0)} | {threshold:.3f} | {below:.3f} | {counts} |")
    return "\n".join([*lines, "", "## Limits", "", *(f"- {limit}" for limit in card["limits"]), ""])


def _how(card: Mapping[str, Any]) -> tuple[str, ...]:
    checkpoint = card.get("checkpoint")
    if checkpoint is None:
        return _TWO_MODELS
    return (f"A transformer, fine-tuned from the checkpoint {checkpoint['name']} (SHA-256 {checkpoint['sha256']}).",)


def _origin_lines(origins: list[dict[str, Any]]) -> list[str]:
    if not origins:
        return ["How the generations were made was not recorded.", ""]
    head = ["| language model | prompts | temperature | made on | texts |", "|---|---|---|---|---|"]
    rows = ["| " + " | ".join(str(value).replace("|", "/") for value in origin.values()) + " |" for origin in origins]
    return [*head, *rows, ""]


def _version(corpus: Corpus, seed: int, checkpoint: tuple[str, str] | None) -> str:
    content = sorted(f"{text.item_id} {text.label} {text.source} {text_key(text.text)}" for text in corpus.texts)
    content += sorted(f"{item} {text_key(text)}" for item, texts in corpus.references.items() for text in texts)
    named = [seed, content] if checkpoint is None else [seed, content, checkpoint[1]]
    return f"{FORMAT}-{hashlib.sha256(json.dumps(named).encode()).hexdigest()[:12]}"


def _training(corpus: Corpus) -> dict[str, int]:
    labels = Counter(text.label for text in corpus.texts)
    return {
        "items": len(corpus.items),
        "human": labels[Label.HUMAN],
        "llm": labels[Label.LLM],
        "own_study": sum(text.source is CorpusSource.OWN_STUDY for text in corpus.texts),
        "references": sum(map(len, corpus.references.values())),
        "items_with_references": sum(1 for texts in corpus.references.values() if texts),
    }


def _figures(scorer: CalibratedScorer) -> dict[str, Any]:
    thresholds = scorer.thresholds
    return {
        **scorer.figures.as_json(),
        "extract_alarms": scorer.extract_alarms,
        "thresholds": {
            "synthetic_from": {str(rate): bound for rate, bound in thresholds.synthetic_from.items()},
            "human_below": thresholds.human_below,
        },
        "errors": {str(rate): asdict(tally) for rate, tally in scorer.errors.items()},
        "texts_behind_thresholds": {"honest": thresholds.honest_texts, "synthetic": thresholds.synthetic_texts},
    }


def _name(scorer: CalibratedScorer) -> str:
    return scorer.basis.replace("_", " ")


def _limits(corpus: Corpus, *, transformer: bool) -> list[str]:
    limits = [*LIMITS, TRANSFORMER_LIMIT] if transformer else list(LIMITS)
    if any(text.source is CorpusSource.OWN_STUDY for text in corpus.texts):
        limits.append(OWN_STUDY_LIMIT)
    people = sum(text.source is CorpusSource.LAB and text.label is Label.HUMAN for text in corpus.texts)
    if people < ENOUGH_LAB_PEOPLE:
        limits.append(FEW_LAB_LIMIT)
    return limits
