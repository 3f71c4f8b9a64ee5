"""Faults: requests that cannot be performed, with MTurk's error codes."""

from keytrail.errors import DomainError


class RequestFault(DomainError):
    """The requester's call cannot be performed; `turk_code` is MTurk's error code."""

    def __init__(self, turk_code: str, message: str) -> None:
        super().__init__(message)
        self.turk_code = f"AWS.MechanicalTurk.{turk_code}"


class NotOffered(RequestFault):
    """A feature of MTurk that this sandbox lacks. The code is ours, so that it is not mistaken for MTurk's."""

    def __init__(self, what: str) -> None:
        super().__init__("", f"The sandbox does not offer {what}.")
        self.turk_code = "Sandbox.NotOffered"


def unreadable(details: str) -> RequestFault:
    """Return the error for a question that does not match its schema."""
    return RequestFault(
        "XMLParseError",
        "There was an error parsing the XML question or answer data in your request. Please make sure the data is "
        f"well-formed and validates against the appropriate schema. Details: {details}.",
    )


def invalid(message: str) -> RequestFault:
    """Return the error for a parameter value that MTurk would refuse."""
    return RequestFault("ParameterValidationError", message)
