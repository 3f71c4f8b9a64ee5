"""The training corpus by item, and the split of generations into references and examples."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from keytrail.errors import BadRequest
from keytrail.provenance.formatting import count
from keytrail.text.words.tokens import tokens_of


class Label(StrEnum):
    """The author of a training text."""

    HUMAN = "human"
    LLM = "llm"


class CorpusSource(StrEnum):
    """How the label is known."""

    LAB = "lab"
    """Generated for the purpose, or written by people before language models were available."""
    OWN_STUDY = "own_study"
    """Labelled by the log of a study's own session: typed, or external after copying out."""


@dataclass(frozen=True)
class TrainingText:
    """One labelled text. Texts about the same item are never split between training and testing."""

    item_id: str
    text: str
    label: Label
    source: CorpusSource = CorpusSource.LAB


@dataclass(frozen=True)
class ReferenceOrigin:
    """How one batch of generations was made, for the model card."""

    model: str
    prompts: int
    temperature: float | None
    made_on: str
    """The day of the generations, as YYYY-MM-DD."""
    texts: int


@dataclass(frozen=True)
class Corpus:
    """Items, labelled texts about them, and reference texts, which are none of the labelled ones."""

    items: Mapping[str, str]
    texts: Sequence[TrainingText]
    references: Mapping[str, Sequence[str]] = field(default_factory=dict)
    origins: Sequence[ReferenceOrigin] = ()

    def __post_init__(self) -> None:
        unknown = {text.item_id for text in self.texts} - set(self.items)
        if unknown:
            raise BadRequest(f"Texts name items that are not there: {', '.join(sorted(unknown))}.")
        both = {text_key(reference) for references in self.references.values() for reference in references} & {
            text_key(text.text) for text in self.texts
        }
        if both:
            raise BadRequest(
                f"{count(len(both), 'text is', 'texts are')} both a reference and a training text; it can only be one."
            )


def mirrored(corpus: Corpus) -> Corpus:
    """Return the corpus with the two halves of its generations exchanged.

    A model half trained on it has every reference of the other half as an example, and the reverse: all generations are
    used both ways, and none is both for the same half.
    """
    examples = [text for text in corpus.texts if text.label is Label.LLM and text.source is CorpusSource.LAB]
    references: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        references[example.item_id].append(example.text)
    others = [text for text in corpus.texts if text.label is not Label.LLM or text.source is not CorpusSource.LAB]
    turned = [TrainingText(item, text, Label.LLM) for item, texts in corpus.references.items() for text in texts]
    return replace(corpus, texts=[*others, *turned], references=dict(references))


def references_as_examples(corpus: Corpus) -> Corpus:
    """Return the corpus for a model without references: every reference is an example."""
    added = [TrainingText(item, text, Label.LLM) for item, texts in corpus.references.items() for text in texts]
    return replace(corpus, texts=[*corpus.texts, *added], references={})


def text_key(text: str) -> str:
    """Return a short fingerprint of a text's words, the same for the raw and the normalised text."""
    return hashlib.sha256(" ".join(tokens_of(text)).encode()).hexdigest()[:24]


def split_generations(texts: Iterable[str], seed: int = 0) -> tuple[list[str], list[str]]:
    """Split an item's generations: half as references, the other half (with any odd one) as examples.

    The split depends on the words of each text and the seed only, never on the order, and equal texts fall together
    (one of them is kept), so that no text can be reference and example at once.
    """
    by_key = {hashlib.sha256(f"{seed}:{text_key(text)}".encode()).hexdigest(): text for text in texts}
    ordered = [by_key[key] for key in sorted(by_key)]
    half = len(ordered) // 2
    return ordered[:half], ordered[half:]


def build_corpus(
    items: Mapping[str, str],
    human: Iterable[TrainingText],
    generated: Mapping[str, Sequence[str]],
    *,
    seed: int = 0,
    origins: Sequence[ReferenceOrigin] = (),
) -> Corpus:
    """Build a corpus from people's texts and a grid of generations per item (`references generate`)."""
    texts = list(human)
    references: dict[str, list[str]] = defaultdict(list)
    for item_id, generations in generated.items():
        references[item_id], examples = split_generations(generations, seed)
        texts += [TrainingText(item_id, text, Label.LLM) for text in examples]
    return Corpus(items, texts, references, origins)
