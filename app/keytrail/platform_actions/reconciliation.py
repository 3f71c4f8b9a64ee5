"""Reconcile a study with its platform, whose state counts, and record the differences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.errors import Conflict
from keytrail.keyring import Keyring
from keytrail.models import AssignmentIdentity, PlatformTask, SessionState, Study, Worker, WritingSession
from keytrail.platform_actions.assignments import PlatformStatus, record_platform_status
from keytrail.platform_actions.performing import Connections
from keytrail.platform_actions.tasks import TaskReport, newest_task, refresh_task, refresh_whole
from keytrail.platforms.mturk_api import MTurkApi
from keytrail.platforms.prolific_api import holder_of
from keytrail.sessions.lifecycle import return_session
from keytrail.sessions.names import worker_pseudonym
from keytrail.studies import present_study


@dataclass(frozen=True)
class ReconciliationResult:
    """The result of a comparison: tasks or submissions checked, new statuses, and released places."""

    looked_at: int
    news: int
    freed: int


class Reconciler:
    """Query the platform without an open transaction and store the answers, task by task."""

    def __init__(
        self, database: Database, connections: Connections, keyring: Keyring, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._connections = connections
        self._keyring = keyring
        self._clock = clock

    def compare(self, study_id: int) -> ReconciliationResult:
        """Compare one study. Raises PlatformFault, and Conflict for a platform that cannot be compared with."""
        with self._database.reading() as db:
            study = present_study(db, study_id)
            platform, own_id = study.platform, str(study.platform_options.get("study_id", ""))
            query = select(PlatformTask.id, PlatformTask.external_id).where(PlatformTask.study_id == study_id)
            tasks = [(number, hit_id) for number, hit_id in db.execute(query.order_by(PlatformTask.id))]
        if platform == "mturk":
            return self._mturk(self._connections.mturk, study_id, tasks)
        if platform == "prolific" and own_id:
            return self._whole_study(study_id, *self._at_prolific(own_id))
        if platform == "connect" and own_id:
            return self._whole_study(study_id, *self._at_connect(own_id))
        raise Conflict("There is nothing to compare with: the platform cannot be asked, or its study id is missing.")

    def _mturk(self, api: MTurkApi, study_id: int, tasks: Sequence[tuple[int, str]]) -> ReconciliationResult:
        news = freed = 0
        for number, hit_id in tasks:
            asked_at = self._clock()
            hit = api.get_hit(hit_id)
            listed = [
                PlatformStatus(
                    str(found["AssignmentId"]),
                    str(found["AssignmentStatus"]),
                    certain=True,
                    worker_id=str(found.get("WorkerId", "")),
                )
                for found in api.assignments(hit_id)
            ]
            with self._database.writing() as db:
                present_study(db, study_id)
                task = db.get_one(PlatformTask, number)
                refresh_task(task, hit, self._clock(), handed_in=len(listed))
                news += self._record_statuses(db, study_id, listed)
                if task.pending == 0:
                    freed += self._free_abandoned(db, task, listed, asked_at)
        return ReconciliationResult(len(tasks), news, freed)

    def _at_prolific(self, own_id: str) -> tuple[TaskReport, Sequence[PlatformStatus]]:
        api = self._connections.prolific
        listed = [
            PlatformStatus(str(one["id"]), str(one["status"]), certain=True, worker_id=holder_of(one))
            for one in api.submissions(own_id)
        ]
        study = api.study(own_id)
        places = int(study.get("total_available_places") or 0)
        return TaskReport(own_id, str(study.get("status", "")), places), listed

    def _at_connect(self, own_id: str) -> tuple[TaskReport, Sequence[PlatformStatus]]:
        api = self._connections.connect
        listed = [
            PlatformStatus(
                str(one["assignmentId"]),
                str(one["status"]),
                certain=True,
                worker_id=str(one.get("participantId") or ""),
            )
            for one in api.assignments(own_id)
        ]
        return TaskReport(own_id, api.status(own_id), int(api.project(own_id).get("participants") or 0)), listed

    def _whole_study(self, study_id: int, report: TaskReport, listed: Sequence[PlatformStatus]) -> ReconciliationResult:
        """One study or project there for all items; it may have been created there by hand, and then stays so."""
        with self._database.writing() as db:
            present_study(db, study_id)
            before = _open_sessions(db, study_id)
            news = self._record_statuses(db, study_id, listed)
            task = newest_task(db, study_id)
            if task is not None and task.external_id == report.external_id:
                refresh_whole(task, report, [one.status for one in listed], self._clock())
            db.flush()
            return ReconciliationResult(len(listed), news, before - _open_sessions(db, study_id))

    def _record_statuses(self, db: Session, study_id: int, listed: Sequence[PlatformStatus]) -> int:
        study = present_study(db, study_id)
        return sum(record_platform_status(db, study, reported, self._keyring, self._clock()) for reported in listed)

    def _free_abandoned(
        self, db: Session, task: PlatformTask, listed: Sequence[PlatformStatus], asked_at: datetime
    ) -> int:
        """Release the places of workers who returned the HIT: nobody works on it any more, and theirs was not
        submitted.

        Only sessions that began before the query count; later ones are not touched.
        """
        study = db.get_one(Study, task.study_id)
        handed_in = {
            (reported.assignment_id, worker_pseudonym(study, reported.worker_id, self._keyring)) for reported in listed
        }
        rows = db.execute(
            select(WritingSession, AssignmentIdentity.assignment_id, Worker.pseudonym)
            .join(AssignmentIdentity, AssignmentIdentity.session_id == WritingSession.id)
            .join(Worker, Worker.id == WritingSession.worker_id)
            .where(
                WritingSession.study_id == task.study_id,
                WritingSession.state == SessionState.OPEN,
                WritingSession.consented_at < asked_at,
                AssignmentIdentity.task_id == task.external_id,
            )
        ).all()
        gone = [session for session, assignment_id, worker in rows if (assignment_id, worker) not in handed_in]
        for session in gone:
            return_session(db, session, asked_at)
        return len(gone)


def _open_sessions(db: Session, study_id: int) -> int:
    query = select(WritingSession.id).where(
        WritingSession.study_id == study_id, WritingSession.state == SessionState.OPEN
    )
    return len(db.scalars(query).all())
