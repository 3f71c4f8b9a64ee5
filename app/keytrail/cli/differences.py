"""Print the differences between a platform and this installation, for `sync` and `status` of each platform."""

from keytrail.cli.at_study import StudyContext
from keytrail.clock import utc_now


def print_differences(at: StudyContext) -> None:
    """Print work that exists on one side only, and work begun and not submitted.

    Owners also read the platform's ids of it, which is recorded in the audit log.
    """
    from keytrail.models import AuditAction, Role, Study
    from keytrail.platform_actions.differences import READ_FROM_DIFFERENCES, differences
    from keytrail.users.audit_log import record_action

    with at.installation.database.reading() as db:
        found = differences(db, db.get_one(Study, at.study_id), utc_now())
    if at.role == Role.OWNER and found.assignment_ids:
        with at.installation.database.writing() as db:
            record_action(
                db,
                AuditAction.READ_IDENTITIES,
                utc_now(),
                user_id=at.user_id,
                study_id=at.study_id,
                detail=READ_FROM_DIFFERENCES,
            )
    for unmatched in found.only_there:
        named, waits = (
            _named(at, unmatched.assignment_id, ", "),
            f", {unmatched.waits} queued" if unmatched.waits else "",
        )
        print(f"Submitted there, no text here: number {unmatched.number}{named}{waits}")
    for unclaimed in found.only_here:
        named = _named(at, unclaimed.assignment_id, ", assignment ")
        print(f"Text here, not submitted there: {unclaimed.public_id}{named}")
    for one in found.shared_ids:
        holds = ", who submitted it there" if one.holds else ""
        print(
            f"Several workers under one id{_named(at, one.assignment_id, ' ')}: {one.public_id} by {one.worker}{holds}"
        )
    for begun in found.unfinished:
        place = (
            "the time is over, the place is free" if begun.over else f"time until {begun.ends_at:%Y-%m-%d %H:%M} UTC"
        )
        print(f"Begun and not submitted: worker {begun.worker}, item {begun.item}; {place}")


def _named(at: StudyContext, platform_id: str, before: str = "") -> str:
    """A platform's id after some words, for owners alone; nothing for others."""
    from keytrail.models import Role

    return f"{before}{platform_id}" if at.role == Role.OWNER and platform_id else ""
