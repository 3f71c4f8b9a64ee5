"""A fine-tuned network in place of the linear scorer."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from keytrail.errors import BadRequest
from keytrail.text.classifier.assessment import Basis
from keytrail.text.classifier.features import TextFeatures
from keytrail.text.classifier.transformer.network import Network, open_network, weights_digest

COPIED = "..."


@dataclass(frozen=True)
class TransformerScorer:
    """Score texts with a network; a score above 0 leans to synthetic, but only calibration gives it a meaning."""

    network: Network
    stored_in: Path | None = None
    """Folder of the network's weights, None until they are saved."""

    @property
    def basis(self) -> Basis:
        """The kind of model."""
        return Basis.TRANSFORMER

    def score(self, features: TextFeatures) -> float:
        """Return log odds before calibration, for one text."""
        return self.network.log_odds(words_shown(features))

    def keep(self, folder: Path) -> "TransformerScorer":
        """Write the network to a new folder and return the scorer with that location."""
        self.network.save(folder)
        return TransformerScorer(self.network, folder.absolute())

    def as_json(self) -> dict[str, str]:
        """Return the location of the weights and their digest. Raises BadRequest if they were not saved."""
        if self.stored_in is None:
            raise BadRequest("A transformer has to be kept in a folder before it can be stored.")
        return {"folder": str(self.stored_in), "sha256": weights_digest(self.stored_in)}


def stored_scorer(data: Mapping[str, str]) -> TransformerScorer:
    """Restore the scorer from `as_json`. Raises BadRequest if its weights are missing or changed."""
    folder = Path(data["folder"])
    if weights_digest(folder) != data["sha256"]:
        raise BadRequest(f"The weights in {folder} are not those that this model was calibrated with. Train anew.")
    return TransformerScorer(open_network(folder), folder)


def words_shown(features: TextFeatures) -> str:
    """Return the writer's own words and marks in lower case, with dots for copied stretches.

    Case, typography and copied stretches show how a text was made rather than who wrote it, as in the linear model.
    """
    return " ".join(COPIED if token is None else token for token in features.own)
