"""Parse numbers in the addresses of pages."""

from keytrail.errors import BadRequest

_MAX_DIGITS = 18


def number(value: str, what: str = "The page mark") -> int | None:
    """Return a row number from an address; None if there is none. Raises BadRequest for anything else."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit()) or len(value) > _MAX_DIGITS:
        raise BadRequest(f"{what} in this address is not one that we gave. Start again from the first page.")
    return int(value)
