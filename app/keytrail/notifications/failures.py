"""Failures of deliveries."""


class DeliveryFailed(Exception):  # as the errors of the program
    """A try failed; the text is a sentence for the delivery log. `for_good`: repeating it is useless."""

    def __init__(self, message: str, *, for_good: bool = False) -> None:
        super().__init__(message)
        self.for_good = for_good
