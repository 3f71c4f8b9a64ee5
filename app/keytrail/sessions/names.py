"""Keyed names (pseudonyms) of workers and assignments in a study; none can be reversed without the root secret."""

from keytrail.keyring import Keyring
from keytrail.models import Study


def worker_pseudonym(study: Study, platform_worker_id: str, keyring: Keyring) -> str:
    """Return the pseudonym of a worker in one study."""
    return keyring.pseudonym(f"worker/{study.id}/{study.platform}", platform_worker_id)


def assignment_pseudonym(study: Study, assignment_id: str, keyring: Keyring) -> str:
    """Return the pseudonym of an assignment. Together with the worker's it identifies a session."""
    return keyring.pseudonym(f"assignment/{study.id}/{study.platform}", assignment_id, length=26)
