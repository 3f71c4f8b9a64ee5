"""Check that marketplaces accept the configured credentials. Only the account is read."""

from keytrail.errors import DomainError
from keytrail.operations.probes import Probe
from keytrail.platforms.connect_api import connect_connect
from keytrail.platforms.mturk_api import connect_mturk
from keytrail.platforms.prolific_api import connect_prolific
from keytrail.settings import Settings


def probe_mturk(settings: Settings) -> Probe:
    """Ask MTurk for the account's balance."""
    name = "Mechanical Turk"
    if settings.mturk_endpoint is None:
        return Probe(name, well=True, description="Not configured (KEYTRAIL_MTURK_ENDPOINT).")
    try:
        balance = connect_mturk(settings).balance()
    except DomainError as error:
        advice = "Check KEYTRAIL_MTURK_ENDPOINT and the credentials (docs/platforms.md)."
        return Probe(name, well=False, description=error.message, advice=advice, fatal=False)
    return Probe(
        name, well=True, description=f"{settings.mturk_endpoint} takes the credentials; the balance is {balance} USD."
    )


def probe_prolific(settings: Settings) -> Probe:
    """Ask Prolific for the token's owner."""
    name = "Prolific"
    if settings.prolific_token is None:
        return Probe(name, well=True, description="Not configured (KEYTRAIL_PROLIFIC_TOKEN).")
    try:
        account = connect_prolific(settings).account()
    except DomainError as error:
        advice = "Make a new token at Prolific and set KEYTRAIL_PROLIFIC_TOKEN."
        return Probe(name, well=False, description=error.message, advice=advice, fatal=False)
    return Probe(name, well=True, description=f"The token is {account or 'an account'}'s.")


def probe_connect(settings: Settings) -> Probe:
    """Ask CloudResearch Connect for a project of the key's account; it has no address that names the account."""
    name = "CloudResearch Connect"
    if settings.connect_key is None:
        return Probe(name, well=True, description="Not configured (KEYTRAIL_CONNECT_KEY).")
    try:
        connect_connect(settings).check_key()
    except DomainError as error:
        advice = "Check KEYTRAIL_CONNECT_KEY, or ask Connect's support for another key."
        return Probe(name, well=False, description=error.message, advice=advice, fatal=False)
    return Probe(name, well=True, description="It accepts the key.")
