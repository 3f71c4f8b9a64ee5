"""Run the whole replication: from a folder to figures."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from keytrail.synthetic.replication import REPEATS
from keytrail.synthetic.replication.fieldwork import Fieldwork, work_in_the_field
from keytrail.synthetic.replication.lab import Lab, work_in_the_lab
from keytrail.synthetic.replication.material import MTURK, Material, read_material
from keytrail.text.prevalence.intervals import Estimate

PAPER_RANGE = (0.33, 0.46)


@dataclass(frozen=True)
class Replication:
    """What was read, and the results on texts of the lab and of the field."""

    material: Material
    lab: Lab
    field: Fieldwork

    @property
    def mturk_prevalence(self) -> Estimate:
        """The two-test estimate for the MTurk set."""
        estimate = self.field.by_submission.two_tests
        assert estimate is not None  # noqa: S101  # both studies have submissions that either test knows
        return next(found for found in estimate.prevalence if found.name == MTURK)


def replicate(
    folder: Path,
    *,
    repeats: int = REPEATS,
    compare: bool = True,
    say: Callable[[str], None] = lambda _: None,
) -> Replication:
    """Run everything on the field data in `folder`; the same folder gives the same figures, except the speed.

    `say` is called with each step. Raises ImportFailed if a file is missing or invalid.
    """
    say("Reading and analysing the logs")
    material = read_material(folder)
    say(f"Training and evaluating by item, {repeats} repeats")
    lab = work_in_the_lab(material, repeats=repeats, compare=compare)
    say("Scoring the field texts and counting")
    return Replication(material, lab, work_in_the_field(material, lab, np.random.default_rng(0)))
