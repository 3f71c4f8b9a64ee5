"""Print the time of training, scoring, similarity and prevalence: `python -m benchmarks.text_cost`.

It asserts nothing, because a busy machine would make it fail. The targets are 5 ms for scoring a text, 30 s for
training on 450 texts and 60 s for comparing 10,000 texts. Texts are generated, about 120 words each, 20 items.
"""

import random
import sys
from collections.abc import Callable
from time import process_time

from keytrail.text.classifier.corpus import Label, TrainingText, build_corpus
from keytrail.text.classifier.model import TextModel, train_model
from keytrail.text.classifier.samples import scoring_profiles
from keytrail.text.cross_submission.similarity import near_duplicates
from keytrail.text.prevalence.two_tests import TwoTestTable, two_test_estimate
from keytrail.text.words.vocabulary import FUNCTION_WORDS

ITEMS, PEOPLE, GENERATIONS = 20, 12, 21
"""12 texts by people and 11 of 21 generations on each of 20 items: 460 texts to train on."""
SCORED, COMPARED = 400, 10_000
_FUNCTION = sorted(FUNCTION_WORDS)
_PREFERRED = {Label.HUMAN: _FUNCTION[::2], Label.LLM: _FUNCTION[1::3]}
_ENDINGS = ("ed", "ing", "tion", "s", "ly", "", "", "")


def made_up(rng: random.Random, topic: list[str], style: list[str], words: int = 120) -> str:
    """Return sentences of a topic's words and a style's function words."""
    text = [rng.choice(style) if rng.random() < 0.5 else rng.choice(topic) for _ in range(words)]  # noqa: PLR2004 - half
    for place in range(14, words, 15):
        text[place] += "."
    return " ".join(text)


def topics(rng: random.Random) -> list[list[str]]:
    """Return the words of each item."""
    letters = "abcdefghiklmnoprstuvw"
    return [
        ["".join(rng.choices(letters, k=rng.randint(4, 8))) + rng.choice(_ENDINGS) for _ in range(150)]
        for _ in range(ITEMS)
    ]


def seconds(task: Callable[[], object]) -> float:
    """Return the CPU seconds of one run."""
    started = process_time()
    task()
    return process_time() - started


def main() -> None:
    """Print one line for each cost."""
    rng = random.Random(1)
    of_item = topics(rng)
    items = {f"item {n}": made_up(rng, topic, _FUNCTION, 300) for n, topic in enumerate(of_item)}
    people = [
        TrainingText(f"item {n}", made_up(rng, topic, _PREFERRED[Label.HUMAN]), Label.HUMAN)
        for n, topic in enumerate(of_item)
        for _ in range(PEOPLE)
    ]
    generated = {
        f"item {n}": [made_up(rng, topic, _PREFERRED[Label.LLM]) for _ in range(GENERATIONS)]
        for n, topic in enumerate(of_item)
    }
    corpus = build_corpus(items, people, generated)
    trained: list[TextModel] = []
    cost = seconds(lambda: trained.append(train_model(corpus)))
    sys.stdout.write(f"training on {len(corpus.texts)} texts: {cost:.1f} s\n")

    profile = scoring_profiles(corpus)["item 0"]
    texts = [made_up(rng, of_item[0], _FUNCTION) for _ in range(SCORED)]
    cost = seconds(lambda: [trained[0].assess(text, profile) for text in texts])
    sys.stdout.write(f"scoring a text with references: {1000 * cost / SCORED:.2f} ms\n")

    cost = seconds(lambda: scoring_profiles(corpus))
    sys.stdout.write(f"preparing an item with {GENERATIONS} generations in two halves: {1000 * cost / ITEMS:.0f} ms\n")

    many = {str(n): made_up(rng, rng.choice(of_item), _FUNCTION) for n in range(COMPARED)}
    cost = seconds(lambda: near_duplicates(many))
    sys.stdout.write(f"near-duplicates among {COMPARED} texts: {cost:.1f} s\n")

    tables = [TwoTestTable("a", 20, 4, 5, 60), TwoTestTable("b", 8, 2, 6, 70)]
    sys.stdout.write(f"two-test estimate: {seconds(lambda: two_test_estimate(tables)):.1f} s\n")


if __name__ == "__main__":
    main()
