"""The upload form reads every kind of table, with what is chosen on its page."""

from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from keytrail.models import Item
from keytrail.requester.study.item_upload import ItemUploadPage
from tests.requester.site import ORIGIN, Site
from tests.studies.item_kinds import EXPECTED, KINDS

HEADERS = {"origin": ORIGIN, "sec-fetch-site": "same-origin"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_imports_every_kind_of_table(site: Site, kind: str) -> None:
    file = KINDS[kind]
    olivia = site.visitor("olivia")
    sent = olivia.client.post("/studies/night/items", files={"file": (file.name, file.content)}, headers=HEADERS)
    assert sent.status_code == 303, sent.text
    where = sent.headers["location"]
    page: ItemUploadPage = olivia.context(f"{where}?{urlencode(file.choices)}")
    guessed = page.mapping
    suggested = {"text": guessed.text, "item_id": guessed.id or "", "title": guessed.title or ""} if guessed else {}
    assert olivia.post(where, **(suggested | file.columns | file.choices)).status_code == 303
    with site.database.reading() as db:
        rows = db.scalars(select(Item).where(Item.key.startswith("d")).order_by(Item.id))
        assert [(item.key, item.title, item.text) for item in rows] == EXPECTED
