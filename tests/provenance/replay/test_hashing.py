import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrail.provenance import fnv1a32
from keytrail.provenance.budget import Budget
from keytrail.provenance.kinds import Origin
from keytrail.provenance.replay import hashing
from keytrail.provenance.replay.document import Document
from keytrail.provenance.replay.hashing import TextHash
from keytrail.provenance.replay.ledger import Ledger, Record

RECORD = Record(Origin.TYPED, 0, "", 0)
edits = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 6), st.text("abc", max_size=9), st.booleans()), max_size=30
)


def test_the_hash_is_right_after_every_edit_though_only_the_changed_part_is_hashed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hashing, "_STEP", 4)

    @settings(max_examples=150, deadline=None)
    @given(edits)
    def is_right(script: list[tuple[int, int, str, bool]]) -> None:
        document, ledger, hashes, text = Document(), Ledger(), TextHash(), ""
        for place, count, came, asked in script:
            pos = min(place, len(text))
            gone = min(count, len(text) - pos)
            document.delete(pos, gone)
            document.insert(pos, ledger.add(came, RECORD))
            text = text[:pos] + came + text[pos + gone :]
            if asked:
                assert hashes.of(document, ledger, Budget()) == fnv1a32(text)

    is_right()


def test_without_an_allowance_there_is_no_hash() -> None:
    ledger = Ledger()
    document = Document(ledger.add("abc", RECORD))
    assert TextHash().of(document, ledger, Budget(left=0)) is None
