"""Training a study's classifier and scoring its submissions from the browser, with the progress that is shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from keytrail.models import Membership, Role, TextScore
from tests.browser.dashboard.conftest import serving
from tests.browser.dashboard.reader import Reader
from tests.synthetic.conftest import ToyStudy, begin
from tests.text import toycorpus

A_JOB_MS = 180_000
"""A job has the lowest priority, and other tests may run beside it."""


@pytest.fixture
def toys(chromium: Browser, tmp_path: Path) -> Iterator[tuple[ToyStudy, Reader]]:
    """A study of eight items with two submissions, and its owner's window."""
    with serving(tmp_path) as (site, url):
        study = ToyStudy(site.database, site.clock, site.keyring, tmp_path)
        begin(study)
        with site.database.writing() as db:
            db.add(Membership(user_id=site.people["olivia"], study_id=study.study(db).id, role=Role.OWNER))
        study.submit(1, toycorpus.machine_text(1, 900), pasted=False)
        study.submit(2, toycorpus.human_text(2, 900), pasted=False)
        window = Reader(chromium, site, url, "olivia")
        yield study, window
        assert window.failures == []
        window.close()


def test_references_are_uploaded_then_training_and_scoring_are_followed_to_their_end(
    toys: tuple[ToyStudy, Reader],
) -> None:
    study, window = toys
    page = window.open("/studies/toys/classifier")
    expect(page.get_by_text("Not trained yet: add references first.")).to_be_visible()
    page.set_input_files("#file", study.write_references())
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("status").first).to_contain_text("texts were imported.")
    page.get_by_role("button", name="Train and score").click()
    progress = page.get_by_role("region", name="Training and scoring")
    expect(progress.get_by_role("progressbar")).to_be_visible()
    expect(progress.get_by_role("status")).to_contain_text("Training. This takes")
    assert window.violations() == []
    # The page follows the job by itself and says when it has ended.
    expect(progress.get_by_role("status")).to_contain_text("2 submissions scored.", timeout=A_JOB_MS)
    expect(progress.get_by_role("progressbar")).to_have_count(0)
    expect(progress).to_contain_text("2 submissions scored. New submissions are scored as they arrive.")
    expect(page.get_by_role("heading", name="How often it is wrong about honest writers")).to_be_visible()
    assert window.violations() == []
    study.submit(3, toycorpus.machine_text(3, 900), pasted=False)
    page.reload()
    expect(progress).to_contain_text("2 submissions scored, 1 not scored yet.")
    progress.get_by_role("button", name="Score 1 submission").click()
    expect(progress).to_contain_text("3 submissions scored. New submissions", timeout=A_JOB_MS)
    with study.database.reading() as db:
        assert len(db.scalars(select(TextScore.submission_id)).all()) == 3
