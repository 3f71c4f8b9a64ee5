"""A brake on asking for password links: by the address that asks, and by the account."""

from collections.abc import Sequence

from keytrail.keyring import Keyring
from keytrail.users.throttle import Limit, client_of

PER_ADDRESS = 10
PER_ACCOUNT = 3


def forgotten_limits(keyring: Keyring, email: str, address: str) -> Sequence[Limit]:
    """What holds for asking for a link for this account, whether or not it exists, in a quarter of an hour."""
    account = email.strip().lower()
    return [
        Limit(keyring.pseudonym("password link address", client_of(address)), PER_ADDRESS),
        Limit(keyring.pseudonym("password link account", account), PER_ACCOUNT),
    ]
