"""Accounts: users, roles, sign-ins, tokens, links and the audit log."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from keytrail.db import UtcDateTime
from keytrail.models.base import Base


class Role(StrEnum):
    """A user's role in one study: everything, review, or view."""

    OWNER = "owner"
    REVIEWER = "reviewer"
    VIEWER = "viewer"


class User(Base):
    """A person who signs in to the dashboard. `email` is stored in lower case.

    `code_secret` is the encrypted secret of one-time codes, None without them; `code_step` the half minute of the last
    code that was used (keytrail/users/one_time_codes.py).

    The three rights apply to the whole installation and are off unless granted (keytrail/users/rights.py): to create
    studies, to publish and pay with the installation's accounts, and to operate (grant rights and set budgets).
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(String(200))
    code_secret: Mapped[str | None] = mapped_column(String(200))
    code_step: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    may_create_studies: Mapped[bool] = mapped_column(Boolean, default=False)
    may_spend: Mapped[bool] = mapped_column(Boolean, default=False)
    is_operator: Mapped[bool] = mapped_column(Boolean, default=False)


class ProviderAccount(Base):
    """Whom an identity provider calls `subject` (keytrail/users/provider_accounts.py); the pair never changes."""

    __tablename__ = "provider_accounts"

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Membership(Base):
    """A user's role in a study."""

    __tablename__ = "memberships"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Role] = mapped_column(String(16))


class SignIn(Base):
    """One browser that is signed in. Only the hash of its cookie is stored."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_agent: Mapped[str] = mapped_column(String(200), default="")

    user: Mapped[User] = relationship(lazy="raise")


class SignInCount(Base):
    """The number of sign-in attempts for one `subject` (a keyed hash) since `began_at`.

    One row per subject, so that the database counts concurrent attempts one after the other.
    """

    __tablename__ = "sign_in_counts"

    subject: Mapped[str] = mapped_column(String(32), primary_key=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    tries: Mapped[int] = mapped_column(Integer)


class ApiToken(Base):
    """A bearer token for the JSON API. Only its hash is stored.

    `scopes` are names separated by spaces (keytrail/users/tokens.py); `expires_at` is None for a token that does not
    expire.
    """

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    scopes: Mapped[str] = mapped_column(String(200), default="submissions events")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(lazy="raise")


SIGN_IN_LINK: Final = "sign-in"


class Invitation(Base):
    """A link into a study with a role, or for `user_id`: to a new password or, with the role `SIGN_IN_LINK`, to a
    sign-in.

    It works once; only the hash of its secret is stored. `basis` is a hash of what a password link depends on
    (password, rights and memberships of its user): once it differs, the link is void.
    """

    __tablename__ = "invitations"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    role: Mapped[str | None] = mapped_column(String(16))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    basis: Mapped[str] = mapped_column(String(64), default="")


class AuditAction(StrEnum):
    """The actions in the audit log. The values are stored, so they must not change."""

    ACCEPT_INVITATION = "accept invitation"
    ADD_NOTIFICATION = "add notification"
    ANSWER_OBJECTION = "answer objection"
    ALLOW_PASSWORD_RESET = "allow password reset"  # noqa: S105 - an action, no password
    ARCHIVE_STUDY = "archive study"
    DECIDE = "decide"
    DELETE_STUDY = "delete study"
    DUPLICATE_STUDY = "duplicate study"
    EDIT_ITEM = "edit item"
    EDIT_STUDY = "edit study"
    ERASE_WORKER = "erase worker"
    EXPORT = "export"
    FREE_PLACES = "free places"
    INVITE = "invite"
    LINK_ACCOUNT = "link account"
    MAKE_SIGN_IN_LINK = "make sign-in link"
    UNLINK_ACCOUNT = "unlink account"
    END_ACCESS = "end access"
    EXCLUDE_WORKER = "keep worker out"
    READMIT_WORKER = "let worker in"
    MAKE_LINKS = "make links"
    OBJECT = "object"
    PAYMENT_CANCEL = "payment_cancel"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_MARK_DONE = "payment_mark_done"
    PAYMENT_NO_ANSWER = "payment_no_answer"
    PAYMENT_QUEUE = "payment_queue"
    PAYMENT_SEND = "payment_send"
    PAYMENT_SENT = "payment_sent"
    PAYMENT_UNSURE = "payment_unsure"
    PLATFORM_OPTIONS = "platform_options"
    READ_EVENTS = "read events"
    READ_IDENTITIES = "read identities"
    REMOVE_ITEM = "remove item"
    REMOVE_NOTIFICATION = "remove notification"
    RENAME_STUDY = "rename study"
    RESTORE_ITEM = "restore item"
    RESTORE_MEMBER = "restore member"
    RESTORE_NOTIFICATION = "restore notification"
    RESTORE_STUDY = "restore study"
    REVOKE_LINK = "revoke link"
    SET_RIGHTS = "set rights"
    SET_ROLE = "set role"
    SET_SERVER_BUDGET = "set server budget"
    SET_STATE = "set state"
    SUBSCRIBE_MESSAGES = "subscribe to messages"
    TAKE_EVIDENCE_FILE = "take evidence file"
    TRAIN_CLASSIFIER = "train classifier"
    TRANSFER_STUDY = "transfer study"


class AuditEntry(Base):
    """Who did what to what, and when. `action` is an AuditAction, or one of an older version."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_study", "study_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    study_id: Mapped[int | None] = mapped_column(ForeignKey("studies.id", ondelete="CASCADE"))
    action: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
