"""Connect a study to its platform: set options, and check the link."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, DomainError
from keytrail.keyring import Keyring
from keytrail.models import AuditAction, Study, StudyState
from keytrail.platforms import Assignment, OptionField, Platform
from keytrail.platforms.code_platforms import CODE_FIELDS
from keytrail.platforms.money import money
from keytrail.platforms.registry import platform_class
from keytrail.sessions.participation import NOT_FROM
from keytrail.users.audit_log import record_action

_WORD = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_SLUGS = re.compile(r"\*|[a-z0-9-]{1,64}( +[a-z0-9-]{1,64}){0,19}")
_ADDRESS = re.compile(r"https?://[^\s<>\"']{1,1900}")
_TIMEOUT_S = 5
_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
_OK = 200
_THERE = "study_id"
"""The option that says which study or project at the platform is this one."""

NOT_FROM_FIELD = OptionField(
    NOT_FROM,
    "Studies whose workers may not take part",
    "Names of other studies of yours as in their addresses, separated by spaces; * stands for all of them. The same "
    "person on the same platform is recognised by a keyed id.",
)


def fields_of(platform: Platform) -> Sequence[OptionField]:
    """Return the options that an owner can set for a study on this platform."""
    return (*platform.option_fields, NOT_FROM_FIELD)


def suggested_code(study: Study, name: str, keyring: Keyring) -> str:
    """Suggest a completion code for an option without one: unguessable, and the same on every visit.

    None where the platform issues its own codes.
    """
    if not platform_class(study.platform).takes_own_codes or name not in {option.name for option in CODE_FIELDS}:
        return ""
    return made_code(study, name, keyring)


def made_code(study: Study, name: str, keyring: Keyring) -> str:
    """The completion code that a study has for an option of this name, where it has no other."""
    return keyring.pseudonym(f"code/{study.id}", name, length=8).upper()


def set_options(
    db: Session, study: Study, platform: Platform, values: Mapping[str, str], user_id: int, now: datetime
) -> None:
    """Store a study's platform options; an empty one is removed. Raises BadRequest that names an invalid one.

    Security: this server's account reaches every study of its workspace there, so none is connected to two studies
    here, of which one may be somebody else's.
    """
    options = dict(study.platform_options)
    for option in fields_of(platform):
        value = values.get(option.name, "").strip()
        if value and not _shape_of(option).fullmatch(value):
            raise BadRequest(f"“{option.label}” cannot be used: {_EXPECTED[_shape_of(option)]}.", code="bad_option")
        if option.name == _THERE and value and _is_taken(db, study, value):
            raise BadRequest(
                f"“{option.label}” cannot be used: another study on this server has this id.", code="bad_option"
            )
        if value:
            options[option.name] = value
        else:
            options.pop(option.name, None)
    study.platform_options = options
    record_action(db, AuditAction.PLATFORM_OPTIONS, now, user_id=user_id, study_id=study.id)


def _is_taken(db: Session, study: Study, there: str) -> bool:
    others = select(Study.platform_options).where(Study.platform == study.platform, Study.id != study.id)
    return any(options.get(_THERE) == there for options in db.scalars(others))


def _shape_of(option: OptionField) -> re.Pattern[str]:
    if option.name == NOT_FROM:
        return _SLUGS
    return _ADDRESS if option.is_url else _WORD


_EXPECTED = {
    _WORD: "it is 1 to 64 letters, digits, dots, hyphens or underscores",
    _ADDRESS: "it is a web address beginning with https://",
    _SLUGS: "it is * or names of studies in small letters, separated by spaces",
}


@dataclass(frozen=True)
class Check:
    """One condition for workers to get in."""

    what: str
    right: bool
    explanation: str


def check_link(study: Study, platform: Platform, public_url: str, budget: int | None) -> Sequence[Check]:
    """Check everything between a worker's click and the task. Starts no session and stores nothing.

    `budget` is what the study has left, in cents; None without a limit.
    """
    return (
        Check("The study takes workers", study.state == StudyState.OPEN, f"It is {study.state}."),
        Check("Ids are recognised", *_identified(platform)),
        Check("The page answers", *_answers(f"{public_url}/task/{study.slug}")),
        Check("The address is one that the platform frames", *frameable(platform, public_url)),
        Check(
            "The budget allows more",
            budget is None or budget > 0,
            "There is no budget limit." if budget is None else f"{money(budget, study.currency)} are left.",
        ),
    )


def _identified(platform: Platform) -> tuple[bool, str]:
    try:
        visit = platform.identify(platform.example())
    except DomainError as error:
        return False, error.message
    right = isinstance(visit, Assignment)
    return right, "A link as the platform makes it leads to the task." if right else "It leads to the preview only."


def frameable(platform: Platform, public_url: str) -> tuple[bool, str]:
    """Whether workers on the platform can open this server's address, and why not."""
    if public_url.startswith("https://") or not platform.needs_https:
        return True, "As the platform wants it."
    if urlsplit(public_url).hostname in _THIS_MACHINE:
        return True, "Only this machine reaches it: enough for the sandbox, not for a marketplace, which wants https."
    return False, "Marketplaces frame https addresses only. Set KEYTRAIL_PUBLIC_URL to one."


def _answers(url: str) -> tuple[bool, str]:
    """Request the preview, as an outside browser would. The address is this installation's own.

    A direct link redirects to one with an id for the visit; consent is asked first, so that starts no session.
    """
    import httpx2  # noqa: PLC0415  # as platforms/json_api.py

    try:
        answer = httpx2.get(url, timeout=_TIMEOUT_S, follow_redirects=True)
    except httpx2.HTTPError as error:
        return False, f"{url} could not be opened from here: {error}"
    framed = "frame-ancestors" in answer.headers.get("content-security-policy", "")
    if answer.status_code != _OK:
        return False, f"{url} answers with {answer.status_code}."
    return framed, f"{url} answers." if framed else "A proxy takes away the headers that allow framing."
