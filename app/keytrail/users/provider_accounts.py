"""Accounts of people whom somebody else authenticates: an OpenID provider, or a proxy.

An account is recognised by issuer and subject, which no person can choose and no provider gives to somebody else. An
e-mail address is neither: it links an existing account only where the operator has allowed it, the provider says that
it has verified the address, and the account has no one-time codes, which the link would bypass.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.errors import Conflict, Forbidden, NotFound
from keytrail.keyring import Keyring
from keytrail.models import ApiToken, AuditAction, ProviderAccount, SignIn, User
from keytrail.settings import Settings
from keytrail.users.accounts import add_user, find_user
from keytrail.users.audit_log import record_action
from keytrail.users.claims import any_matches
from keytrail.users.hashing import NO_PASSWORD
from keytrail.users.rights import rights_of, set_rights
from keytrail.users.signing_in import SignedInNow, sign_in_now

PROXY: Final = "proxy"
"""The issuer of people whom a trusted proxy names."""
_LONGEST: Final = 255
_MAX_NAME: Final = 100


@dataclass(frozen=True)
class ProvenIdentity:
    """Somebody whom a provider has authenticated. `email_verified` is None if the provider does not say."""

    issuer: str
    subject: str
    email: str
    email_verified: bool | None
    name: str
    claims: Mapping[str, Any]


def sign_in_identity(
    database: Database, keyring: Keyring, settings: Settings, identity: ProvenIdentity, now: datetime, *, agent: str
) -> SignedInNow:
    """Sign in whoever the provider has authenticated; make an account at the first sign-in, and set rights by claim.

    Raises Forbidden if the rules do not let this person in: then their sign-ins and API tokens end too. Raises Conflict
    if no account can be made. Uses its own units of work.
    """
    try:
        begun = _in_one_unit(database, keyring, settings, identity, now, agent)
    except IntegrityError:  # the same person's first sign-in, in another window at the same moment
        begun = _in_one_unit(database, keyring, settings, identity, now, agent)
    if begun is None:
        raise Forbidden(
            "You were recognised, but nobody has given you access to Keytrail. Ask the operator of this server.",
            code="no_access",
        )
    return begun


def _in_one_unit(
    database: Database, keyring: Keyring, settings: Settings, identity: ProvenIdentity, now: datetime, agent: str
) -> SignedInNow | None:
    with database.writing() as db:
        user = linked_user(db, identity.issuer, identity.subject)
        if not any_matches(settings.sign_in_claims, identity.claims):
            if user is not None:
                _end_access(db, user, now)
            return None
        if user is None:
            user = _first_sign_in(db, settings, identity, now)
        _set_rights(db, settings, identity, user, now)
        return sign_in_now(db, keyring, user, settings.session_hours, now, user_agent=agent)


def linked_user(db: Session, issuer: str, subject: str) -> User | None:
    """The account of a provider's subject, or None."""
    return db.scalar(
        select(User)
        .join(ProviderAccount, ProviderAccount.user_id == User.id)
        .where(ProviderAccount.issuer == issuer, ProviderAccount.subject == subject)
    )


def link_account(db: Session, user: User, issuer: str, subject: str, now: datetime) -> None:
    """Let a provider's subject sign in to an account. Raises Conflict if it has another account."""
    if not subject or len(subject) > _LONGEST or len(issuer) > _LONGEST:
        raise Conflict(f"The provider's name of a person has to have 1 to {_LONGEST} characters.", code="bad_subject")
    before = linked_user(db, issuer, subject)
    if before is not None and before.id != user.id:
        raise Conflict(f"This person has the account {before.email} already. Unlink that first.", code="linked_already")
    if before is None:
        db.add(ProviderAccount(issuer=issuer, subject=subject, user_id=user.id, linked_at=now))
        detail = {"user": user.email}
        record_action(db, AuditAction.LINK_ACCOUNT, now, user_id=None, study_id=None, detail=detail)
        db.flush()


def unlink_account(db: Session, user: User, now: datetime) -> None:
    """Let nobody sign in to an account by a provider any more, and end its sign-ins. Raises NotFound if none could."""
    gone = db.execute(
        delete(ProviderAccount).where(ProviderAccount.user_id == user.id).returning(ProviderAccount.subject)
    )
    if not gone.all():
        raise NotFound(f"{user.email} is not linked to an account elsewhere.")
    db.execute(delete(SignIn).where(SignIn.user_id == user.id))
    record_action(db, AuditAction.UNLINK_ACCOUNT, now, user_id=None, study_id=None, detail={"user": user.email})


def _first_sign_in(db: Session, settings: Settings, identity: ProvenIdentity, now: datetime) -> User:
    if not identity.email or identity.email_verified is False:
        raise Forbidden(
            "Your institution does not say which e-mail address is yours, or has not verified it. Ask its help desk, "
            "or the operator of this server.",
            code="no_email",
        )
    user = find_user(db, identity.email)
    if user is None:
        user = add_user(db, identity.email, identity.name[:_MAX_NAME], NO_PASSWORD, now)
    elif not (settings.oidc_link_verified_email and identity.email_verified and user.code_secret is None):
        raise Conflict(
            f"There is an account for {identity.email} already, and it is not linked to your institution. Ask the "
            "operator of this server to link it ('keytrail user link').",
            code="not_linked",
        )
    link_account(db, user, identity.issuer, identity.subject, now)
    return user


def _set_rights(db: Session, settings: Settings, identity: ProvenIdentity, user: User, now: datetime) -> None:
    rights = rights_of(user)
    if settings.create_studies_claims:
        rights = replace(rights, create_studies=any_matches(settings.create_studies_claims, identity.claims))
    if settings.spend_claims:
        rights = replace(rights, spend=any_matches(settings.spend_claims, identity.claims))
    set_rights(db, user, rights, None, now)


def _end_access(db: Session, user: User, now: datetime) -> None:
    db.execute(delete(SignIn).where(SignIn.user_id == user.id))
    db.execute(delete(ApiToken).where(ApiToken.user_id == user.id))
    record_action(db, AuditAction.END_ACCESS, now, user_id=None, study_id=None, detail={"user": user.email})
