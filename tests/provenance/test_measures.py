from keytrail.provenance import KeyLog, LoggedItem, LoggedKey, LoggedPaste, analyse, analyse_keylog
from keytrail.provenance.replay.trace import Down
from keytrail.provenance.rules.rhythm import Rhythm
from keytrail.provenance.wire.events import KeyDown
from tests.provenance.facts import rhythm_of
from tests.provenance.writer import CTRL, ITEM, Writer


def downs(*keys: tuple[int, str], epoch: int = 0) -> Rhythm:
    return Rhythm([Down(at_ms, epoch, KeyDown(0, "", key, 0)) for at_ms, key in keys])


def test_holds_intervals_and_hand_overs() -> None:
    rhythm = rhythm_of([100, 100, 200], [50, 120, 60], "abc")
    assert rhythm.holds_ms == [50, 120, 60]
    assert rhythm.intervals_ms == [100, 200]
    assert rhythm.handovers_ms == [50, 80]
    assert rhythm.rollovers == 0


def test_a_held_key_has_no_rhythm() -> None:
    held = [Down(at_ms, 0, KeyDown(0, "KeyA", "a", 2 if at_ms else 0)) for at_ms in (0, 30, 60, 90)]
    rhythm = Rhythm([*held, Down(400, 0, KeyDown(0, "KeyB", "b", 0))])
    assert rhythm.intervals_ms == [400]
    assert rhythm.printable == 5


def test_rollover_is_the_next_key_down_before_the_last_came_up() -> None:
    rhythm = rhythm_of([100, 100], [150, 60], "ab")
    assert rhythm.rollovers == 1
    assert rhythm.handovers_ms == []


def test_pauses_count_all_keys_but_modifiers() -> None:
    rhythm = downs((0, "a"), (1000, "Shift"), (3000, "Backspace"), (3100, "b"))
    assert rhythm.pauses(2000, 200) == (3000 / 3100, 3000)


def test_nothing_is_measured_across_page_loads() -> None:
    presses = [*downs((0, "a"), (100, "b")).presses, *downs((90_000, "c"), (90_200, "d"), epoch=1).presses]
    assert Rhythm(presses).intervals_ms == [100, 200]
    assert Rhythm(presses).pauses(2000, 50) == (0, 150)


def test_the_pause_before_a_sentence() -> None:
    rhythm = downs((0, "a"), (100, "."), (200, " "), (2200, "B"), (2300, "."), (2400, "Enter"), (3400, "C"))
    assert rhythm.sentence_pause_ms == 1500
    assert downs((0, "a"), (100, "b")).sentence_pause_ms is None


def test_measures_of_a_session() -> None:
    writer = Writer().wait(5_000).type("abcd efgh").backspace(4).at(0).type("x ").copy_item(ITEM[:160]).away(3_000)
    writer.log("p", 5, 1, "never", ["text/plain"], 2).paste("paste").finish()
    measures = analyse(writer.session()).measures
    assert measures["keys"] == 11
    assert measures["first_typed_ms"] > 5_000
    assert (measures["pastes"], measures["pastes_prevented"], measures["copies"]) == (1, 1, 1)
    assert measures["paste_lags_ms"] == [30]
    assert measures["copied_item_share"] == 0.5
    assert (measures["absences"], measures["away_ms"]) == (1, 3_000)
    assert measures["final_share"] == round(12 / 16, 4)
    assert measures["deleted_share"] == 0.25
    assert measures["away_from_edge_share"] == round(7 / 16, 4)
    assert measures["duration_ms"] == sum(event[0] for event in writer.events)


def test_copies_of_the_item_that_the_study_prevents_are_attempts() -> None:
    """A copy that touches the instructions is named after these; it took the item too if it is longer than they are."""
    writer = Writer().type("own words").copy(0, 3).copy_item(ITEM).copy_item("Summarise.", "instructions")
    writer.log("c", "instructions", 0, 10, 10 + len(ITEM), 1).finish()
    free, prevented = (analyse(writer.session(copies_prevented=rule)).measures for rule in (False, True))
    assert (free["copies"], free["copies_prevented"], free["copied_item_share"]) == (4, 0, 1.0)
    assert (prevented["copies"], prevented["copies_prevented"]) == (2, 2)
    assert prevented["copied_item_share"] == round(10 / len(ITEM), 4)


def test_a_key_log_cannot_tell_everything() -> None:
    items: list[LoggedItem] = [
        LoggedKey("a", 0),
        LoggedKey("Control", 900),
        LoggedKey("v", 1000),
        LoggedPaste("pasted text", 1290),
    ]
    measures = analyse_keylog(KeyLog(items, "apasted text", ITEM)).measures
    assert measures["paste_lags_ms"] == [290]
    assert measures["duration_ms"] == 1290
    missing = ("pastes_prevented", "absences", "away_ms", "hold_median_ms", "rollovers", "final_share")
    assert [measures[name] for name in missing] == [None] * len(missing)
    assert measures["deleted_share"] == 0.0


def test_a_paste_from_the_menu_has_no_lag() -> None:
    writer = Writer().log("k", "KeyV", "v", CTRL, dt=10).log("p", 1, 1, "x", ["text/plain"], 0, dt=1_001)
    assert analyse(writer.session()).measures["paste_lags_ms"] == []


def test_shift_held_for_a_capital_is_no_rollover() -> None:
    writer = Writer()
    for char in "ABC":
        writer.log("k", "ShiftLeft", "Shift", 4, dt=200).log("k", f"Key{char}", char, 4, dt=40)
        writer.edit(writer.caret, 0, char, "insertText").log("u", f"Key{char}", 4, dt=70).log(
            "u", "ShiftLeft", 0, dt=30
        )
    measures = analyse(writer.session()).measures
    assert measures["rollovers"] == 0
    assert measures["hold_median_ms"] == 71
