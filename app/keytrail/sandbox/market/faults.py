from keytrail.errors import DomainError


class RequestFault(DomainError):
    """The requester asked for what cannot be done; `turk_code` is what MTurk calls it."""

    def __init__(self, turk_code: str, message: str) -> None:
        super().__init__(message)
        self.turk_code = f"AWS.MechanicalTurk.{turk_code}"


class NotOffered(RequestFault):
    """Something that MTurk does and this sandbox does not. The code is ours, so that nobody takes it for MTurk's."""

    def __init__(self, what: str) -> None:
        super().__init__("", f"The sandbox does not offer {what}.")
        self.turk_code = "Sandbox.NotOffered"


def unreadable(details: str) -> RequestFault:
    """A question is not what its schema describes."""
    return RequestFault(
        "XMLParseError",
        "There was an error parsing the XML question or answer data in your request. Please make sure the data is "
        f"well-formed and validates against the appropriate schema. Details: {details}.",
    )


def invalid(message: str) -> RequestFault:
    """A parameter has a value that MTurk would not take."""
    return RequestFault("ParameterValidationError", message)
