from keytrail.provenance.replay.keys import KeyQueue


def pressed(*keys: str, window: int = 60, patience: int = 1000) -> KeyQueue:
    """Keys pressed at 0, 10, 20 … ms."""
    queue = KeyQueue(window, patience)
    for number, key in enumerate(keys):
        queue.press(10 * number, key, 0, number)
    return queue


def test_a_key_explains_its_text_once() -> None:
    queue = pressed("a")
    assert queue.explain("a", 1) == [0]
    assert queue.explain("a", 2) is None


def test_the_newest_key_is_waited_for_on_a_busy_machine() -> None:
    assert pressed("a", "b").explain("b", 900) == [1]
    assert pressed("a", "b").explain("b", 1100) is None


def test_an_older_key_is_not() -> None:
    assert pressed("a", "b").explain("a", 50) == [0]
    assert pressed("a", "b").explain("a", 900) is None


def test_a_key_with_other_text_explains_nothing() -> None:
    assert pressed("a").explain("b", 1) is None
