"""The study of the dashboard tests: three items, an owner, a reviewer, a viewer, and an outsider."""

from sqlalchemy.orm import Session

from keytrail.db import Database
from keytrail.main import create_app
from keytrail.models import Membership, Role, User
from keytrail.settings import Settings
from keytrail.studies import ItemRow, StudyDefinition, add_items, create_study
from tests.conftest import FakeClock
from tests.requester.site import Site, WatchedPages

ROLES = {"olivia": Role.OWNER, "rafael": Role.REVIEWER, "vera": Role.VIEWER, "otto": None}
# Olivia and Otto had their accounts from whoever runs the server, the others came by invitation.
MAY = {"olivia", "otto"}
ITEM = (
    "Background: Staff who rotate between day and night shifts often sleep badly. Methods: Fourteen wards were "
    "randomly allocated to amber light or to the usual ceiling lights for eight weeks. Results: Sleep lasted 6.1 hours "
    "in the amber group and 5.6 hours in the control group. Conclusions: Amber light may help, but is hard to read by."
)


def night_study(settings: Settings, clock: FakeClock) -> Site:
    """A running application over a migrated database, with the study in it."""
    app = create_app(settings, clock=clock)
    app.state.pages = WatchedPages()
    database: Database = app.state.services.database
    with database.writing() as db:
        people = {name: _user(db, name, clock) for name in ROLES}
        definition = StudyDefinition(
            title="Night light", slug="night", instructions="Summarise.", minimum_words=1, places_per_item=50
        )
        study = create_study(db, definition, None, clock())
        add_items(db, study, [ItemRow(key=key, title=f"Item {key}", text=f"{ITEM} ({key})") for key in "abc"])
        for name, role in ROLES.items():
            if role is not None:
                db.add(Membership(user_id=people[name], study_id=study.id, role=role))
    return Site(app, clock, "night", people, {key: f"{ITEM} ({key})" for key in "abc"})


def _user(db: Session, name: str, clock: FakeClock) -> int:
    # Not through add_user: argon2 takes its time, and these tests sign in by cookie.
    user = User(email=f"{name}@example.org", name=name.capitalize(), password_hash="unknown", created_at=clock())
    if name in MAY:
        user.may_create_studies = user.may_spend = True
    db.add(user)
    db.flush()
    return user.id
