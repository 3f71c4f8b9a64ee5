"""What keeps a message from being delivered."""


class DeliveryFailed(Exception):  # as the errors of the program
    """A try failed, with a sentence for the delivery log. `for_good`: another try would fail as well."""

    def __init__(self, message: str, *, for_good: bool = False) -> None:
        super().__init__(message)
        self.for_good = for_good
