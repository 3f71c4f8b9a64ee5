"""Fit the linearity model: `python -m keytrail.evaluation.fitting FOLDER` writes its coefficients and its card.

FOLDER holds `writing_measures.csv`, `transcription/`, `l2essays/` and `crowdwork/` (docs/copying-model.md names their
sources). The same data and seed give the same coefficients; without the data it says so and changes nothing.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from keytrail.evaluation.linearity_model import Fit, held_out, training_rows
from keytrail.evaluation.model_card import Fitted, card, figures_module


def main() -> int:
    """Fit the model, and write both files into the checkout."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("../shared/data")
    if not (folder / "writing_measures.csv").is_file():
        print(f"The training data is not in {folder}: nothing was changed.")  # noqa: T201 - a script speaks
        return 0
    root = Path(__file__).parents[3]
    rows = training_rows(folder)
    unseen = held_out(rows)
    fit = Fit(rows)
    rules = root / "app" / "keytrail" / "provenance" / "rules"
    (rules / "copying_figures.py").write_text(figures_module(fit), encoding="utf-8")
    outcome = Fitted(rows, unseen, fit.likeness(rows), fit.weights, datetime.now(UTC).date())
    (root / "docs" / "copying-model.md").write_text(card(outcome), encoding="utf-8")
    print(f"Fitted on {len(rows)} sessions; wrote the coefficients and docs/copying-model.md.")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
