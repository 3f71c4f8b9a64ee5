import base64
import hashlib
import html
import re
from typing import Any

import pytest
from sqlalchemy import select, update

from keytrail.models import AuditEntry, Study
from keytrail.requester.submission import evidence_file
from keytrail.requester.submission.page import SubmissionPage, submission_page
from tests.requester.site import Site, words_of


class TestEvidenceFile:
    def test_holds_everything_and_asks_for_nothing(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("ok ").leaves(41_000).pastes("A long text that came from elsewhere. " * 5)
        public_id = work.submit(comment="Sorry, my keyboard broke.")
        rafael = site.visitor("rafael")
        rafael.post(f"/submissions/{public_id}/decisions", kind="propose_rejection", reason="text_from_elsewhere")
        answer = rafael.get(f"/submissions/{public_id}/evidence.html")
        assert answer.headers["content-disposition"] == f'attachment; filename="keytrail-{public_id}.html"'
        html = answer.text
        assert not re.search(r"<(script|link|img|iframe|form)\b", html)
        assert not re.search(r'(src|href)="(?!#)', html.split("</style>")[1])
        words = words_of(html.split("</style>")[1])
        for sentence in (
            "were pasted from outside this page",
            "Pasted 190 characters from outside this page, after 41 s away.",
            "Sorry, my keyboard broke.",
            "Rejection proposed by Rafael",
            "SHA-256 of the text",
            "a programmer can forge a consistent log",
        ):
            assert sentence in words
        with site.database.reading() as db:
            assert "take evidence file" in db.scalars(select(AuditEntry.action)).all()

    def test_its_styles_stay_inside_their_tag(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("Typed.")
        html = site.visitor("olivia").page(f"/submissions/{work.submit()}/evidence.html")
        assert html.count("<style>") == html.count("</style>") == 1
        assert "url(" not in html
        assert "@import" not in html

    def test_its_policy_lets_its_own_styles_in_and_nothing_else(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("Typed.")
        answer = site.visitor("olivia").get(f"/submissions/{work.submit()}/evidence.html")
        styles = answer.text.split("<style>")[1].split("</style>")[0]
        digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        assert answer.headers["content-security-policy"] == f"{policy}; frame-ancestors 'none'"
        assert (
            f'<meta http-equiv="content-security-policy" content="{html.escape(policy)}">'.replace("&#x27;", "&#39;")
            in answer.text
        )

    def test_is_made_while_others_write(self, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
        def page_beside_a_writer(*args: Any) -> SubmissionPage:
            with site.database.writing() as db:
                db.execute(update(Study).values(title="Changed meanwhile"))
            return submission_page(*args)

        monkeypatch.setattr(evidence_file, "submission_page", page_beside_a_writer)
        work = site.hand()
        work.hand.types("Typed.")
        assert site.visitor("olivia").get(f"/submissions/{work.submit()}/evidence.html").status_code == 200
        with site.database.reading() as db:
            assert db.scalars(select(Study.title)).all() == ["Changed meanwhile"]

    def test_is_for_reviewers(self, site: Site) -> None:
        work = site.hand()
        work.hand.types("Typed.")
        assert site.visitor("vera").get(f"/submissions/{work.submit()}/evidence.html").status_code == 403
