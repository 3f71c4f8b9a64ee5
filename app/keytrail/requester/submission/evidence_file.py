"""Export one submission's evidence as a self-contained file for disputes."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

from fastapi import APIRouter
from fastapi.responses import Response
from markupsafe import Markup

from keytrail.models import AuditAction, Submission
from keytrail.requester.people.access import CurrentUser, require_reviewer
from keytrail.requester.submission.page import SubmissionPage, SubmissionPageOptions, SubmissionReader, submission_page
from keytrail.resources import STATIC
from keytrail.review.queue.submissions import submission_and_role
from keytrail.users.audit_log import record_action
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, ReadSession

router = APIRouter(prefix="/submissions", include_in_schema=False)

_SHEETS = (
    "tokens.css",
    "dashboard/dashboard.css",
    "dashboard/controls.css",
    "dashboard/figures.css",
    "dashboard/screens.css",
    "dashboard/submission.css",
    "dashboard/replay.css",
)


@dataclass(frozen=True)
class EvidenceFile(SubmissionPage):
    """The submission's page without what needs a server, with its styles inside and the fingerprints of the log."""

    template: ClassVar[str] = "requester/submission/evidence_file.html"

    styles: Markup
    policy: str
    made_at: datetime
    made_by: str
    fingerprints: Sequence[tuple[str, str]]


@router.get("/{public_id}/evidence.html")
def evidence_file(
    public_id: str, user: CurrentUser, db: ReadSession, services: CurrentServices, now: Now, render: CurrentPages
) -> Response:
    """Security: for reviewers and owners; who downloaded it is recorded in the audit log before it is sent."""
    submission, role = submission_and_role(db, public_id, user)
    require_reviewer(role)
    page = submission_page(
        db, submission, SubmissionReader(user, role, now), SubmissionPageOptions(replays=services.replays)
    )
    values = {field.name: getattr(page, field.name) for field in fields(page)}
    styles = _styles()
    policy = _policy(styles)
    file = EvidenceFile(
        **values,
        styles=styles,
        policy=policy,
        made_at=now,
        made_by=user.name,
        fingerprints=_fingerprints(submission),
    )
    detail = {"submission": submission.public_id}
    study_id = submission.study_id
    answer = render.render(file)
    db.close()  # no request waits for a connection while it holds one
    with services.database.writing() as recording:
        record_action(recording, AuditAction.TAKE_EVIDENCE_FILE, now, user_id=user.id, study_id=study_id, detail=detail)
    answer.headers["content-security-policy"] = f"{policy}; frame-ancestors 'none'"
    answer.headers["content-disposition"] = f'attachment; filename="keytrail-{public_id}.html"'
    return answer


def _styles() -> Markup:
    # Our own style sheets; none of them holds a closing style tag (a test looks).
    return Markup("\n").join(Markup((STATIC / name).read_text()) for name in _SHEETS)  # noqa: S704


def _policy(styles: str) -> str:
    """Allow its own styles, by their hash, and nothing else. The policy is in the file too, which is opened
    from disk.
    """
    digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _fingerprints(submission: Submission) -> Sequence[tuple[str, str]]:
    """Return what the report names: the text's hash, and the end of the chain of each page load."""
    named: dict[str, Any] = submission.report.body.get("evidence", {}) if submission.report else {}
    lines = [("SHA-256 of the text", str(named["text_sha256"]))] if "text_sha256" in named else []
    ends = (", ".join(f"{name} {value}" for name, value in head.items()) for head in named.get("chain", ()))
    return [*lines, *(("End of the log's chain", end) for end in ends)]
