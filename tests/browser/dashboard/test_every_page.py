from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from keytrail.models import Submission
from keytrail.studies import study_by_slug
from keytrail.synthetic.prevalence.cache import PREVALENCE, current_figures
from tests.browser.dashboard.reader import Reader
from tests.requester.site import Site

PAGES = (
    "/",
    "/new-study",
    "/account",
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
    "/studies/night/export",
    "/studies/night/settings",
    "/studies/night/people",
    "/studies/night/platform",
    "/studies/night/payments",
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
LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}},
}


@pytest.fixture(scope="module")
def names(served: tuple[Site, str]) -> dict[str, str]:
    """A submission of each verdict, and a worker."""
    site, _ = served
    with site.database.reading() as db:
        rows = db.execute(select(Submission.verdict, Submission.public_id)).all()
    found = {verdict or "waiting": public_id for verdict, public_id in rows}
    worker = site.visitor("olivia").context("/studies/night").rows[0].line.worker
    return found | {"worker": worker}


@pytest.fixture(scope="module", autouse=True)
def _figures(served: tuple[Site, str]) -> None:
    """Worked out before anybody looks: the page of a study is looked at with its tables."""
    site, _ = served
    with site.database.reading() as db:
        study = study_by_slug(db, "night")
    current_figures(site.database, PREVALENCE, [study], site.clock, in_child=False)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("path", PAGES)
def test_is_accessible_and_fits(reader: Callable[..., Reader], names: dict[str, str], path: str, look: str) -> None:
    window = reader("olivia", **LOOKS[look])
    window.open(path.format(**names))
    assert window.violations() == []
    assert window.overflow() <= 0


@pytest.mark.parametrize("look", LOOKS)
def test_signing_in_is_accessible_and_fits(reader: Callable[..., Reader], look: str) -> None:
    window = reader("olivia", **LOOKS[look])
    window.open("/sign-in")
    assert window.violations() == []
    assert window.overflow() <= 0
