import re
from pathlib import Path

import pytest
from sqlalchemy import select

from keytrail.models import AssignmentIdentity, AuditEntry, Membership, PlatformAction, PlatformTask, Study, Submission
from keytrail.requester.study.editing import StudyFormPage
from keytrail.requester.study.form import LABELS, StudyForm
from tests.requester.site import Site, Visitor, words_of

FIELDS = {
    "title": "Product reviews",
    "instructions": "Write **one** review.",
    "consent": "We record how you write.",
    "minimum_words": "10",
    "maximum_words": "90",
    "reward": "0.75",
    "currency": "EUR",
    "platform": "prolific",
    "places_per_item": "4",
    "assignment_minutes": "30",
    "reviews_per_submission": "2",
    "limit_external_high_share": "0,4",
    "refuse_paste": "1",
    "asks_model_use": "1",
    "slug": "",
}


@pytest.fixture
def olivia(site: Site) -> Visitor:
    return site.visitor("olivia")


class TestCreating:
    def test_a_study_is_created_and_its_creator_owns_it(self, site: Site) -> None:
        otto = site.visitor("otto")
        answer = otto.post("/new-study", **FIELDS)
        assert answer.headers["location"] == "/studies/product-reviews/items"
        with site.database.reading() as db:
            study = db.scalars(select(Study).where(Study.slug == "product-reviews")).one()
            role = db.get_one(Membership, (site.people["otto"], study.id)).role
        assert role == "owner"
        assert (study.reward_cents, study.currency, study.platform) == (75, "EUR", "prolific")
        assert study.rules == {"external_high_share": 0.4, "refuse_paste": 1.0}
        assert study.reviews_per_submission == 2
        assert study.asks_model_use

    def test_a_reward_may_have_a_decimal_comma(self, site: Site, olivia: Visitor) -> None:
        olivia.post("/new-study", **(FIELDS | {"reward": " 1,2"}))
        with site.database.reading() as db:
            assert db.scalars(select(Study.reward_cents).where(Study.slug == "product-reviews")).one() == 120

    @pytest.mark.parametrize(
        ("fields", "name", "words"),
        [
            ({"title": " "}, "title", "Fill in this field."),
            ({"reward": "much"}, "reward", "Enter an amount, for example 1.50."),
            ({"reward": "1,200"}, "reward", "Enter an amount, for example 1.50."),
            ({"minimum_words": "100"}, "minimum_words", "no more than under “Longest text”"),
            ({"currency": "euro"}, "currency", "three capital letters"),
            ({"platform": "mturk"}, "currency", "charges and pays in USD"),
            ({"limit_external_high_share": "much"}, "limit_external_high_share", "a number from 0 on"),
            ({"limit_external_high_share": "nan"}, "limit_external_high_share", "a number from 0 on"),
            ({"limit_key_window_ms": "1.5"}, "limit_key_window_ms", "a whole number from 0 on"),
            ({"limit_automation_severity": "none"}, "limit_automation_severity", "the default"),
            ({"slug": "Not A Slug"}, "slug", "letters a to z"),
            ({"language": "DE"}, "language", "no translation into 'DE'"),
            ({"language": "de-AT"}, "language", "no translation into 'de-AT'"),
            ({"slug": "night"}, "slug", "already"),
        ],
    )
    def test_a_form_that_will_not_do_comes_back_with_what_is_wrong(
        self, site: Site, olivia: Visitor, fields: dict[str, str], name: str, words: str
    ) -> None:
        answer = olivia.post("/new-study", **(FIELDS | fields))
        assert answer.status_code in {400, 409}
        page = site.app.state.pages.last
        assert words in page.form.problems[name]
        assert page.form.values["instructions"] == FIELDS["instructions"]

    def test_the_list_of_errors_names_each_field_as_the_page_does(self, olivia: Visitor) -> None:
        wrong = {"minimum_words": "some", "places_per_item": "0", "limit_key_window_ms": "1.5"}
        page = olivia.post("/new-study", **(FIELDS | wrong)).text
        named = dict(re.findall(r'<li><a href="#(\w+)">([^<]+)</a>: ', page))
        assert named.keys() == wrong.keys()
        assert all(f'<label for="{field}">{label}</label>' in page for field, label in named.items())
        assert set(LABELS) <= set(re.findall(r'(?:id|for)="(\w+)"', page)), "a label of no field"

    def test_a_language_with_a_new_catalogue_can_be_chosen_and_a_broken_one_cannot(
        self, site: Site, olivia: Visitor, catalogues: Path
    ) -> None:
        head = 'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        (catalogues / "sv.po").write_text(f'{head}msgid "Reward"\nmsgstr "Ersättning"\n', "utf-8")
        (catalogues / "da.po").write_text(f"{head}msgid Reward", "utf-8")
        page: StudyFormPage = olivia.context("/new-study")
        assert [language.name for language in page.languages] == ["English", "svenska"]
        assert '<option value="sv" lang="sv">svenska</option>' in olivia.get("/new-study").text
        olivia.post("/new-study", **(FIELDS | {"language": "sv"}))
        with site.database.reading() as db:
            assert db.scalars(select(Study.language).where(Study.slug == "product-reviews")).one() == "sv"


class TestEditing:
    def test_the_form_holds_what_the_study_has_and_saving_it_changes_nothing(self, site: Site) -> None:
        otto = site.visitor("otto")
        otto.post("/new-study", **FIELDS)
        page: StudyFormPage = otto.context("/studies/product-reviews/settings")
        assert otto.post("/studies/product-reviews/settings", **page.form.values).status_code == 303
        with site.database.reading() as db:
            assert db.scalars(select(AuditEntry)).all() == []

    def test_a_change_is_saved_and_noted(self, site: Site, olivia: Visitor) -> None:
        page: StudyFormPage = olivia.context("/studies/night/settings")
        changed = {**page.form.values, "title": "Night light, again", "reward": "1.20"}
        assert olivia.post("/studies/night/settings", **changed).headers["location"].endswith("settings?saved=1")
        with site.database.reading() as db:
            study = db.scalars(select(Study).where(Study.slug == "night")).one()
            entry = db.scalars(select(AuditEntry)).one()
        assert (study.title, study.reward_cents) == ("Night light, again", 120)
        assert entry.detail == {"changed": ["reward_cents", "title"]}

    def test_the_platform_stays_once_somebody_has_begun(self, site: Site, olivia: Visitor) -> None:
        work = site.hand()
        work.hand.types("Begun.")
        work.submit()
        page: StudyFormPage = olivia.context("/studies/night/settings")
        answer = olivia.post("/studies/night/settings", **{**page.form.values, "platform": "direct"})
        assert answer.status_code == 400
        assert "platform" in site.app.state.pages.last.form.problems

    @pytest.mark.parametrize("since", ["nothing", "a text", "a draft at the platform"])
    def test_the_currency_stays_once_pay_was_promised_in_it(self, site: Site, olivia: Visitor, since: str) -> None:
        with site.database.writing() as db:
            study = db.scalars(select(Study).where(Study.slug == "night")).one()
            study.platform = "prolific"
            if since == "a draft at the platform":
                db.add(PlatformTask(study_id=study.id, external_id="T", status="DRAFT", places=1, available=1,
                                    place_cents=100, published_at=site.clock(), synced_at=site.clock()))  # fmt: skip
        if since == "a text":
            work = site.hand()
            work.hand.types("Begun.")
            work.submit()
        page: StudyFormPage = olivia.context("/studies/night/settings")
        answer = olivia.post("/studies/night/settings", **{**page.form.values, "currency": "GBP"})
        fixed = since != "nothing"
        assert answer.status_code == (400 if fixed else 303)
        assert ("promised" in words_of(answer.text)) == fixed

    @pytest.mark.parametrize("state", ["paused", "closed", "open"])
    def test_a_study_is_paused_closed_and_opened(self, site: Site, olivia: Visitor, state: str) -> None:
        assert olivia.post("/studies/night/state", state=state).status_code == 303
        with site.database.reading() as db:
            assert db.scalars(select(Study.state).where(Study.slug == "night")).one() == state

    def test_another_state_is_refused(self, olivia: Visitor) -> None:
        assert olivia.post("/studies/night/state", state="gone").status_code == 400

    @pytest.mark.parametrize("name", ["rafael", "vera"])
    def test_only_owners_may(self, site: Site, name: str) -> None:
        visitor = site.visitor(name)
        assert visitor.get("/studies/night/settings").status_code == 403
        assert visitor.post("/studies/night/settings", **FIELDS).status_code == 403
        assert visitor.post("/studies/night/state", state="closed").status_code == 403


class TestAnotherNumberOfReviewers:
    @pytest.fixture
    def submitted(self, site: Site) -> str:
        """A submission that a platform would pay for."""
        work = site.hand()
        work.hand.types("Decided.")
        public_id = work.submit()
        with site.database.writing() as db:
            session_id = db.scalars(select(Submission.session_id)).one()
            db.add(AssignmentIdentity(session_id=session_id, assignment_id="A1"))
        return public_id

    def ask(self, olivia: Visitor, reviewers: int) -> None:
        page: StudyFormPage = olivia.context("/studies/night/settings")
        values = {**page.form.values, "reviews_per_submission": str(reviewers)}
        assert olivia.post("/studies/night/settings", **values).is_redirect

    def decide(self, visitor: Visitor, submission: str, kind: str) -> None:
        assert visitor.post(f"/submissions/{submission}/decisions", kind=kind, reason="no_typing").is_redirect

    def payments(self, site: Site) -> list[tuple[str, str]]:
        with site.database.reading() as db:
            found = db.execute(select(PlatformAction.kind, PlatformAction.state).order_by(PlatformAction.id))
            return [(kind, state) for kind, state in found]

    def test_more_bring_what_one_decided_back_into_the_queue(self, site: Site, olivia: Visitor, submitted: str) -> None:
        self.decide(olivia, submitted, "accept")
        rafael = site.visitor("rafael")
        assert list(rafael.context("/studies/night/queue").rows) == []
        assert self.payments(site) == [("approve", "queued")]
        self.ask(olivia, 2)
        assert len(rafael.context("/studies/night/queue").rows) == 1
        assert self.payments(site) == [("approve", "cancelled")]

    def test_with_fewer_what_is_settled_is_to_be_paid(self, site: Site, olivia: Visitor, submitted: str) -> None:
        self.ask(olivia, 2)
        self.decide(olivia, submitted, "accept")
        assert self.payments(site) == []
        self.ask(olivia, 1)
        assert self.payments(site) == [("approve", "queued")]

    @pytest.mark.parametrize(("before", "after"), [(3, 2), (2, 1), (3, 1)])
    def test_two_who_differ_still_wait_for_a_third(
        self, site: Site, olivia: Visitor, submitted: str, before: int, after: int
    ) -> None:
        self.ask(olivia, before)
        self.decide(olivia, submitted, "accept")
        self.decide(site.visitor("rafael"), submitted, "propose_rejection")
        self.ask(olivia, after)
        with site.database.reading() as db:
            assert db.scalars(select(Submission.settled)).one() is False
        assert self.payments(site) == []

    def test_what_stays_as_it_is_costs_nothing_each(self, site: Site, olivia: Visitor) -> None:
        sent = []
        for reviewers in (2, 3):
            for _ in range(reviewers):
                work = site.hand()
                work.hand.types("Decided.")
                self.decide(olivia, work.submit(), "second_look")
            with site.counted_statements() as seen:
                self.ask(olivia, reviewers)
            sent.append(len(seen))
        assert sent[0] == sent[1]


class TestPreview:
    def test_is_the_workers_own_page_with_what_stands_in_the_form(self, site: Site, olivia: Visitor) -> None:
        shown = words_of(olivia.post("/study-preview", **FIELDS, study="night").text)
        assert "This is a preview." in shown
        assert "Write one review." in shown
        assert "10 to 90 words" in shown
        assert "We record how you write." in shown
        assert site.items["a"] in shown

    @pytest.mark.parametrize(
        ("platform", "words"),
        [("mturk", "in your marketplace first"), ("direct", "Open the link that you were sent, then you can begin.")],
    )
    def test_the_preview_speaks_as_the_platform_chosen_in_the_form(
        self, olivia: Visitor, platform: str, words: str
    ) -> None:
        fields = FIELDS | {"platform": platform, "currency": "USD"}
        assert words in words_of(olivia.post("/study-preview", **fields).text)

    def test_takes_a_form_that_is_not_finished(self, olivia: Visitor) -> None:
        assert olivia.post("/study-preview", title="", instructions="<script>alert(1)</script>").status_code == 200

    def test_shows_nothing_of_a_study_of_others(self, site: Site) -> None:
        assert site.visitor("otto").post("/study-preview", study="night").status_code == 404


def test_an_empty_form_is_one_that_can_be_filled_in() -> None:
    form = StudyForm.empty()
    filled = StudyForm({**form.values, "title": "T", "instructions": "I"})
    assert not isinstance(filled.definition(), StudyForm)
