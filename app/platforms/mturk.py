"""Amazon Mechanical Turk's ExternalQuestion, and every marketplace that imitates it."""

from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import urlsplit

from app.errors import Forbidden
from app.platforms.base import Assignment, Finish, Platform, Preview, required_id

NOT_ACCEPTED = "ASSIGNMENT_ID_NOT_AVAILABLE"
SUBMIT_PATH = "/mturk/externalSubmit"
DEFAULT_SUBMIT_ORIGIN = "https://www.mturk.com"
SUBMIT_ORIGINS = (DEFAULT_SUBMIT_ORIGIN, "https://workersandbox.mturk.com")
FRAME_ANCESTORS = (
    "https://worker.mturk.com",
    "https://workersandbox.mturk.com",
    "https://www.mturk.com",
    "https://requester.mturk.com",
    "https://requestersandbox.mturk.com",
)


class MTurk(Platform):
    """Appends assignmentId, hitId, workerId and turkSubmitTo; takes a browser form back."""

    name: ClassVar[str] = "mturk"
    label: ClassVar[str] = "Mechanical Turk"

    def identify(self, query: Mapping[str, str]) -> Assignment | Preview:
        """Without an accepted assignment the task is only previewed."""
        if query.get("assignmentId", NOT_ACCEPTED) in {NOT_ACCEPTED, ""}:
            return Preview()
        return Assignment(
            worker_id=required_id(query, "workerId"),
            assignment_id=required_id(query, "assignmentId"),
            task_id=required_id(query, "hitId") if query.get("hitId") else None,
            submit_origin=self._submit_origin(query.get("turkSubmitTo", "")),
        )

    def finish(self, assignment: Assignment, receipt: str) -> Finish:
        """A form POST by the browser; MTurk refuses one with no field beside assignmentId."""
        return Finish(
            kind="post",
            url=(assignment.submit_origin or DEFAULT_SUBMIT_ORIGIN) + SUBMIT_PATH,
            fields={"assignmentId": assignment.assignment_id, "receipt": receipt},
        )

    def _submit_origin(self, url: str) -> str:
        """The origin to submit to. Any other than the known ones would make this an open redirect."""
        if not url:
            return DEFAULT_SUBMIT_ORIGIN
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("")
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self.submit_origins:
            raise Forbidden(
                "This task would be submitted to a place that the requester has not allowed. "
                "Return the task and tell the requester: the setting is KEYTRAIL_SUBMIT_ORIGINS.",
                code="submit_origin",
            )
        return origin
