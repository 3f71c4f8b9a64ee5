class Refusal(Exception):
    """A request that never reaches an operation: AWS's own error types, not MTurk's."""

    def __init__(self, kind: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.status = status
