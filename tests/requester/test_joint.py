from keytrail.models import Membership, Role, User
from keytrail.requester.synthetic.joint import JointPage
from keytrail.studies import StudyDefinition, create_study
from keytrail.users.tokens import create_token
from tests.requester.site import Site


def _second_study(site: Site) -> None:
    """Olivia's alone."""
    with site.database.writing() as db:
        study = create_study(
            db, StudyDefinition(title="Day light", slug="day", instructions="Sum up."), None, site.clock()
        )
        db.add(Membership(user_id=site.people["olivia"], study_id=study.id, role=Role.OWNER))


def test_studies_are_chosen_and_estimated_together(site: Site) -> None:
    _second_study(site)
    work = site.hand()
    work.hand.types("Staff slept a bit longer under amber light.")
    work.submit()
    olivia = site.visitor("olivia")
    chosen: JointPage = olivia.context("/prevalence?study=night")
    assert [(one.slug, one.chosen) for one in chosen.choices] == [("day", False), ("night", True)]
    assert (chosen.found, chosen.problem) == (None, "Choose at least two studies; one alone has its own estimate.")
    page: JointPage = olivia.settled("/prevalence?study=night&study=day")
    assert page.found is not None
    assert [(one.slug, one.analysed) for one in page.found.studies] == [("night", 1), ("day", 0)]
    assert page.plot is not None
    assert [row.unit for row in page.rows] == ["submissions"] * 4 + ["workers"] * 2
    html = olivia.page("/prevalence?study=night&study=day")
    assert "counts as two workers" in html
    assert "no classifier yet" in html


def test_nothing_is_chosen_at_first(site: Site) -> None:
    page: JointPage = site.visitor("vera").context("/prevalence")
    assert (page.found, page.problem, [one.chosen for one in page.choices]) == (None, "", [False])


def test_a_study_of_others_cannot_be_chosen(site: Site) -> None:
    _second_study(site)
    assert site.visitor("vera").get("/prevalence?study=night&study=day").status_code == 404
    with site.database.writing() as db:
        tokens = {
            name: create_token(db, db.get_one(User, site.people[name]), "test", site.clock())
            for name in ("vera", "olivia")
        }
    client = site.visitor().client
    address = "/api/v1/prevalence?study=night&study=day"
    answers = {
        name: client.get(address, headers={"authorization": f"Bearer {token}"}) for name, token in tokens.items()
    }
    assert answers["vera"].status_code == 404
    assert [one["slug"] for one in answers["olivia"].json()["studies"]] == ["night", "day"]
