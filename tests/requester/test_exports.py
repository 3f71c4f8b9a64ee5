import io
import json
from typing import Any

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from keytrail.exports.columns import Column, ColumnKind
from keytrail.exports.selection import Selection
from keytrail.exports.sink import PIECE_BYTES
from keytrail.exports.spreadsheet import write_workbook
from keytrail.exports.tables import TABLES, stream, table_of
from keytrail.models import AuditEntry, ModelUse, SelfReport, Study, Submission
from keytrail.requester.exports import ExportPage
from keytrail.studies import study_by_slug
from tests.requester.exported import ELSEWHERE, ODD, fetch, rafael, rows, some
from tests.requester.site import Site, Visitor

__all__ = ["rafael", "some"]


class TestFiles:
    @pytest.mark.parametrize("table", [table.name for table in TABLES])
    def test_every_table_says_the_same_in_all_three_formats(
        self, rafael: Visitor, some: dict[str, str], table: str
    ) -> None:
        rafael.post(f"/submissions/{some['pasted']}/decisions", kind="exclude", reason="no_typing", note="Look: 00:51")
        names = [column.name for column in next(t for t in TABLES if t.name == table).columns]
        as_csv = rows(rafael, f"table={table}")
        as_json = [json.loads(line) for line in fetch(rafael, f"table={table}&format=jsonl").splitlines()]
        as_parquet = pq.read_table(io.BytesIO(fetch(rafael, f"table={table}&format=parquet"))).to_pylist()
        assert len(as_csv) == len(as_json) == len(as_parquet) > 0
        for one, two, three in zip(as_csv, as_json, as_parquet, strict=True):
            assert list(one) == list(two) == list(three) == names
            assert one["submission" if "submission" in names else "item"] == two[names[0]] == three[names[0]]

    def test_json_lines_are_exact_and_others_are_readable(self, rafael: Visitor, some: dict[str, str]) -> None:
        exact = {
            r["submission"]: r["text"]
            for r in map(json.loads, fetch(rafael, "table=submissions&format=jsonl").splitlines())
        }
        assert exact[some["odd"]] == ODD
        shown = {r["submission"]: r["text"] for r in rows(rafael, "table=submissions")}
        assert shown[some["odd"]] == ODD.replace("\ud83d", "\ufffd").replace("\0", "\ufffd")

    def test_a_workbook_holds_texts_as_texts(self, rafael: Visitor, some: dict[str, str]) -> None:
        content = fetch(rafael, "table=submissions&format=xlsx")
        header, *lines = load_workbook(io.BytesIO(content)).active.iter_rows()
        names = [cell.value for cell in header]
        cells = {line[0].value: dict(zip(names, line, strict=True)) for line in lines}
        text = cells[some["odd"]]["text"]
        assert (text.data_type, text.value) == ("s", ODD.replace("\ud83d", "\ufffd").replace("\0", "\ufffd"))
        assert cells[some["typed"]]["item"].data_type == "s"
        assert cells[some["typed"]]["accounted_share"].value == 1

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "007", "x" * 40_000])
    def test_no_text_in_a_workbook_is_a_formula_or_a_number(self, text: str) -> None:
        column: Column[Any] = Column("text", ColumnKind.TEXT, "", lambda row: row)
        content = b"".join(write_workbook([column], [(text,)]))
        cell = load_workbook(io.BytesIO(content)).active["A2"]
        assert cell.data_type == "s"
        assert cell.value == text or (cell.value.startswith("xxx") and cell.value.endswith("whole text]"))

    def test_spans_cover_the_text_and_findings_carry_their_evidence(
        self, rafael: Visitor, some: dict[str, str]
    ) -> None:
        spans = [r for r in rows(rafael, "table=spans") if r["submission"] == some["pasted"]]
        assert [(r["start"], r["origin"]) for r in spans] == [("0", "typed"), ("3", "external")]
        finding = next(r for r in rows(rafael, "table=findings") if r["finding"] == "external_text")
        assert json.loads(finding["spans"]) == [[3, 3 + len(ELSEWHERE)]]

    def test_events_come_in_their_order_with_their_times(self, rafael: Visitor, some: dict[str, str]) -> None:
        events = [r for r in rows(rafael, "table=events") if r["submission"] == some["typed"]]
        assert [int(r["seq"]) for r in events] == list(range(len(events)))
        assert [events[0]["type"], events[-1]["type"]] == ["E", "z"]
        times = [int(r["t_ms"]) for r in events]
        assert times == sorted(times)

    def test_nothing_names_a_worker_or_a_reviewer(self, rafael: Visitor, some: dict[str, str]) -> None:
        rafael.post(f"/submissions/{some['typed']}/decisions", kind="accept")
        for table in TABLES:
            content = fetch(rafael, f"table={table.name}&format=jsonl").decode()
            assert "rafael" not in content.lower()
            assert '"W1"' not in content


class TestWhatWorkersSayOfModels:
    """Workers are promised that reviewers of their text do not know their answer."""

    @pytest.fixture
    def asked(self, site: Site, some: dict[str, str]) -> str:
        with site.database.writing() as db:
            submission = db.scalars(select(Submission).where(Submission.public_id == some["pasted"])).one()
            db.add(SelfReport(submission_id=submission.id, model_use=ModelUse.PARTLY, answered_at=site.clock()))
        return some["pasted"]

    def said(self, visitor: Visitor) -> dict[str, str]:
        return {row["submission"]: row["model_use"] for row in rows(visitor, "table=submissions") if row["model_use"]}

    def decide(self, visitor: Visitor, submission: str, kind: str) -> None:
        assert visitor.post(f"/submissions/{submission}/decisions", kind=kind, reason="", note="").is_redirect

    def test_is_hidden_until_a_text_is_judged(self, rafael: Visitor, asked: str) -> None:
        assert self.said(rafael) == {}
        self.decide(rafael, asked, "accept")
        assert self.said(rafael) == {asked: "partly"}

    def test_is_hidden_while_one_of_two_reviewers_has_not_judged(self, site: Site, rafael: Visitor, asked: str) -> None:
        with site.database.writing() as db:
            db.execute(update(Study).values(reviews_per_submission=2))
        self.decide(rafael, asked, "accept")
        assert self.said(rafael) == {}
        self.decide(site.visitor("olivia"), asked, "accept")
        assert self.said(rafael) == {asked: "partly"}

    def test_is_hidden_while_somebody_asks_for_a_second_look(self, rafael: Visitor, asked: str) -> None:
        self.decide(rafael, asked, "second_look")
        assert self.said(rafael) == {}


class TestDecisionsOfSeveral:
    """Reviewers may export, and each must decide before seeing another's decision."""

    def told(self, visitor: Visitor) -> tuple[list[str], list[str]]:
        """The decisions in the main table, and those in their own."""
        main = [row["decision"] for row in rows(visitor, "table=submissions") if row["decision"]]
        return main, [row["kind"] for row in rows(visitor, "table=decisions")]

    def test_are_kept_back_until_all_have_judged(self, site: Site, rafael: Visitor, some: dict[str, str]) -> None:
        with site.database.writing() as db:
            db.execute(update(Study).values(reviews_per_submission=2))
        address = f"/submissions/{some['pasted']}/decisions"
        rafael.post(address, kind="exclude", reason="no_typing")
        olivia = site.visitor("olivia")
        assert self.told(olivia) == ([], [])
        assert "no_typing" not in fetch(olivia, "table=submissions&format=jsonl").decode()
        olivia.post(address, kind="exclude")
        assert self.told(olivia) == (["exclude"], ["exclude", "exclude"])

    def test_what_was_taken_back_gives_no_reason_to_what_stands(
        self, site: Site, rafael: Visitor, some: dict[str, str]
    ) -> None:
        address = f"/submissions/{some['pasted']}/decisions"
        site.visitor("olivia").post(address, kind="accept", reason="own_notes")
        rafael.post(address, kind="exclude", reason="no_typing")
        rafael.post(address, kind="withdrawn")
        (row,) = (row for row in rows(rafael, "table=submissions") if row["submission"] == some["pasted"])
        assert (row["decision"], row["decision_reason"]) == ("accept", "own_notes")

    def test_of_a_second_look_only_that_is_told(self, site: Site, rafael: Visitor, some: dict[str, str]) -> None:
        rafael.post(f"/submissions/{some['typed']}/decisions", kind="second_look")
        assert self.told(rafael) == (["second_look"], ["second_look"])
        with site.database.writing() as db:
            db.execute(update(Study).values(reviews_per_submission=2))
        assert self.told(rafael) == (["second_look"], [])


class TestChoosing:
    def names(self, visitor: Visitor, some: dict[str, str], query: str) -> set[str]:
        found = {r["submission"] for r in rows(visitor, f"table=submissions&{query}")}
        return {name for name, public_id in some.items() if public_id in found}

    def test_by_verdict(self, rafael: Visitor, some: dict[str, str]) -> None:
        assert self.names(rafael, some, "keep=clear") == {"typed"}
        assert self.names(rafael, some, "keep=clear&keep=strong") == {"typed", "pasted", "odd"}
        assert self.names(rafael, some, "") == set(some)

    def test_without_what_reviewers_left_out(self, rafael: Visitor, some: dict[str, str]) -> None:
        rafael.post(f"/submissions/{some['typed']}/decisions", kind="exclude")
        rafael.post(f"/submissions/{some['pasted']}/decisions", kind="accept")
        assert self.names(rafael, some, "usable=1") == {"pasted", "odd", "fresh"}

    def test_filters_apply_too(self, rafael: Visitor, some: dict[str, str]) -> None:
        assert self.names(rafael, some, "finding=external_text") == {"pasted"}

    @pytest.mark.parametrize(
        ("query", "status"),
        [("keep=good", 400), ("table=users", 404), ("format=docx", 404), ("since=x", 400), ("keep=waiting", 400)],
    )
    def test_what_is_not_offered_is_refused(self, rafael: Visitor, query: str, status: int) -> None:
        assert rafael.get(f"/studies/night/export/file?{query}").status_code == status

    def test_many_portions_give_every_submission_once(
        self, site: Site, rafael: Visitor, some: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("keytrail.exports.reading._PORTION", 2)
        assert sorted(r["submission"] for r in rows(rafael, "table=submissions")) == sorted(some.values())

    @pytest.mark.parametrize("file_format", ["csv", "jsonl", "parquet"])
    def test_a_piece_is_small_however_long_the_texts_are(self, site: Site, file_format: str) -> None:
        texts = [
            "".join(chr(0x4E00 + (number * step) % 20_000) for number in range(100_000)) for step in (7919, 104_729)
        ]
        for number, text in enumerate(texts):
            work = site.hand(worker=f"W{number}")
            work.hand.sets(text)
            work.submit(analysed=False)
        with site.database.reading() as db:
            selection = Selection(study_by_slug(db, "night").id, "night")
        pieces = list(stream(site.database, table_of("submissions"), file_format, selection))
        assert len(pieces) > 1
        assert max(map(len, pieces)) <= PIECE_BYTES


class TestAccess:
    def test_who_took_what_is_noted(self, site: Site, rafael: Visitor, some: dict[str, str]) -> None:
        fetch(rafael, "table=events&keep=strong")
        with site.database.reading() as db:
            entry = db.scalars(select(AuditEntry)).one()
        assert (entry.action, entry.user_id) == ("export", site.people["rafael"])
        assert entry.detail["table"] == "events"

    def test_viewers_may_read_the_codebook_but_take_nothing(self, site: Site, some: dict[str, str]) -> None:
        vera = site.visitor("vera")
        assert vera.get("/studies/night/export").status_code == 403
        assert vera.get("/studies/night/export/file").status_code == 403
        assert "# Codebook" in vera.page("/studies/night/export/codebook.md")


class TestUsualChoices:
    def test_human_written_only_keeps_what_is_clear_and_not_set_aside(self, site: Site) -> None:
        typed, doubted, pasted = site.hand(), site.hand(), site.hand()
        typed.hand.types("All of this was typed.")
        doubted.hand.types("This was typed as well.")
        pasted.hand.pastes("A long text that came from elsewhere. " * 5)
        kept, aside, _ = typed.submit(), doubted.submit(), pasted.submit()
        rafael = site.visitor("rafael")
        rafael.post(f"/submissions/{aside}/decisions", kind="exclude")
        page: ExportPage = rafael.context("/studies/night/export")
        assert (page.keep, page.usable, [link.current for link in page.presets]) == ([], False, [True, False])
        page = rafael.context(page.presets[1].url)
        assert (page.keep, page.usable, [link.current for link in page.presets]) == (["clear"], True, [False, True])
        file = rafael.page("/studies/night/export/file?table=submissions&keep=clear&usable=1")
        assert [line.split(",")[0] for line in file.splitlines()[1:]] == [kept]
