"""A made-up corpus: a dozen items, people who write one way and a machine that writes another."""

from collections.abc import Sequence

import numpy as np

from keytrail.text.classifier.corpus import Corpus, Label, TrainingText, build_corpus

ITEMS = 8
PEOPLE, GENERATIONS = 5, 12
_SYLLABLES = ("ba", "ko", "ri", "ta", "mel", "sun", "dor", "vi", "lan", "pes", "gu", "tor")
_HUMAN = (
    "So they took some {0} and gave it to a lot of {1} who had a {2}, and then they just looked at what it did.",
    "I think it was not very good for the {0} but it got a bit better when they put more {1} in.",
    "There were about {n} of them and most had some {2} before, which is why it did not do much.",
    "After that the {1} went up and nobody really knew why, so they did it all again with a {0}.",
    "It says that {2} is bad if you have it for long and that you should not have {0} with it.",
    "They also had a go at {1} for the ones that were still ill, but only {n} of these got well.",
    "In the end what they found is that {0} and {2} go together, or at least they think so.",
)
_MACHINE = (
    "The study examined the effectiveness of {0} in reducing {1} among individuals with {2}.",
    "Additionally, {0} was associated with a significantly lower incidence of {2} compared to {1}.",
    "A total of {n} participants were randomly assigned to receive either {0} or {1} during the trial.",
    "Furthermore, the findings suggest that {1} may potentially improve outcomes for patients with {2}.",
    "However, the researchers noted that {2} remained common, highlighting the importance of {0}.",
    "Overall, these results demonstrate that {0} is a promising approach to the management of {2}.",
    "Moreover, no significant differences in {1} were observed between the two groups, indicating safety.",
)
_ITEM = (
    "We enrolled {n} patients with {2} at several centres and gave them {0} or {1} by lot.",
    "The primary end point was death from {2} within {n} months of the first dose of {0}.",
    "The rate of {1} was {n} percent in the {0} group and {n} percent in the control group.",
    "Events of {2} were mild to moderate in intensity and resolved without further {1}.",
    "Among those with {1}, the hazard ratio for {2} with {0} was {n} in adjusted analyses.",
    "In conclusion, {0} given daily lowered the risk of {2} but not that of {1} in adults.",
)


def item_words(number: int) -> list[str]:
    random = np.random.default_rng([7, number])
    return ["".join(random.choice(_SYLLABLES, 3)) for _ in range(3)]


def _write(sentences: Sequence[str], number: int, seed: int, count: int) -> str:
    random = np.random.default_rng([number, seed])
    chosen = random.permutation(len(sentences))[:count]
    words = item_words(number)
    return " ".join(sentences[place].format(*random.permutation(words), n=random.integers(10, 900)) for place in chosen)


def item_id(number: int) -> str:
    return f"item-{number}"


def item_text(number: int) -> str:
    return _write(_ITEM, number, 0, len(_ITEM))


def human_text(number: int, seed: int) -> str:
    return _write(_HUMAN, number, 1000 + seed, 5)


def machine_text(number: int, seed: int) -> str:
    return _write(_MACHINE, number, 5000 + seed, 5)


def items() -> dict[str, str]:
    return {item_id(number): item_text(number) for number in range(ITEMS)}


def people() -> list[TrainingText]:
    return [
        TrainingText(item_id(number), human_text(number, seed), Label.HUMAN)
        for number in range(ITEMS)
        for seed in range(PEOPLE)
    ]


def generations() -> dict[str, list[str]]:
    return {item_id(number): [machine_text(number, seed) for seed in range(GENERATIONS)] for number in range(ITEMS)}


def toy_corpus(seed: int = 0) -> Corpus:
    return build_corpus(items(), people(), generations(), seed=seed)
