"""The grid of wanted reference texts, and which of them are missing."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from keytrail.synthetic.generation.prompts import PROMPTS
from keytrail.synthetic.training.references import hundredths


@dataclass(frozen=True)
class Cell:
    """One wanted text. `number` distinguishes several of the same item, model, prompt and temperature."""

    item_id: int
    model: str
    prompt: str
    temperature: float
    number: int

    @property
    def key(self) -> tuple[int, str, str, int, int]:
        """The key under which it is stored."""
        return self.item_id, self.model, self.prompt, hundredths(self.temperature), self.number


def cells_of(
    item_ids: Sequence[int], models: Sequence[str], temperatures: Sequence[float], count: int
) -> Iterator[Cell]:
    """Return `count` texts of each item, prompts changing fastest, then models, then temperatures; always the same
    cells.

    The first text of every item comes before the second of any, so that an interrupted run leaves all items alike.
    """
    combinations = [(prompt, model, warmth) for warmth, model, prompt in product(temperatures, models, PROMPTS)]
    for place in range(count):
        prompt, model, temperature = combinations[place % len(combinations)]
        for item_id in item_ids:
            yield Cell(item_id, model, prompt, temperature, place // len(combinations))


def missing(cells: Iterator[Cell], stored: Collection[tuple[int, str, str, int, int]]) -> list[Cell]:
    """Return the cells that have no text yet."""
    return [cell for cell in cells if cell.key not in stored]
