"""Random editing sessions in real browsers: replaying the log always gives the text.

`make fuzz` runs hundreds; a failure names the seed that repeats it.
"""

import pytest

from tests.browser.fuzzing.session import LENGTH, OPERATIONS, plan, play
from tests.browser.review_api import ReviewApi, explained
from tests.browser.worker_page import WorkerPage


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        first = metafunc.config.getoption("fuzz_seed", None) or 1
        count = metafunc.config.getoption("fuzz_count", None) or 20
        metafunc.parametrize("seed", range(first, first + count))
        metafunc.parametrize("engine", sorted(OPERATIONS))


def test_the_log_of_a_random_session_gives_its_text(anywhere: WorkerPage, review: ReviewApi, seed: int) -> None:
    try:
        play(anywhere.accept(), seed)
        text = anywhere.text
        submission = explained(review.submission(anywhere.submit()))
        assert submission.text == text
        assert "log_inconsistent" not in submission.findings
    except BaseException as error:
        error.add_note(f"Play it again with: make fuzz SEED={seed} COUNT=1")
        error.add_note(f"What was done: {', '.join(plan(seed, anywhere.driver.engine))}")
        raise


@pytest.mark.parametrize("engine", sorted(OPERATIONS))
def test_a_session_has_many_kinds_of_operations_and_is_the_same_each_time(engine: str) -> None:
    for seed in range(20):
        names = plan(seed, engine)
        assert len(names) == LENGTH
        assert len(set(names)) >= 23
        assert names == plan(seed, engine)
