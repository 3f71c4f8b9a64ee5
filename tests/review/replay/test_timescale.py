from hypothesis import given
from hypothesis import strategies as st

from keytrail.review.replay.timescale import LONG_MS, SHOWN_MS, scale_of


class TestTimeScale:
    def test_long_pauses_shrink_and_the_rest_keeps_its_length(self) -> None:
        scale = scale_of([1_000, 61_000, 62_500], 62_500)
        assert scale.shown_ms == 1_000 + SHOWN_MS + 1_500
        assert [scale.shown(ms) for ms in (0, 1_000, 31_000, 61_000, 62_500)] == [0, 1_000, 2_000, 3_000, 4_500]
        assert [(pause.from_ms, pause.ms) for pause in scale.pauses] == [(1_000, 60_000)]

    def test_an_empty_session_has_a_scale_too(self) -> None:
        assert scale_of([], 0).shown(0) == 0

    @given(st.lists(st.integers(0, 10**7)), st.integers(0, 10**7), st.lists(st.integers(0, 10**7)))
    def test_it_never_runs_backwards_and_never_leaves_its_bounds(
        self, moments: list[int], duration: int, asked: list[int]
    ) -> None:
        scale = scale_of(moments, duration)
        shown = [scale.shown(ms) for ms in sorted(asked)]
        assert shown == sorted(shown)
        assert all(0 <= value <= scale.shown_ms for value in shown)
        assert all(pause.ms > LONG_MS for pause in scale.pauses)
