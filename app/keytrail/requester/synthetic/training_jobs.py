"""Jobs that the classifier page starts and stops: references, training and scoring."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, BackgroundTasks, Depends, Form, UploadFile
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from keytrail.errors import BadRequest, Conflict, Forbidden, ImportFailed, TooLarge
from keytrail.models import JobKind, Study, User
from keytrail.requester.forms import SentForm
from keytrail.requester.people.access import CurrentUser, require_owner, require_reviewer, same_origin, study_for
from keytrail.requester.synthetic.training import TrainingReader, training_page, wanted_references
from keytrail.synthetic.generation.references import expected
from keytrail.synthetic.training.jobs import JobPlan, ReferenceOrder, begin_job, run_job_in_child, stop_job
from keytrail.synthetic.training.references import item_keys, read_references, store_references
from keytrail.users.rights import who_gives_rights
from keytrail.web.pages import CurrentPages
from keytrail.web.services import CurrentServices, Now, ReadSession, Services, WriteSession

router = APIRouter(prefix="/studies/{slug}/classifier", include_in_schema=False, dependencies=[Depends(same_origin)])

_LARGEST_FILE = 20_000_000
_MOST_TEXTS = 1000


@dataclass(frozen=True)
class _Jobs:
    """Starts jobs outside the server, one at a time per study."""

    db: Session
    services: Services
    now: datetime
    after: BackgroundTasks

    def begin(self, study: Study, user: User, plan: JobPlan) -> Response:
        """Start the job unless one is running, and show the page with its progress."""
        try:
            job = begin_job(self.db, study, user, plan.kind, self.now, own_sessions=plan.own_sessions)
        except Conflict:
            # Pressed twice: the page shows the running job.
            return _back(study)
        if plan.order is not None or self.services.settings.background == "inside":  # else 'keytrail worker' finds it
            url = self.services.database.engine.url.render_as_string(hide_password=False)
            self.after.add_task(run_job_in_child, url, study.id, job.run, self.services.clock, plan)
        return _back(study)


def _jobs(db: WriteSession, services: CurrentServices, now: Now, after: BackgroundTasks) -> _Jobs:
    return _Jobs(db, services, now, after)


Jobs = Annotated[_Jobs, Depends(_jobs)]


@router.post("")
def train(slug: str, sent: SentForm, user: CurrentUser, jobs: Jobs) -> Response:
    """Start training and scoring. Security: for reviewers and owners."""
    study, role = study_for(jobs.db, slug, user)
    require_reviewer(role)
    return jobs.begin(study, user, JobPlan(JobKind.TRAINING, own_sessions=bool(sent.get("own_sessions"))))


@router.post("/scoring")
def score(slug: str, user: CurrentUser, jobs: Jobs) -> Response:
    """Start scoring the submissions that the newest classifier has not scored. Security: for reviewers and owners."""
    study, role = study_for(jobs.db, slug, user)
    require_reviewer(role)
    return jobs.begin(study, user, JobPlan(JobKind.SCORING))


@router.post("/generation")
def generate(
    slug: str,
    user: CurrentUser,
    jobs: Jobs,
    texts: Annotated[str, Form(max_length=8)] = "",
    tokens: Annotated[str, Form(max_length=16)] = "",
) -> Response:
    """Start asking for references. Security: for owners with the right to spend, as the endpoint costs money."""
    study, role = study_for(jobs.db, slug, user)
    require_owner(role)
    if not user.may_spend:
        raise Forbidden(f"Asking language models costs money. {who_gives_rights(jobs.db)}", code="no_right")
    settings = jobs.services.settings
    wanted = wanted_references(settings)
    if wanted is None or settings.llm_url is None:
        raise BadRequest("This server has no endpoint to ask. Whoever runs it sets KEYTRAIL_LLM_URL and _MODELS.")
    if not (texts.isdecimal() and 1 <= int(texts) <= _MOST_TEXTS):
        raise BadRequest(f"Enter how many texts to ask for about each item, from 1 to {_MOST_TEXTS}.")
    if not (tokens.isdecimal() and int(tokens)):
        raise BadRequest("Enter the most tokens that this run may use, as a whole number.")
    used = expected(jobs.db, slug, wanted).used
    wanted = replace(wanted, count=int(texts), budget_tokens=used + int(tokens))
    key = settings.llm_key.get_secret_value() if settings.llm_key else ""
    return jobs.begin(study, user, JobPlan(JobKind.REFERENCES, order=ReferenceOrder(wanted, settings.llm_url, key)))


@router.post("/stop")
def stop(slug: str, user: CurrentUser, db: WriteSession, now: Now) -> Response:
    """Stop the running job. Security: for reviewers and owners."""
    study, role = study_for(db, slug, user)
    require_reviewer(role)
    stop_job(db, study, now)
    return _back(study)


@router.post("/references")
def upload_references(
    slug: str,
    file: UploadFile,
    user: CurrentUser,
    db: ReadSession,
    services: CurrentServices,
    now: Now,
    render: CurrentPages,
) -> Response:
    """Store texts that were made elsewhere, all or none. Security: for owners.

    The file is read before the transaction that stores its texts: others write meanwhile.
    """
    study, role = study_for(db, slug, user)
    require_owner(role)
    name = file.filename or "the file"
    content = file.file.read(_LARGEST_FILE + 1)
    if len(content) > _LARGEST_FILE:
        raise TooLarge(f"{name} is larger than {_LARGEST_FILE // 1_000_000} MB. Split it into several files.")
    keys = item_keys(db, study)
    db.close()  # no request waits for a connection while it holds one
    try:
        rows = read_references(content, name, keys, services.item_files.read)
        with services.database.writing() as writing:
            done = store_references(writing, study, rows, name, now)
    except ImportFailed as refused:
        page = training_page(db, study, TrainingReader(user, role, now), services.settings, refused=refused)
        return render.render(page, status=refused.status)
    return RedirectResponse(f"/studies/{study.slug}/classifier?{urlencode(asdict(done))}", status_code=303)


def _back(study: Study) -> Response:
    return RedirectResponse(f"/studies/{study.slug}/classifier", status_code=303)
