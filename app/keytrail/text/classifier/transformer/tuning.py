"""Fine-tune a checkpoint on examples; returns a scorer."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keytrail.text.classifier.learning import Example
from keytrail.text.classifier.transformer.extra import libraries
from keytrail.text.classifier.transformer.network import Network, open_network
from keytrail.text.classifier.transformer.scorer import TransformerScorer, words_shown

EPOCHS = 4
BATCH = 16
RATE = 5e-5
"""Learning rate; like epochs and batch size within the ranges of Devlin et al. (2019) for BERT."""
WARM_UP = 0.1
"""Share of the steps with a rising rate, before it falls to zero: small sets need it (Mosbach et al. 2021)."""
WEIGHT_DECAY = 0.01
_LONGEST_STEP = 1.0


@dataclass(frozen=True)
class FineTuner:
    """A learner (`keytrail/text/classifier/learning.py`): each call starts from the checkpoint and sees its examples
    only.
    """

    checkpoint: Path
    epochs: int = EPOCHS
    rate: float = RATE
    seed: int = 0

    def __call__(self, examples: Sequence[Example]) -> TransformerScorer:
        """Fine-tune on the examples' words; the same examples give the same scorer on the same machine."""
        torch, _ = libraries()
        with torch.random.fork_rng():
            torch.manual_seed(self.seed)
            network = open_network(self.checkpoint)
            self._tune(torch, network, examples)
        return TransformerScorer(network)

    def _tune(self, torch: Any, network: Network, examples: Sequence[Example]) -> None:
        texts = [words_shown(example.features) for example in examples]
        synthetic = np.array([example.synthetic for example in examples], dtype=float)
        # Both classes have the same weight, as in the logistic regression.
        weights = np.where(synthetic == 1, 0.5 / synthetic.mean(), 0.5 / (1 - synthetic.mean()))
        batches = _batches(len(texts), self.epochs, self.seed)
        optimiser = torch.optim.AdamW(network.model.parameters(), lr=self.rate, weight_decay=WEIGHT_DECAY)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _warmed(step, len(batches)))
        network.model.train()
        for chosen in batches:
            logits = network.model(**network.encoded([texts[place] for place in chosen])).logits[:, 0]
            loss = torch.nn.functional.binary_cross_entropy_with_logits(
                logits,
                torch.tensor(synthetic[chosen], dtype=logits.dtype, device=logits.device),
                weight=torch.tensor(weights[chosen], dtype=logits.dtype, device=logits.device),
            )
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.model.parameters(), _LONGEST_STEP)
            optimiser.step()
            schedule.step()


def _batches(count: int, epochs: int, seed: int) -> list[NDArray[np.int_]]:
    """Return the indices of the examples of each step."""
    random = np.random.default_rng(seed)
    orders = [random.permutation(count) for _ in range(epochs)]
    return [order[start : start + BATCH] for order in orders for start in range(0, count, BATCH)]


def _warmed(step: int, steps: int) -> float:
    """Return the fraction of the learning rate at a step."""
    rising = max(1, round(WARM_UP * steps))
    return (step + 1) / rising if step < rising else max(0.0, (steps - step) / max(1, steps - rising))
