import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keytrail.provenance.replay import document
from keytrail.provenance.replay.document import Document

acts = st.lists(st.tuples(st.sampled_from(["one", "many", "delete", "read"]), st.integers(0, 60), st.integers(0, 25)))


@pytest.mark.parametrize("chunk", [2, 3, 1024])
def test_a_document_behaves_as_a_list(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "CHUNK", chunk)

    @settings(max_examples=150, deadline=None)
    @given(st.integers(0, 40), acts)
    def behaves(size: int, script: list[tuple[str, int, int]]) -> None:
        model = list(range(size))
        tried = Document(model)
        fresh = 1000
        for act, place, count in script:
            pos = min(place, len(model))
            count = min(count, len(model) - pos) if act == "delete" else count  # noqa: PLW2901 - the script is fitted
            new = list(range(fresh, fresh + count))
            fresh += count
            if act == "one":
                tried.insert_one(pos, -fresh)
                model.insert(pos, -fresh)
            elif act == "many":
                tried.insert(pos, new)
                model[pos:pos] = new
            elif act == "delete":
                assert tried.delete(pos, count) == model[pos : pos + count]
                del model[pos : pos + count]
            else:
                assert tried.read(pos, count) == model[pos : pos + count]
            assert tried.ids() == model
            assert tried.length == len(model)

    behaves()


def test_a_document_knows_from_where_on_it_changed() -> None:
    tried = Document(range(100))
    tried.changed_from = 100
    tried.insert_one(90, 1)
    assert tried.changed_from == 90
    tried.delete(40, 2)
    assert tried.changed_from == 40
    tried.insert(70, [1, 2])
    assert tried.changed_from == 40
