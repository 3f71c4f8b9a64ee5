"""Write the addresses of pages, and parse numbers in them."""

from collections.abc import Mapping
from urllib.parse import urlencode

from keytrail.errors import BadRequest

_MAX_DIGITS = 18


def with_query(path: str, named: Mapping[str, object]) -> str:
    """Return an address with parameters; what is empty or 0 is left out."""
    query = urlencode({name: value for name, value in named.items() if value})
    return f"{path}?{query}" if query else path


def number(value: str, what: str = "The page mark") -> int | None:
    """Return a row number from an address; None if there is none. Raises BadRequest for anything else."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit()) or len(value) > _MAX_DIGITS:
        raise BadRequest(f"{what} in this address is not one that we gave. Start again from the first page.")
    return int(value)
