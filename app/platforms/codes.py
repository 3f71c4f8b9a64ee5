"""Platforms that send ids in the link and take a completion code or a redirect back."""

from collections.abc import Mapping
from typing import ClassVar

from app.platforms.base import Assignment, Finish, Platform, Preview, required_id


class _CodePlatform(Platform):
    """The ids come under names that differ by platform; finishing is a redirect, a code, or a thank-you."""

    worker_parameter: ClassVar[str]
    assignment_parameter: ClassVar[str]
    task_parameter: ClassVar[str]

    def identify(self, query: Mapping[str, str]) -> Assignment | Preview:
        """Without any id it is the requester looking; with half of them the link is damaged."""
        names = self._names()
        if not any(query.get(name) for name in names[:2]):
            return Preview()
        worker, assignment, task = names
        return Assignment(
            worker_id=required_id(query, worker),
            assignment_id=required_id(query, assignment),
            task_id=required_id(query, task) if query.get(task) else None,
        )

    def finish(self, assignment: Assignment, receipt: str) -> Finish:  # noqa: ARG002  # the same for everybody here
        """By the study's options `completion_url` and `completion_code`."""
        code, url = self.options.get("completion_code"), self.options.get("completion_url")
        if url:
            return Finish(kind="redirect", url=url)
        return Finish(kind="code", code=code) if code else Finish(kind="done")

    def _names(self) -> tuple[str, str, str]:
        return self.worker_parameter, self.assignment_parameter, self.task_parameter


class Prolific(_CodePlatform):
    """PROLIFIC_PID, STUDY_ID, SESSION_ID; finishes at app.prolific.com with a completion code."""

    name: ClassVar[str] = "prolific"
    label: ClassVar[str] = "Prolific"
    worker_parameter = "PROLIFIC_PID"
    assignment_parameter = "SESSION_ID"
    task_parameter = "STUDY_ID"

    def finish(self, assignment: Assignment, receipt: str) -> Finish:
        """Redirect with the study's completion code."""
        code = self.options.get("completion_code")
        if not code:
            return super().finish(assignment, receipt)
        return Finish(kind="redirect", url=f"https://app.prolific.com/submissions/complete?cc={code}", code=code)


class Connect(_CodePlatform):
    """CloudResearch Connect: participantId, assignmentId, projectId."""

    name: ClassVar[str] = "connect"
    label: ClassVar[str] = "CloudResearch Connect"
    worker_parameter = "participantId"
    assignment_parameter = "assignmentId"
    task_parameter = "projectId"


class Panel(_CodePlatform):
    """Any panel: the study's options name the parameters."""

    name: ClassVar[str] = "panel"
    label: ClassVar[str] = "Panel"

    def _names(self) -> tuple[str, str, str]:
        return (
            self.options.get("worker_parameter", "worker"),
            self.options.get("assignment_parameter", "assignment"),
            self.options.get("task_parameter", "task"),
        )


class Direct(_CodePlatform):
    """A lab's own participants: one id in the link is person and assignment at once."""

    name: ClassVar[str] = "direct"
    label: ClassVar[str] = "Direct link"
    worker_parameter = "participant"
    assignment_parameter = "participant"
    task_parameter = "task"
