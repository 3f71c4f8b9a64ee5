"""The neural network, a sequence classifier in a folder: its tokenizer and its weights, as data."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from keytrail.errors import BadRequest
from keytrail.text.classifier.transformer.extra import libraries

WEIGHTS = "model.safetensors"
LONGEST = 512
"""Maximum tokens of a text, or fewer if the checkpoint takes fewer; about 400 words."""


class Network:
    """A tokenizer and a model with one output: the log odds that a text is synthetic."""

    def __init__(self, tokenizer: Any, model: Any) -> None:
        torch, _ = libraries()
        self.tokenizer = tokenizer
        self.model = model.to("cuda" if torch.cuda.is_available() else "cpu")
        self._longest = min(LONGEST, model.config.max_position_embeddings)

    def encoded(self, texts: Sequence[str]) -> Any:
        """Encode a batch of texts for the model."""
        batch = self.tokenizer(
            list(texts), padding=True, truncation=True, max_length=self._longest, return_tensors="pt"
        )
        return batch.to(self.model.device)

    def log_odds(self, text: str) -> float:
        """Return the model's output for one text."""
        torch, _ = libraries()
        self.model.eval()
        with torch.inference_mode():
            return float(self.model(**self.encoded([text])).logits[0, 0])

    def save(self, folder: Path) -> None:
        """Write weights as safetensors, the rest as JSON."""
        self.model.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)


def open_network(folder: Path) -> Network:
    """Read a checkpoint from a folder. Raises BadRequest if there is none, or its weights are a pickle."""
    _, transformers = libraries()
    _weights(folder)
    here = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **here)
        model = transformers.AutoModelForSequenceClassification.from_pretrained(
            folder, num_labels=1, use_safetensors=True, **here
        )
    except (OSError, ValueError, KeyError) as problem:
        raise BadRequest(f"{folder} holds no checkpoint that can be read: {problem}") from problem
    return Network(tokenizer, model)


def weights_digest(folder: Path) -> str:
    """Return the SHA-256 of the weights in a folder. Raises BadRequest if there are none."""
    with _weights(folder).open("rb") as weights:
        return hashlib.file_digest(weights, "sha256").hexdigest()


def _weights(folder: Path) -> Path:
    found = folder / WEIGHTS
    if not found.is_file():
        raise BadRequest(f"There is no '{WEIGHTS}' in {folder}. Weights in other formats are not read.")
    return found
