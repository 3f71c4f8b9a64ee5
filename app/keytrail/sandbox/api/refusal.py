"""Refusals with AWS's own error types."""


class Refusal(Exception):
    """A request that is refused before any operation, with AWS's own error types instead of MTurk's."""

    def __init__(self, kind: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.status = status
