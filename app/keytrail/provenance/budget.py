"""A budget that keeps the analysis linear: work beyond reading the log is paid from an allowance that grows with the
log.
"""

from dataclasses import dataclass

START = 600_000
PER_EVENT = 20
PER_UNIT = 8


@dataclass(slots=True)
class Budget:
    """An allowance of characters to be searched, hashed or copied in addition to the replay itself (about 20 ns each).

    An honest session spends a small part of it. An adversarial log (thousands of checkpoints over a long text,
    thousands of copies of everything) exhausts it. What is then not looked up gets the more cautious answer: text is
    not recognised as moved, a checkpoint is compared by length only. The outcome depends on the log only.
    """

    left: int = START
    spent: int = 0

    def earn(self, events: int, units: int) -> None:
        """Add the allowance for events read and units inserted."""
        self.left += PER_EVENT * events + PER_UNIT * units

    def spend(self, units: int) -> bool:
        """Return whether work on so many characters is affordable; if so it is paid."""
        if units > self.left:
            return False
        self.left -= units
        self.spent += units
        return True
