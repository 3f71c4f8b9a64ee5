"""Scores do not depend on how a text was typed, pasted or exported; texts with errors, and truncated ones."""

from collections.abc import Callable

import numpy as np
import pytest

from keytrail.text.classifier.augment import truncated, with_typos
from keytrail.text.classifier.model import TextModel
from keytrail.text.items import ItemProfile
from keytrail.text.words.normalise import normalise
from tests.text import toycorpus

DISGUISES: dict[str, Callable[[str], str]] = {
    "normalised": normalise,
    "upper case": str.upper,
    "lower case": str.lower,
    "typographic": lambda text: text.replace("'", "\u2019").replace(" ", "\u00a0").replace(",", " ,\u200b"),
    "other line ends": lambda text: text.replace(". ", ".\r\n\r\n"),
    "Markdown": lambda text: "\n".join(f"* **{line[:9]}**{line[9:]}" for line in text.replace(". ", ".\n").split("\n")),
    "entities": lambda text: text.replace(". ", ".&#13;&#13;"),
}
WRITERS = {"people": toycorpus.human_text, "machine": toycorpus.machine_text}


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("writer", WRITERS)
def test_typography_and_case_change_no_score(
    disguise: str, writer: str, model: TextModel, profile: ItemProfile
) -> None:
    text = WRITERS[writer](0, 500)
    changed = DISGUISES[disguise](text)
    assert disguise == "normalised" or changed != text
    plain, disguised = model.assess(text, profile), model.assess(changed, profile)
    assert (disguised.probability, disguised.outcome) == (plain.probability, plain.outcome)


@pytest.mark.parametrize("spoil", [lambda text, random: with_typos(text, random, 0.04), truncated])
def test_errors_and_cuts_leave_most_verdicts_alone(
    spoil: Callable[[str, np.random.Generator], str], model: TextModel, profile: ItemProfile
) -> None:
    random = np.random.default_rng(2)
    for writer, likely in (("people", False), ("machine", True)):
        given = [model.assess(spoil(WRITERS[writer](0, seed), random), profile) for seed in range(600, 620)]
        same = [(judged.probability or 0) >= 0.5 for judged in given]
        assert same.count(likely) >= 18
