"""Any session of plausible acts replays to exactly the text, with one origin for each unit."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from keytrail.provenance import Limits, Origin, analyse, from_units, playback, restore, to_units
from keytrail.provenance.final_text import explain
from keytrail.provenance.replay.replay import replay
from tests.provenance.writer import CHROMIUM, FIREFOX, ITEM, Writer

texts = st.text(st.sampled_from("aab c\n.é😀"), min_size=1, max_size=8)
places = st.floats(0, 1)
acts = st.one_of(
    st.tuples(st.just("type"), texts, places),
    st.tuples(st.just("paste"), texts | st.sampled_from([ITEM[:40], ITEM[50:120]]), places),
    st.tuples(st.just("over"), texts, places),
    st.tuples(st.just("cut"), places, places),
    st.tuples(st.just("copy"), places, places),
    st.tuples(st.just("drag"), places, places),
    st.tuples(st.just("silent"), texts, places),
    st.tuples(st.just("script"), texts, places),
    st.tuples(st.just("revise"), texts, places),
    st.tuples(st.sampled_from(["undo", "redo", "backspace", "checkpoint", "again"]), st.none(), st.none()),
)


def insert(writer: Writer, act: str, text: str, at: int) -> None:
    match act:
        case "type":
            writer.at(at).type(text)
        case "paste":
            writer.at(at).paste(text)
        case "over":
            writer.at(at).paste(text, gone=min(3, len(writer.text) - at))
        case "silent":
            writer.edit(at, 0, text, "silent", 0)
        case "script":
            writer.edit(at, 0, text, "insertText", 0)
        case "revise":
            whole = writer.text[:at] + to_units(text) + writer.text[at:]
            writer.edit(0, len(writer.text), from_units(whole), "insertReplacementText")


def perform(writer: Writer, act: str, one: str | float | None, two: float | None) -> None:
    length = len(writer.text)
    match act, one, two:
        case _, str(text), float(place):
            insert(writer, act, text, round(place * length))
        case (("cut" | "copy" | "drag"), float(first), float(last)):
            start, end = sorted((round(first * length), round(last * length)))
            if start < end:
                writer.drag(start, end, 0) if act == "drag" else getattr(writer, act)(start, end)
        case "backspace", _, _ if writer.caret:
            writer.backspace()
        case "again", _, _ if length:
            writer.copy(0, length).paste(from_units(writer.text))
        case (("undo" | "redo" | "checkpoint"), _, _):
            getattr(writer, act)()


@settings(max_examples=120, deadline=None)
@given(st.sampled_from([CHROMIUM, FIREFOX]), st.lists(acts, max_size=25))
def test_a_script_replays_to_its_text(agent: str, script: list[tuple[str, str | float | None, float | None]]) -> None:
    writer = Writer(agent)
    for act in script:
        perform(writer, *act)
    log = writer.finish().session()
    report = analyse(log)
    assert report.integrity["replay_equals_text"]
    assert report.integrity["checkpoints_agreed"] == report.integrity["checkpoints"]
    assert not {finding.family.value for finding in report.findings} & {"integrity"}
    assert Origin.UNKNOWN not in report.origins
    assert to_units(restore(log.epochs).text) == writer.text
    assert restore(log.epochs, ITEM).spans == report.spans
    assert playback(log).steps[-1].kind != "final" if writer.text else True


@settings(max_examples=120, deadline=None)
@given(st.lists(acts, max_size=25))
def test_every_typed_character_consumes_a_keydown_of_its_own(
    script: list[tuple[str, str | float | None, float | None]],
) -> None:
    writer = Writer()
    for act in script:
        perform(writer, *act)
    replayed = replay(writer.session(), Limits())
    records = explain(replayed, writer.text, 0).records
    typed = [(unit, record) for unit, record in zip(writer.text, records, strict=True) if record.origin is Origin.TYPED]
    used = Counter(record.key for _, record in typed)
    for unit, record in typed:
        press = replayed.trace.presses[(record.key or 0) - 1]
        assert press.at_ms <= record.at_ms
        assert used[record.key] == 1 or "\ud800" <= unit <= "\udfff"
        assert unit in to_units(getattr(press.event, "key", "").replace("Enter", "\n"))


@settings(max_examples=120, deadline=None)
@given(st.lists(acts, max_size=15), st.integers(1, 12))
def test_undo_and_redo_lead_back_to_the_same_origins(
    script: list[tuple[str, str | float | None, float | None]], times: int
) -> None:
    writer = Writer()
    for act in script:
        if act[0] not in {"silent", "undo", "redo"}:
            perform(writer, *act)
    states = [analyse(writer.session()).spans]
    for _ in range(times):
        if not writer.can_undo:
            break
        writer.undo()
        states.append(analyse(writer.session()).spans)
    for state in reversed(states[:-1]):
        writer.redo()
        assert analyse(writer.session()).spans == state
