"""Every page of the dashboard with axe-core, in each width and colour scheme, loaded once."""

import re
from collections.abc import Callable
from typing import Literal

import pytest
from sqlalchemy import select

from keytrail.models import ActionKind, ActionState, PlatformAction, Role, Submission, User
from keytrail.studies import study_by_slug
from keytrail.synthetic.prevalence.cache import PREVALENCE, current_figures
from keytrail.users.invitations import invite
from tests.browser.dashboard.reader import Reader
from tests.requester.site import Site
from tests.requester.test_access import audience, routes, uploaded

PAGES = (
    "/",
    "/new-study",
    "/account",
    "/account/codes",
    "/installation",
    "/installation/audit",
    "/invitation/{token}",
    "/sign-in",
    "/search?q=amber",
    "/excluded-workers",
    "/excluded-workers?words=nothing",
    "/studies/night",
    "/studies/night?verdict=strong&words=amber",
    "/studies/night/overview",
    "/studies/night/queue",
    "/studies/night/queue?item=nothing",
    "/studies/night/disagreements",
    "/studies/night/prevalence",
    "/studies/night/conditions",
    "/studies/night/classifier",
    "/power",
    "/prevalence?study=night",
    "/studies/night/workers",
    "/studies/night/workers/{worker}",
    "/studies/night/items",
    "/studies/night/items/uploads/{upload}",
    "/studies/night/checklist",
    "/studies/night/export",
    "/studies/night/settings",
    "/studies/night/people",
    "/studies/night/platform",
    "/studies/night/payments",
    "/studies/night/payments/choice?action={action}",
    "/studies/night/audit",
    "/studies/night/manage",
    "/studies/night/delete",
    "/studies/night/notifications",
    "/studies/night/items/1",
    "/studies/night/workers/{worker}/erase",
    "/archive",
    "/forgotten-password",
    "/help",
    "/help/glossary",
    "/help/report",
    "/submissions/{strong}",
    "/submissions/{strong}/text",
    "/submissions/{review}?queue=1",
    "/submissions/{clear}",
    "/submissions/{waiting}",
)
# Answers to scripts, files, and pages that are not the dashboard's own.
NO_PAGES = re.compile(
    r"/live|/find|.*/(counts|facets|suggestions|state|playback|file|answer|openid)|.*[.](csv|svg|md|py|html)"
    r"|/help/images/.*|.*/checklist/task"
)
LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    (1920, "light"),
    (1366, "light"),
    (1366, "dark"),
    (390, "dark"),
    (390, "light"),
)
# 1,440 pixels at 200 %: still a table, and no room for all its columns.
ZOOMED = 720


@pytest.fixture(scope="module")
def names(served: tuple[Site, str]) -> dict[str, str]:
    """A submission of each verdict, a worker, a rejection that waits, an uploaded file and an invitation."""
    site, _ = served
    visitor = site.visitor("olivia")
    worker = visitor.context("/studies/night").rows[0].line.worker
    with site.database.writing() as db:
        rows = db.execute(select(Submission.verdict, Submission.public_id)).all()
        found = {verdict or "waiting": public_id for verdict, public_id in rows}
        study = study_by_slug(db, "night")
        olivia = db.get_one(User, site.people["olivia"])
        olivia.is_operator = True
        rejected = PlatformAction(
            study_id=study.id,
            submission_id=db.scalars(select(Submission.id).where(Submission.verdict == "strong")).first(),
            kind=ActionKind.REJECT,
            state=ActionState.QUEUED,
            token="to be chosen",
            amount_cents=0,
            fee_cents=0,
            currency="USD",
            queued_at=site.clock(),
        )
        db.add(rejected)
        db.flush()
        found |= {
            "worker": worker,
            "action": str(rejected.id),
            "token": invite(db, study, Role.VIEWER, olivia, site.clock()),
        }
    return found | {"upload": uploaded(visitor)}


@pytest.fixture(scope="module", autouse=True)
def _figures(served: tuple[Site, str]) -> None:
    """Worked out before anybody looks: the page of a study is looked at with its tables."""
    site, _ = served
    with site.database.reading() as db:
        study = study_by_slug(db, "night")
    current_figures(site.database, PREVALENCE, [study], site.clock, in_child=False)


@pytest.mark.parametrize("path", PAGES)
def test_is_accessible_and_fits(reader: Callable[..., Reader], names: dict[str, str], path: str) -> None:
    window = reader("olivia")
    page = window.open(path.format(**names))
    found = {}
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found[width, scheme] = (window.violations(), max(window.overflow(), 0))
    assert found == dict.fromkeys(LOOKS, ([], 0))
    page.set_viewport_size({"width": ZOOMED, "height": 450})
    assert window.overflow() <= 0


def test_every_page_is_in_the_list(served: tuple[Site, str]) -> None:
    site, _ = served
    asked = [path.partition("?")[0].replace("/studies/night", "/studies/{slug}") for path in PAGES]
    for method, path in routes(site.app):
        if method == "GET" and audience(path) == "requester" and not NO_PAGES.fullmatch(path):
            pattern = re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(path).replace(re.escape("{slug}"), "[{]slug[}]"))
            assert any(re.fullmatch(pattern, one) for one in asked), path
