"""Rate limits for forgotten-password links: by the requesting address, and by the account."""

from collections.abc import Sequence

from keytrail.keyring import Keyring
from keytrail.users.throttle import Limit, client_of

PER_ADDRESS = 10
PER_ACCOUNT = 3


def forgotten_limits(keyring: Keyring, email: str, address: str) -> Sequence[Limit]:
    """Return the limits of a quarter of an hour for this account, whether or not it exists."""
    account = email.strip().lower()
    return [
        Limit(keyring.pseudonym("password link address", client_of(address)), PER_ADDRESS),
        Limit(keyring.pseudonym("password link account", account), PER_ACCOUNT),
    ]
