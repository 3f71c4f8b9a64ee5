"""Let a visitor enter: read the ids in the link, check their proof, and begin the session."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from keytrail.errors import DomainError
from keytrail.models import Study, WritingSession
from keytrail.platforms import Assignment, Preview, Proof, platform_of
from keytrail.platforms.prolific_token import TOKEN, StudyKeys, is_over, require_token
from keytrail.platforms.signed_links import link_secret, require_signature
from keytrail.sessions.beginnings import count_beginning, require_address_room
from keytrail.sessions.capacity import require_capacity
from keytrail.sessions.confirmation import confirm
from keytrail.sessions.lifecycle import find_session, open_session
from keytrail.studies import study_of_task
from keytrail.web.services import Services
from keytrail.worker.context import WorkerContext


@dataclass(frozen=True)
class Entrance:
    """The visitor's identity. `proven`: by the link's signature. `over`: the link's validity has expired."""

    visit: Assignment
    proven: bool = False
    over: bool = False


def fetch_keys(services: Services, keys: StudyKeys, slug: str, query: Mapping[str, str]) -> None:
    """Fetch the keys for checking this link. Call it before the request's own transaction begins."""
    if not query.get(TOKEN):
        return
    try:
        with services.database.reading() as db:
            study = study_of_task(db, slug)
            wanted = platform_of(study.platform, study.platform_options).proof == Proof.TOKEN
    except DomainError:
        return  # the visitor is told when the study is looked up
    if wanted:
        keys.refresh(query[TOKEN])


def entrance(context: WorkerContext, study: Study, query: Mapping[str, str]) -> Entrance | Preview:
    """Return the visitor of this link. Raises BadRequest for a damaged one, Forbidden for one that does not prove its
    ids.
    """
    platform = context.platform(study)
    visit = platform.identify(query)
    if isinstance(visit, Preview) or platform.proof == Proof.NONE:
        return visit if isinstance(visit, Preview) else Entrance(visit)
    if platform.proof == Proof.SIGNATURE:
        require_signature(query, visit.worker_id, link_secret(context.keyring, study.id), platform.phrases)
        return Entrance(visit, proven=True)
    claims = context.keys.claims(require_token(query))
    host = urlsplit(context.services.settings.public_url).hostname or ""
    return Entrance(visit, proven=True, over=is_over(claims, query, visit.assignment_id, host, context.now))


def begin(context: WorkerContext, study: Study, entered: Entrance, item_key: str | None = None) -> WritingSession:
    """Return the session that the visitor has, or a new one after consent.

    Raises NotEligible as `open_session` does, TooMany if too many begin from one address or work in one study.
    """
    known = find_session(context.db, study, entered.visit, context.keyring)
    if known is not None:
        return known
    most = context.services.settings.sessions_per_address
    require_address_room(context.db, context.keyring, context.address, most, context.now)
    require_capacity(context.db, study, context.services.settings.open_sessions_per_study, context.now)
    session = open_session(context.db, study, entered.visit, context.keyring, context.now, item_key)
    if entered.proven:
        confirm(session, context.now)
    count_beginning(context.db, context.keyring, context.address, context.now)
    return session
