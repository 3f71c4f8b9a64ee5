"""Every action that spends money, by page, command and use case: required rights, and budget limits."""

import pytest
import typer
from fastapi.routing import iter_route_contexts
from httpx2 import Response
from sqlalchemy import select
from typer.testing import CliRunner

from keytrail.cli import app as commands
from keytrail.errors import Conflict, DomainError, Forbidden
from keytrail.models import (
    ActionKind,
    ActionState,
    PlatformAction,
    User,
)
from keytrail.platform_actions.kinds import COMMITTING
from keytrail.platform_actions.outbox import Order, queue
from keytrail.studies import study_by_slug
from tests.platform_actions.every_action import ENDING, HOME, REFUSED, Till, till
from tests.platform_actions.sending import confirmed
from tests.requester.conftest import site
from tests.requester.site import ORIGIN, Site, words_of

__all__ = ["site", "till"]
# Only where a study is drafted at its platform, which Mechanical Turk's is not: see test_recruitment.
DRAFTING_FORMS = {f"{HOME}/platform/{step}" for step in ("draft", "launch", "pause", "resumption", "trial")}
# Every form of the two pages is one or the other: a new one has to be sorted in here.
SPENDING_FORMS = {
    f"{HOME}/platform/publication",
    f"{HOME}/platform/extension",
    f"{HOME}/payments/sending",
    f"{HOME}/payments/done",
    f"{HOME}/payments/done-list",
    f"{HOME}/payments/bonus",
    f"{HOME}/payments/unmatched",
}
# They spend nothing and use the server's accounts.
ASKING_FORMS = {f"{HOME}/payments/comparison"}
OTHER_FORMS = {
    f"{HOME}/platform/options",
    f"{HOME}/platform/check",
    f"{HOME}/platform/budget",
    f"{HOME}/platform/preview",
    f"{HOME}/platform/expiry",
    f"{HOME}/platform/links",
    *DRAFTING_FORMS,
    f"{HOME}/payments/choice",
    f"{HOME}/payments/places",
    f"{HOME}/payments/preview",
    f"{HOME}/payments/ids",
    f"{HOME}/payments/list",
    f"{HOME}/payments/cancelled",
    f"{HOME}/payments/feedback",
    f"{HOME}/payments/message",
    f"{HOME}/payments/exclusion",
}
SETTLING_COMMANDS = {"return", "part-pay", "screen-out", "reject"}
SPENDING_COMMANDS = {
    "mturk": {"publish", "extend", "approve", "reject", "bonus", "message", "qualify"},
    "prolific": {"draft", "publish", "extend", "resume", "test", "approve", "bonus", "message", "exclude", "subscribe"}
    | SETTLING_COMMANDS,
    "connect": {"draft", "publish", "extend", "resume", "approve", "reject", "bonus", "message", "exclude"},
    "payments": {"send", "settle", "done"},
}
OTHER_COMMANDS = {
    "mturk": {"status", "expire", "sync"},
    "prolific": {"status", "pause", "stop", "sync"},
    "connect": {"status", "pause", "stop", "sync"},
    "payments": {"list", "preview", "cancel"},
}
# Nadia was invited as an owner, and has no rights in the installation.
EACH_COMMAND = sorted((group, command) for group, names in SPENDING_COMMANDS.items() for command in names)


class TestUseCases:
    @pytest.mark.parametrize("kind", ActionKind)
    @pytest.mark.parametrize("name", [*REFUSED, None])
    def test_refuse_whoever_may_not_and_say_who_can_help(self, till: Till, kind: ActionKind, name: str | None) -> None:
        if name == "nadia" and kind in ENDING:
            till.claim(kind, name)
            return
        with pytest.raises(Forbidden, match=r"Ask Olivia \(olivia@example.org\) to do it"):
            till.claim(kind, name)

    @pytest.mark.parametrize("kind", ActionKind)
    def test_let_an_owner_with_the_right_pass(self, till: Till, kind: ActionKind) -> None:
        till.claim(kind, "olivia")

    @pytest.mark.parametrize("kind", ActionKind)
    @pytest.mark.parametrize("which", ["study", "installation"])
    def test_stop_at_either_budget_but_never_the_pay_for_work_that_is_done(
        self, till: Till, kind: ActionKind, which: str
    ) -> None:
        till.limit(which, 240 + 9)
        if kind not in COMMITTING:
            till.claim(kind, "olivia")
            return
        with pytest.raises(Conflict, match=r"commit 0\.10 USD.*\(0\.09 USD\).*(An owner|the operator of this server)"):
            till.claim(kind, "olivia")
        till.limit(which, 240 + 10)
        till.claim(kind, "olivia")

    def test_a_right_that_was_taken_away_is_gone_at_once(self, till: Till) -> None:
        with till.site.database.writing() as db:
            db.get_one(User, till.site.people["olivia"]).may_spend = False
        with pytest.raises(Forbidden, match="the operator of this server to give you this right"):
            till.claim(ActionKind.APPROVE, "olivia")

    def test_ordering_what_commits_money_takes_the_right_already(self, till: Till) -> None:
        for kind in COMMITTING:
            with till.site.database.writing() as db, pytest.raises(Forbidden):
                queue(db, study_by_slug(db, "night"), Order(kind), till.user_id("nadia"), till.site.clock())


class TestPages:
    def test_every_form_is_sorted(self, site: Site) -> None:
        posted = {
            found.path
            for found in iter_route_contexts(site.app.routes)
            if "POST" in (found.methods or ())
            and (found.path or "").startswith((f"{HOME}/platform", f"{HOME}/payments"))
        }
        assert posted == SPENDING_FORMS | ASKING_FORMS | OTHER_FORMS

    @pytest.mark.parametrize("path", sorted(SPENDING_FORMS | ASKING_FORMS))
    def test_refuse_whoever_may_not(self, till: Till, path: str) -> None:
        before = till.moved()
        for name in REFUSED:
            answer = self.post(till, name, path, till.fields(path))
            assert answer.status_code == (404 if name == "otto" else 403), name
            assert till.moved() == before, name
            if name == "nadia":
                assert "Ask Olivia (olivia@example.org) to do it" in answer.text

    @pytest.mark.parametrize("path", sorted(SPENDING_FORMS))
    def test_do_something_for_an_owner_with_the_right(self, till: Till, path: str) -> None:
        if path.endswith("/publication"):
            with till.site.database.writing() as db:
                db.get_one(PlatformAction, till.actions[ActionKind.PUBLISH]).state = ActionState.CANCELLED
        before, actions = till.moved(), self.count(till)
        fields = till.fields(path)
        if path.endswith("/sending"):
            shown = till.site.visitor("olivia").post("/studies/night/payments/preview", **fields).text
            fields = confirmed(shown)
        answer = self.post(till, "olivia", path, fields)
        assert answer.status_code == 303, answer.text
        assert (till.moved(), self.count(till)) != (before, actions)

    def post(self, till: Till, name: str, path: str, fields: dict[str, str | list[str]]) -> Response:
        """The form with its fields, or with its file."""
        visitor, address = till.site.visitor(name), path.format(slug="night")
        if not path.endswith("/done-list"):
            return visitor.post(address, **fields)
        listed = f"action_number\n{till.actions[ActionKind.BONUS]}\n".encode()
        return visitor.client.post(address, files={"file": ("done.csv", listed)}, headers={"origin": ORIGIN})

    def count(self, till: Till) -> int:
        with till.site.database.reading() as db:
            return len(db.scalars(select(PlatformAction.id)).all())

    def test_say_why_beside_what_a_budget_stopped(self, till: Till) -> None:
        till.limit("study", 0)
        olivia = till.site.visitor("olivia")
        shown = olivia.post("/studies/night/payments/preview", pick=str(till.actions[ActionKind.BONUS])).text
        assert "more than the budget of the study" in words_of(shown)
        answer = olivia.post("/studies/night/payments/sending", **confirmed(shown))
        page = olivia.context(answer.headers["location"])
        assert page.notice == "0 sent. 1 not sent: the list shows the reason for each."
        (line,) = [line for line in page.waiting.lines if line.kind == "bonus"]
        assert "more than the budget of this study has left" in line.outcome

    @pytest.mark.parametrize("page", ["platform", "payments"])
    @pytest.mark.parametrize(
        "query",
        ["notice=Pay+at+evil.example", "notice=sent&done=Pay+here", "notice=sent&done=%C2%B2", "notice=__class__"],
    )
    def test_say_their_own_words_only(self, till: Till, page: str, query: str) -> None:
        olivia = till.site.visitor("olivia")
        assert olivia.context(f"/studies/night/{page}?{query}").notice in {"", "0 sent."}
        assert "evil.example" not in olivia.page(f"/studies/night/{page}?{query}")


class TestCommands:
    def run(self, till: Till, group: str, command: str, by: str) -> DomainError | None:
        return self.call(till, by, group, command, *till.arguments(group, command))

    def call(self, till: Till, by: str, *arguments: str) -> DomainError | None:
        settings = till.site.app.state.services.settings
        environment = {"KEYTRAIL_DATA_DIR": str(settings.data_dir), "KEYTRAIL_DATABASE_URL": settings.database_url}
        done = CliRunner().invoke(commands, [*arguments, "--by", f"{by}@example.org"], env=environment)
        assert done.exception is None or isinstance(done.exception, DomainError), done.exception
        return done.exception

    def test_every_command_is_sorted(self) -> None:
        groups = typer.main.get_command(commands).commands  # type: ignore[attr-defined]  # a group has them
        for group, spending in SPENDING_COMMANDS.items():
            assert set(groups[group].commands) == spending | OTHER_COMMANDS[group]

    @pytest.mark.parametrize(("group", "command"), EACH_COMMAND)
    def test_refuse_whoever_may_not(self, till: Till, group: str, command: str) -> None:
        before = till.moved()
        for name in REFUSED:
            refused = self.run(till, group, command, name)
            assert refused is not None, name
            assert till.moved() == before, name
            if name == "nadia":
                assert "Ask Olivia (olivia@example.org) to do it" in refused.message

    def test_say_that_a_hit_cannot_grow_before_they_ask(self, till: Till) -> None:
        refused = self.call(till, "olivia", "mturk", "extend", "night", "H1", "8")
        assert refused is not None
        assert "cannot grow to 10" in refused.message

    @pytest.mark.parametrize(("group", "command"), [("mturk", "bonus"), ("payments", "done"), ("mturk", "extend")])
    def test_do_something_for_an_owner_with_the_right(self, till: Till, group: str, command: str) -> None:
        before = till.moved()
        refused = self.run(till, group, command, "olivia")
        assert refused is None or "not sent" in refused.message
        assert till.moved() != before
