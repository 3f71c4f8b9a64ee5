"""A randomly initialised transformer of two layers with the toy corpus' words."""

import importlib.util
from pathlib import Path

import pytest

from keytrail.text.classifier.transformer.extra import libraries
from keytrail.text.classifier.transformer.tuning import FineTuner
from keytrail.text.words.tokens import tokens_of
from tests.text import toycorpus

_INSTALLED = all(importlib.util.find_spec(name) for name in ("torch", "transformers"))
with_extra = pytest.mark.skipif(not _INSTALLED, reason="the extra 'transformer' is not installed")


def tiny_checkpoint(folder: Path) -> Path:
    """Write it into a folder, which is returned."""
    torch, transformers = libraries()
    texts = [text for made in toycorpus.generations().values() for text in made]
    texts += [text.text for text in toycorpus.people()]
    words = sorted({token for text in texts for token in tokens_of(text)})
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]))
    transformers.BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        config = transformers.BertConfig(
            vocab_size=len(words) + 5,
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=128,
        )
        transformers.BertModel(config).save_pretrained(folder)
    return folder


def tiny_tuner(checkpoint: Path) -> FineTuner:
    """Larger steps than a checkpoint that has learnt something would bear."""
    return FineTuner(checkpoint, epochs=2, rate=3e-3)
