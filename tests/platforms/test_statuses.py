"""Every word of a marketplace has one meaning, and the words of all are told apart from those not known."""

from enum import StrEnum

import pytest

from keytrail.platforms.statuses import (
    ASSIGNMENT_STAGES,
    TASK_STAGES,
    AssignmentStage,
    ConnectAssignment,
    ConnectProject,
    Hit,
    HitAssignment,
    ProlificStudy,
    ProlificSubmission,
    TaskStage,
    assignment_stage,
    assignment_statuses,
    task_statuses,
)


def test_every_word_of_a_task_and_of_an_assignment_has_a_meaning() -> None:
    assert set(TASK_STAGES) == {*Hit, *ProlificStudy, *ConnectProject}
    assert set(ASSIGNMENT_STAGES) == {*HitAssignment, *ProlificSubmission, *ConnectAssignment}


@pytest.mark.parametrize("words", [Hit, ProlificStudy, ConnectProject])
def test_workers_can_take_what_is_open_or_paused_and_nothing_that_is_over(words: type[StrEnum]) -> None:
    at_work = set(task_statuses(TaskStage.OPEN, TaskStage.PAUSED))
    assert at_work & set(words)
    assert not at_work & set(task_statuses(TaskStage.DRAFT, TaskStage.OVER))


@pytest.mark.parametrize("words", [HitAssignment, ProlificSubmission, ConnectAssignment])
def test_submitted_work_is_decided_later_and_an_approval_overrides_a_rejection(words: type[StrEnum]) -> None:
    for stage in (AssignmentStage.SUBMITTED, AssignmentStage.REJECTED, AssignmentStage.APPROVED):
        assert set(assignment_statuses(stage)) & set(words)
    assert AssignmentStage.SUBMITTED < AssignmentStage.REJECTED < AssignmentStage.APPROVED


def test_a_word_that_is_not_known_undoes_nothing() -> None:
    assert assignment_stage("Something new") == min(AssignmentStage)
