from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from keytrail.review.replay.runs import runs_of

GRIN = "\U0001f600"


def span(start: int, end: int, origin: str = "typed", **more: Any) -> dict[str, Any]:
    return {"start": start, "end": end, "origin": origin, **more}


def cuts(text: str, *spans: dict[str, Any]) -> list[tuple[str, str]]:
    return [(run.origin, run.text) for run in runs_of(text, spans)]


class TestRuns:
    def test_offsets_are_utf_16_units(self) -> None:
        assert cuts(f"a{GRIN}b", span(0, 3), span(3, 4, "external")) == [("typed", f"a{GRIN}"), ("external", "b")]

    def test_a_surrogate_pair_is_never_split(self) -> None:
        assert cuts(f"{GRIN}b", span(0, 1), span(1, 3, "external")) == [("typed", GRIN), ("external", "b")]

    def test_lone_surrogates_stay(self) -> None:
        assert cuts("a\ud800b", span(0, 2), span(2, 3, "nokey")) == [("typed", "a\ud800"), ("nokey", "b")]

    def test_what_no_span_covers_is_unknown(self) -> None:
        assert cuts("abcdef", span(2, 4)) == [("unknown", "ab"), ("typed", "cd"), ("unknown", "ef")]

    def test_two_pastes_side_by_side_stay_apart(self) -> None:
        spans = [span(0, 2, "external", at_ms=10, epoch=0), span(2, 4, "external", at_ms=900, epoch=0)]
        assert len(runs_of("abcd", spans)) == 2

    def test_insertions_without_keys_join_and_keep_first_and_last_time(self) -> None:
        spans = [span(n, n + 1, "nokey", at_ms=100 * n, epoch=0) for n in range(4)]
        (run,) = runs_of("abcd", spans)
        assert (run.text, run.first_ms, run.last_ms) == ("abcd", 0, 300)

    def test_spans_beyond_the_text_are_cut_off(self) -> None:
        assert cuts("ab", span(0, 9)) == [("typed", "ab")]

    @given(
        st.text(st.sampled_from(["a", "\n", GRIN, "\ud83d", "\ude00", "\0"])),
        st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.sampled_from(["typed", "external", "moved"]))),
    )
    def test_runs_always_make_up_the_whole_text(self, text: str, cuts_at: list[tuple[int, int, str]]) -> None:
        runs = runs_of(text, [span(start, end, origin) for start, end, origin in cuts_at])
        units = text.encode("utf-16-le", "surrogatepass")
        assert b"".join(run.text.encode("utf-16-le", "surrogatepass") for run in runs) == units
        edges = [edge for run in runs for edge in (run.start, run.end)]
        assert edges == sorted(edges)
        assert all(not _inside_a_pair(units, run.start) for run in runs)


def _inside_a_pair(units: bytes, position: int) -> bool:
    around = units[2 * position - 2 : 2 * position + 2] if position else b""
    try:
        return len(around) == 4 and len(around.decode("utf-16-le")) == 1
    except UnicodeDecodeError:
        return False
