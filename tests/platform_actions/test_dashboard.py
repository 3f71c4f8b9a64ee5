from datetime import timedelta
from decimal import Decimal

import pytest
from httpx2 import Client, MockTransport, Request, Response
from sqlalchemy import select

from keytrail.models import ActionKind, PlatformAction, Study, User
from keytrail.platform_actions.outbox import Order, queue
from keytrail.platforms import CAPABILITY_WORDS, Capability
from keytrail.platforms.fees import RewardFees
from keytrail.requester.platform import page
from keytrail.requester.platform.page import PlatformPage, PublicationPreviewPage
from keytrail.requester.platform.payments_page import PaymentsPage
from keytrail.studies import StudyDefinition, create_study, study_by_slug
from tests.platform_actions.sending import confirmed
from tests.requester.conftest import site
from tests.requester.site import Site, Visitor, words_of

__all__ = ["site"]

OFFER = {"title": "T", "description": "D", "assignments": "2", "days": "3", "auto_approve_days": "7"}
PLATFORM, PAYMENTS = "/studies/night/platform", "/studies/night/payments"


@pytest.fixture
def olivia(site: Site) -> Visitor:
    return site.visitor("olivia")


def change(site: Site, **changes: object) -> None:
    with site.database.writing() as db:
        study = study_by_slug(db, "night")
        for name, value in changes.items():
            setattr(study, name, value)


def queued(site: Site, kind: ActionKind = ActionKind.EXCLUDE) -> int:
    with site.database.writing() as db:
        return queue(
            db, study_by_slug(db, "night"), Order(kind, amount_cents=5), site.people["olivia"], site.clock()
        ).id


def states(site: Site) -> list[str]:
    with site.database.reading() as db:
        return list(db.scalars(select(PlatformAction.state).order_by(PlatformAction.id)))


ONLY_AT_PROLIFIC = (
    Capability.PAUSE,
    Capability.RETURN,
    Capability.PART_PAY,
    Capability.SCREEN_OUT,
    Capability.TEST_RUN,
)


def send(visitor: Visitor, *numbers: int) -> Response:
    """Look at the preview of these actions and confirm it."""
    shown = visitor.post(f"{PAYMENTS}/preview", pick=[str(number) for number in numbers]).text
    return visitor.post(f"{PAYMENTS}/sending", **confirmed(shown))


class TestPlatformPage:
    def test_names_the_missing_setting_and_everything_that_can_be_done(self, olivia: Visitor) -> None:
        page: PlatformPage = olivia.context(PLATFORM)
        assert "KEYTRAIL_MTURK_ENDPOINT" in page.connected
        elsewhere = dict(page.elsewhere)
        assert set(elsewhere) == {CAPABILITY_WORDS[one] for one in ONLY_AT_PROLIFIC}
        assert all(sentence.endswith(".") for sentence in elsewhere.values())

    def test_connects_no_two_studies_to_one_there(self, site: Site, olivia: Visitor) -> None:
        """This server's account there reaches the other owner's study, its participants and their pay."""
        change(site, platform="prolific")
        with site.database.writing() as db:
            definition = StudyDefinition(title="Day", slug="day", instructions="Write.", platform="prolific")
            otto = db.get_one(User, site.people["otto"])
            create_study(db, definition, otto, site.clock()).platform_options = {"study_id": "OTTOS"}
        refused = olivia.post(f"{PLATFORM}/options", study_id="OTTOS")
        assert (refused.status_code, "another study on this server has this id" in refused.text) == (400, True)
        for _ in range(2):
            assert olivia.post(f"{PLATFORM}/options", study_id="OWN").is_redirect

    def test_fills_in_prolifics_link_and_suggests_codes(self, site: Site, olivia: Visitor) -> None:
        change(site, platform="prolific")
        page: PlatformPage = olivia.context(PLATFORM)
        assert page.pastes[0].value == (
            "http://keytrail.test/task/night?STUDY_ID={{%STUDY_ID%}}&SESSION_ID={{%SESSION_ID%}}"
            "&PROLIFIC_PID={{%PROLIFIC_PID%}}"
        )
        assert page.hook_url == "http://keytrail.test/api/hooks/prolific/night"
        code = next(option for option in page.options if option.name == "completion_code")
        assert (len(code.value), code.suggested) == (8, True)
        olivia.post(f"{PLATFORM}/options", completion_code=code.value, study_id="abc123")
        again: PlatformPage = olivia.context(PLATFORM)
        assert code.value in {paste.value for paste in again.pastes}
        assert "instead of failing" not in words_of(olivia.page(PLATFORM))
        assert again.elsewhere == []

    @pytest.mark.parametrize(
        "wrong",
        [
            {"completion_code": "<script>"},
            {"completion_url": "javascript:alert(1)"},
            {"completion_url": "//evil.example"},
            {"worker_parameter": "a&b"},
            {"not_from": "../x"},
            {"completion_code": "x" * 65},
        ],
    )
    def test_takes_no_option_that_could_harm(self, site: Site, olivia: Visitor, wrong: dict[str, str]) -> None:
        change(site, platform="panel")
        answer = olivia.post(f"{PLATFORM}/options", **wrong)
        assert (answer.status_code, "cannot be used" in answer.text) == (400, True)
        with site.database.reading() as db:
            assert study_by_slug(db, "night").platform_options == {}

    def test_checks_the_link_in_words(self, site: Site, olivia: Visitor) -> None:
        change(site, state="paused")
        page = words_of(olivia.post(f"{PLATFORM}/check").text)
        assert "The study takes workers: no. It is paused." in page
        assert "Ids are recognised: yes." in page
        assert "The page answers: no." in page
        assert "The address is one that the platform frames: no." in page

    def test_follows_a_direct_link_to_the_page(
        self, site: Site, olivia: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The bare link of a direct study leads to one with an id: that is a page that answers."""
        change(site, platform="direct")

        def server(request: Request) -> Response:
            if not request.url.query:
                return Response(303, headers={"location": "/task/night?participant=visit1"})
            return Response(200, headers={"content-security-policy": "frame-ancestors *"})

        monkeypatch.setattr("httpx2.get", Client(transport=MockTransport(server)).get)
        assert "The page answers: yes." in words_of(olivia.post(f"{PLATFORM}/check").text)

    def test_previews_the_cost_and_changes_nothing(self, site: Site, olivia: Visitor) -> None:
        change(site, reward_cents=100)
        answer = olivia.post(f"{PLATFORM}/preview", **OFFER)
        page = site.app.state.pages.last
        assert isinstance(page, PublicationPreviewPage)
        assert (answer.status_code, page.total, len(page.plan.items)) == (200, "7.20 USD", 3)
        assert states(site) == []

    def test_names_the_fees_that_are_charged(self, olivia: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
        usual = words_of(olivia.post(f"{PLATFORM}/preview", **(OFFER | {"assignments": "10"})).text)
        assert "With 10 or more places each, the fee on rewards is 40 %. With 9 it is 20 %." in usual
        monkeypatch.setattr(page, "MTURK_REWARD_FEES", RewardFees(6, Decimal("0.10"), Decimal("0.15")))
        changed = words_of(olivia.post(f"{PLATFORM}/preview", **(OFFER | {"assignments": "10"})).text)
        assert "With 6 or more places each, the fee on rewards is 15 %. With 5 it is 10 %." in changed
        form = words_of(olivia.get(PLATFORM).text)
        assert "With 6 or more the fee on rewards is 15 % instead of 10 %." in form

    def test_shows_what_is_wrong_with_an_offer(self, olivia: Visitor) -> None:
        answer = olivia.post(f"{PLATFORM}/preview", **(OFFER | {"countries": "Atlantis"}))
        assert (answer.status_code, "ATLANTIS" in answer.text) == (400, True)

    def test_the_budget_stops_publishing(self, site: Site, olivia: Visitor) -> None:
        change(site, reward_cents=100)
        assert olivia.post(f"{PLATFORM}/budget", budget="7.19").status_code == 303
        assert "more than the budget" in olivia.post(f"{PLATFORM}/preview", **OFFER).text
        assert olivia.post(f"{PLATFORM}/publication", **OFFER).status_code == 409
        assert states(site) == []

    def test_without_a_marketplace_the_hits_wait(self, site: Site, olivia: Visitor) -> None:
        change(site, reward_cents=100)
        assert olivia.post(f"{PLATFORM}/publication", **OFFER).status_code == 303
        assert states(site) == ["failed"] * 3
        page: PaymentsPage = olivia.context(PAYMENTS)
        assert [line.outcome[:29] for line in page.waiting.lines] == ["No marketplace is configured."] * 3


class TestPaymentsPage:
    def test_only_an_owner_sends(self, site: Site) -> None:
        number = str(queued(site))
        for name in ("rafael", "vera"):
            visitor = site.visitor(name)
            assert visitor.post(f"{PAYMENTS}/sending", pick=number).status_code == 403
            assert visitor.post(f"{PLATFORM}/publication", **OFFER).status_code == 403
            assert visitor.get(PAYMENTS).status_code == 200
        assert states(site) == ["queued"]
        assert site.visitor("vera").post(f"{PAYMENTS}/cancelled", action=number).status_code == 403
        assert site.visitor("rafael").post(f"{PAYMENTS}/cancelled", action=number).status_code == 303
        assert states(site) == ["cancelled"]

    def test_all_that_is_listed_can_be_sent_at_once(self, site: Site, olivia: Visitor) -> None:
        for _ in range(101):
            queued(site)
        page: PaymentsPage = olivia.context(PAYMENTS)
        assert (len(page.waiting.lines), page.waiting_in_all, page.waiting.pages) == (100, 101, 2)
        second: PaymentsPage = olivia.context(f"{PAYMENTS}?page=2")
        (last,) = second.waiting.lines
        assert olivia.context(f"{PAYMENTS}?page=9").waiting.number == 2
        assert send(olivia, *(line.id for line in page.waiting.lines)).is_redirect
        left: PaymentsPage = olivia.context(PAYMENTS)
        # What failed comes last, and is selected until it has failed twice.
        assert [line.id for line in left.waiting.lines] == [last.id, *(line.id for line in page.waiting.lines[:-1])]
        assert [line.state for line in left.waiting.lines] == ["queued", *["failed"] * 99]
        assert all(line.selected for line in left.waiting.lines)
        send(olivia, left.waiting.lines[1].id)
        again: PaymentsPage = olivia.context(PAYMENTS)
        assert [line.selected for line in again.waiting.lines if line.id == left.waiting.lines[1].id] == [False]

    def test_lists_take_the_same_statements_however_long_they_are(self, site: Site, olivia: Visitor) -> None:
        def statements() -> int:
            with site.counted_statements() as seen:
                olivia.page(PAYMENTS)
            return len(seen)

        queued(site, ActionKind.BONUS)
        first = statements()
        for kind in (ActionKind.BONUS, ActionKind.APPROVE, ActionKind.REJECT, ActionKind.EXCLUDE):
            for _ in range(5):
                queued(site, kind)
        assert statements() == first

    def test_an_item_that_is_gone_is_said_to_be(self, site: Site, olivia: Visitor) -> None:
        queued(site, ActionKind.PUBLISH)
        (line,) = olivia.context(PAYMENTS).waiting.lines
        assert line.about == "an item that was removed"

    def test_an_action_of_another_study_cannot_be_touched(self, site: Site, olivia: Visitor) -> None:
        number = queued(site)
        with site.database.writing() as db:
            night = study_by_slug(db, "night")
            values = {c.name: getattr(night, c.name) for c in Study.__table__.columns if c.name not in {"id", "slug"}}
            other = Study(slug="other", **values)
            db.add(other)
            db.flush()
            action = db.get_one(PlatformAction, number)
            action.study_id = other.id
        assert olivia.post(f"{PAYMENTS}/cancelled", action=str(number)).status_code == 404
        assert olivia.post(f"{PAYMENTS}/preview", pick=str(number)).status_code == 404
        assert olivia.post(f"{PAYMENTS}/sending", pick=str(number)).status_code == 404

    def test_what_a_platform_cannot_do_is_said_and_marked_by_hand(self, site: Site, olivia: Visitor) -> None:
        change(site, platform="panel")
        number = str(queued(site, ActionKind.REJECT))
        shown = words_of(olivia.post(f"{PAYMENTS}/preview", pick=number).text)
        assert "Nothing to send" in shown
        assert "Keytrail cannot send this to the panel" in shown
        (line,) = olivia.context(PAYMENTS).waiting.lines
        assert (line.can_send, line.can_mark) == (False, True)
        assert line.instead.startswith("Keytrail cannot send this to the panel. Do it there")
        olivia.post(f"{PAYMENTS}/done", pick=number)
        assert [line.outcome for line in olivia.context(PAYMENTS).ended.lines] == ["Done by hand at the platform."]

    def test_a_bonus_with_a_mistake_keeps_what_was_typed(self, site: Site, olivia: Visitor) -> None:
        work = site.hand()
        work.hand.types("Text.")
        fields = {"submission": work.submit(), "amount": "one", "reason": "<b>Good</b>", "token": "a" * 32}
        answer = olivia.post(f"{PAYMENTS}/bonus", **fields)
        assert answer.status_code == 400
        assert 'value="&lt;b&gt;Good&lt;/b&gt;"' in answer.text
        assert olivia.post(f"{PAYMENTS}/bonus", submission="nowhere", amount="1", reason="x").status_code == 404
        assert states(site) == []

    def test_the_feedback_can_be_changed_until_it_is_sent(self, site: Site, olivia: Visitor) -> None:
        number = str(queued(site, ActionKind.REJECT))
        assert olivia.post(f"{PAYMENTS}/feedback", action=number, reason="x" * 1025).status_code == 400
        assert olivia.post(f"{PAYMENTS}/feedback", action=number, reason="Please write here.").status_code == 303
        assert olivia.context(PAYMENTS).waiting.lines[0].reason == "Please write here."
        with site.database.writing() as db:
            db.get_one(PlatformAction, int(number)).sending_since = site.clock() - timedelta(minutes=5)
            db.get_one(PlatformAction, int(number)).state = "sent"  # type: ignore[assignment]  # stored as text
        assert olivia.post(f"{PAYMENTS}/feedback", action=number, reason="Else.").status_code == 409
