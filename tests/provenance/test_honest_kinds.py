"""Kinds of input that people's devices and tools make: whole sessions, emulated after what is known of them."""

from collections.abc import Callable, Iterable
from functools import partial
from random import Random

import pytest

from keytrail.provenance import Report, Verdict
from tests.provenance.honest import report
from tests.provenance.people import correct, entered, injected, say_at_once
from tests.provenance.typist import SENTENCES, TEXT, Codes, Typist, no_code, qwerty
from tests.provenance.writer import CHROMIUM, FIREFOX, SHIFT, WEBKIT, Writer

ANDROID = CHROMIUM.replace("X11; Linux x86_64", "Linux; Android 14; K").replace(" Safari", " Mobile Safari")
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1"
SPANISH = (
    "Creo que la gente camina más lejos cuando hay árboles en la calle, porque la sombra hace que el día caluroso sea "
    "más llevadero. Mi abuela no iba al mercado en verano si no podía ir por la sombra. "
)
RUSSIAN = (
    "Я думаю, что люди идут дальше, когда вдоль улицы растут деревья, потому что тень облегчает жаркий день. Моя "
    "бабушка летом не ходила бы на рынок без тени. "
)
ENGLISH = (
    "I think people walk further when there are trees in the street, because the shade makes a hot day more bearable. "
    "My grandmother did not go to the market in summer unless she could walk in the shade. "
)
OTHER_LAYOUTS = {
    "he": "אני חושבת שאנשים הולכים יותר כשיש עצים לאורך הרחוב, כי הצל מקל עליהם ביום חם. סבתא שלי לא יצאה לשוק בקיץ. ",
    "ar": "أعتقد أن الناس يمشون مسافة أطول عندما تكون هناك أشجار على طول الشارع لأن الظل يجعل اليوم الحار أسهل. ",
    "fa": "فکر می\u200cکنم مردم وقتی درخت در خیابان هست بیشتر راه می\u200cروند چون سایه گرما را کم می\u200cکند. ",
    "th": "ฉันคิดว่าคนเดินได้ไกลขึ้นเมื่อมีต้นไม้ตามถนน เพราะร่มเงาทำให้วันที่ร้อนทนได้ง่ายขึ้น ",
    "bn": "আমি মনে করি রাস্তার ধারে গাছ থাকলে মানুষ আরও দূরে হাঁটে কারণ ছায়া গরমের দিনকে সহজ করে। ",
    "el": "Νομίζω ότι οι άνθρωποι περπατούν περισσότερο όταν υπάρχουν δέντρα στον δρόμο, γιατί η σκιά βοηθά. ",  # noqa: RUF001
}
JAPANESE = "街路樹があると暑い日でも人はもっと遠くまで歩くと思います。祖母は夏に日陰がなければ市場へ行きませんでした。"


def phone(agent: str = ANDROID) -> Writer:
    return entered(agent=agent, pointer="coarse", touch=5)


def hidden_key(writer: Writer, dt: int) -> Writer:
    return writer.log("k", "", "Unidentified", 0, dt=dt)


def glided_words() -> Writer:
    """Android: a composed word for each stroke, its space before it; a suggestion deletes the word and inserts one."""
    writer, chance = phone(), Random(1)
    for number, word in enumerate(TEXT.split()):
        if number:
            hidden_key(writer, chance.randint(350, 900)).edit(writer.caret, 0, " ", "insertText")
        hidden_key(writer, 40).log("m", 1).edit(writer.caret, 0, word, "insertCompositionText", 6).log("m", 0)
        if number % 9 == 4:
            at = writer.caret - len(word)
            writer.wait(900).edit(at, len(word), "", "deleteContentBackward").edit(at, 0, word + "s", "insertText")
    return writer


def double_spaces() -> Writer:
    """Two spaces are deleted and become a full stop."""
    writer, chance = phone(), Random(2)
    for sentence in SENTENCES:
        for char in sentence.rstrip(". ") + " ":
            hidden_key(writer, round(chance.lognormvariate(5.3, 0.4))).edit(writer.caret, 0, char, "insertText")
        hidden_key(writer, 150).edit(writer.caret - 1, 1, "", "deleteContentBackward")
        writer.edit(writer.caret, 0, ". ", "insertText")
    return writer


def rebuilt_words(each_key: bool) -> Writer:  # noqa: FBT001 - two keyboards
    """Some keyboards delete the word and insert it anew, at its space or at every letter."""
    writer, chance = phone(), Random(3)
    for word in TEXT.split():
        for at, char in enumerate(word):
            hidden_key(writer, round(chance.lognormvariate(5.2, 0.4)))
            if each_key and at:
                writer.edit(writer.caret - at, at, "", "deleteContentBackward")
            writer.edit(writer.caret, 0, word[: at + 1] if each_key else char, "insertText")
        hidden_key(writer, 200).edit(writer.caret - len(word), len(word), "", "deleteContentBackward")
        writer.edit(writer.caret, 0, word + " ", "insertText")
    return writer


def words_without_keys(writer: Writer, cause: str = "insertText", flags: int = 2) -> Writer:
    """Swiped or written by hand: a word at a time."""
    chance = Random(4)
    for word in TEXT.split():
        writer.wait(chance.randint(600, 1_500)).edit(writer.caret, 0, word + " ", cause, flags)
    return writer


def translated_by_the_keyboard() -> Writer:
    """What is typed in the keyboard's own field is composed in the box, translated, as it grows."""
    writer, chance = phone(), Random(5)
    for sentence in SENTENCES:
        at, words, shown = writer.caret, sentence.split(), ""
        for count in range(1, len(words) + 1):
            now = " ".join([*words[: count - 1], "things"] if count % 4 == 2 else words[:count])
            writer.wait(chance.randint(700, 2_500)).edit(at, len(shown), now, "insertCompositionText", 6)
            shown = now
        writer.edit(writer.caret, 0, " ", "insertText")
    return writer


def typed(seed: int = 6, *, median: float = 150, codes: Codes = qwerty, text: str = TEXT, **others: str) -> Writer:
    return Typist(entered(**others), seed, median=median, codes=codes).type(text)


def other_layout(order: str) -> Codes:
    place = dict(zip(order, "qwertyuiopasdfghjkl;zxcvbnm,./", strict=False))
    return lambda char: qwerty(place.get(char.lower(), char))


def suggestions(words: int, agent: str, key: str) -> Writer:
    """The rest of a word, or of several, is accepted by a key."""
    typist, at, parts = Typist(entered(agent=agent), 7), 0, TEXT.split()
    while at < len(parts):
        taken = words if at % 12 == 6 else 1
        phrase = " ".join(parts[at : at + taken]) + " "
        if taken < words or at % 12 != 6:
            typist.type(phrase)
        else:
            writer = typist.type(phrase[:3], 0).log("k", key, " " if key == "Space" else key, 0, dt=400)
            writer.edit(writer.caret, 0, phrase[3:], "insertText").log("u", key, 0, dt=80)
        at += taken
    return typist.writer


def smart_punctuation(cause: str) -> Writer:
    typist = Typist(entered(agent=WEBKIT), 8)
    for char in TEXT.replace("not", "n't") + '"So it is" -- I think... ':
        writer = typist.press(char)
        for plain, smart in (("'", "\u2019"), ('"', "\u201d"), ("--", "\u2014"), ("...", "\u2026")):
            if writer.text.endswith(plain):
                writer.edit(writer.caret - len(plain), len(plain), smart, cause)
    return typist.writer


def replaced_abbreviations(cause: str) -> Writer:
    typist = Typist(entered(agent=WEBKIT), 9)
    for sentence in SENTENCES:
        writer = typist.type(sentence + "imo", 0).log("k", "Space", " ", 0, dt=150)
        writer.edit(writer.caret - 3, 3, "In my opinion", cause).edit(writer.caret, 0, " ", "insertText")
    return typist.writer


def keys_elsewhere(
    agent: str = CHROMIUM, cause: str = "insertText", flags: int = 2, *, released: bool = False
) -> Writer:
    """Each key arrives as text: IBus under KWin (ibus issue 2940), or an editor that an extension mirrors."""
    typist = Typist(entered(agent=agent), 10)
    for char in TEXT:
        typist.writer.wait(typist.gap(char)).edit(typist.writer.caret, 0, char, cause, flags)
        if released:
            typist.writer.log("u", qwerty(char), 0, dt=0)
    return typist.writer


def doubled_hidden_keys() -> Writer:
    """Fcitx in Chrome reports each key twice (fcitx5 issue 748); an input method completes English words."""
    writer, chance = entered(), Random(11)
    for word in TEXT.split():
        at, half = writer.caret, (len(word) + 1) // 2
        for count in range(1, half + 1):
            hidden_key(hidden_key(writer, round(chance.lognormvariate(5, 0.4))), 1)
            writer.edit(at, count - 1, word[:count], "insertCompositionText", 6)
        hidden_key(writer, 500).edit(at, half, word + " ", "insertText")
    return writer


def released_at_once(keys: str, *, other_layout: bool = False) -> Writer:
    """Programmable keyboards send a key that has two meanings when it is released; some have their own layout."""
    typist, chance = Typist(entered(), 13), Random(13)
    for char in TEXT * (1 + other_layout):
        gap = round(130 * chance.lognormvariate(0, 0.45) + 3_000 * (char == ".")) if other_layout else None
        typist.press(char, gap, 2 if char.lower() in keys else None)
    return typist.writer


def by_gaze(dwell: int, hold: int = 0, codes: Codes = qwerty, focus: str = "pointer", shift: int = SHIFT) -> Writer:
    """A key after so long a look at it; getting there takes 100 to 400 ms."""
    writer, chance = Writer().log("q", 9, 900, 1, 0, 0, 80, dt=24_000), Random(14)
    writer.log("f", 1, "answer", 1, dt=10).log("a", focus, dt=0)
    for char in TEXT:
        flags = shift if char.isupper() else 0
        if flags:
            writer.log("k", "ShiftLeft", "Shift", SHIFT, dt=dwell + chance.randint(100, 400))
        writer.log("k", codes(char), char, flags, dt=dwell + chance.randint(100, 400))
        writer.edit(writer.caret, 0, char, "insertText").log("u", codes(char), flags, dt=hold)
    return writer


def slow_keys() -> Writer:
    """Keys count after they were held for a second and more."""
    typist = Typist(entered(), 15)
    for char in TEXT:
        typist.press(char, 1_500 + round(700 * typist.chance.lognormvariate(0, 0.5)), typist.chance.randint(200, 700))
    return typist.writer


def tremor() -> Writer:
    """Bounced and repeated keys, erased one by one."""
    typist = Typist(entered(), 16, median=600)
    for char in SENTENCES[0] + SENTENCES[1]:
        again = typist.chance.choice([0, 0, 0, 1, 3]) if char.isalpha() else 0
        writer = typist.press(char, hold=typist.chance.randint(120, 420))
        for number in range(again):
            writer.log("k", qwerty(char), char, 2 * (number > 0), dt=60).edit(writer.caret, 0, char, "insertText")
        writer.backspace(again)
    return typist.writer


def switch_scanning() -> Writer:
    """A key for so many steps of the highlight as its row and column."""
    writer, order = entered(), " etaoinsrhldcumfpgwybvkxjqz.,:"
    for char in TEXT:
        row, column = divmod(max(0, order.find(char.lower())), 6)
        writer.log("k", qwerty(char), char, SHIFT * char.isupper(), dt=700 * (row + column + 2) + 13 * (row % 3))
        writer.edit(writer.caret, 0, char, "insertText").log("u", qwerty(char), 0, dt=0)
    return writer


def board_as_keyboard(ms: int, hold: int, wpm: float = 12, sentences: Iterable[str] = SENTENCES) -> Writer:
    """A speaking board that types each sentence at a rate of its own, after it was composed there."""
    writer, chance = entered(), Random(17)
    for sentence in sentences:
        writer.wait(round(len(sentence) / 6 / wpm * 60_000 * chance.lognormvariate(0, 0.2)))
        for char in sentence:
            shift = SHIFT if char.isupper() else 0
            writer.log("k", qwerty(char), char, shift, dt=ms - hold + chance.randint(-3, 3))
            writer.edit(writer.caret, 0, char, "insertText").log("u", qwerty(char), shift, dt=hold)
    return writer


def said_on_a_key(utterances: Iterable[str], ms_a_word: int = 400, key: str = "Control") -> Writer:
    """A dictation program listens while a key is held, and pastes."""
    code = {"Control": "ControlLeft"}.get(key, key)
    writer = entered()
    for utterance in utterances:
        writer.wait(2_500).log("k", code, key, 8, dt=30).log("k", code, key, 8 | 2, dt=500)
        writer.log("u", code, 0, dt=ms_a_word * len(utterance.split())).wait(1_200).paste(utterance)
    return writer


def words_at_the_end(apart: int, writer: Writer, ms_a_word: int = 380) -> Writer:
    """A recogniser inserts the words of an utterance one by one when it is over."""
    for number, sentence in enumerate(SENTENCES):
        writer.wait(ms_a_word * len(sentence.split()) + 317 * number)
        for word in sentence.split():
            writer.wait(apart).edit(writer.caret, 0, word + " ", "insertText")
    return writer


def spoken_and_changed() -> Writer:
    """Voice control: sentences, then words of them replaced by others."""
    writer = entered(agent=WEBKIT)
    for sentence in SENTENCES:
        say_at_once(writer, sentence)
    for old, new in (("people", "folks"), ("market", "bazaar"), ("summer", "July"), ("minute", "moment")):
        correct(writer, old, new, "insertText", 2)
    return writer


def transcribed_while_typing() -> Writer:
    """A recording is transcribed after it was spoken, while its writer types on."""
    writer = entered()
    for sentence in SENTENCES:
        Typist(writer.wait(400 * len(sentence.split())), 25).type("and ", 0)
        writer.wait(400).edit(writer.caret, 0, sentence, "insertText")
    return writer


def keyed_and_pasted() -> Writer:
    """Talon presses the keys of short phrases and pastes long ones."""
    writer = entered()
    for number, sentence in enumerate(SENTENCES * 2):
        writer.wait(400 * len(sentence.split()))
        if number % 3:
            writer.paste(sentence)
            continue
        for char in sentence:
            writer.log("k", qwerty(char), char, SHIFT * char.isupper(), dt=6)
            writer.edit(writer.caret, 0, char, "insertText").log("u", qwerty(char), 0, dt=2)
    return writer


def predicted_words(how: str) -> Writer:
    """Word prediction programs erase what was typed of a word and put in the whole."""
    typist = Typist(entered(), 18)
    for word in TEXT.split():
        if len(word) < 6:
            typist.type(word + " ", 0)
        elif how == "keys":
            injected(typist.type(word[:2], 0), word + " ", 2)
        else:
            typist.type(word[:2], 0).wait(500).backspace(2).paste(word + " ")
    return typist.writer


def translated_in_place(old: str, cause: str, flags: int) -> Writer:
    """An extension translates the selection where it stands."""
    return typed(19, text=old).wait(2_500).edit(0, len(old), ENGLISH, cause, flags)


def live_conversion() -> Writer:
    """Japanese on a Mac: a whole sentence is composed and converted again with every key."""
    writer, chance = entered(agent=WEBKIT, lang="ja"), Random(20)
    for sentence in [part + "。" for part in (JAPANESE * 3).split("。") if part]:
        at, shown = writer.caret, ""
        for count in range(1, 2 * len(sentence) + 1):
            now = sentence[: count // 2] + "か" * (count % 2)
            writer.log("k", "KeyK", "k", 64, dt=round(chance.lognormvariate(5, 0.5)))
            writer.edit(at, len(shown), now, "insertCompositionText", 6)
            shown = now
        writer.log("k", "Enter", "Enter", 64, dt=300)
    return writer


def retyped_clusters(most: int) -> Writer:
    """Bengali on Windows (Avro, Keyman): with each key the last characters are erased and pressed again."""
    writer, chance = entered(), Random(21)
    for word in (OTHER_LAYOUTS["bn"] * 3).split():
        for count in range(1, len(word) + 1):
            back = min(count - 1, most)
            injected(writer.wait(round(chance.lognormvariate(5, 0.4))), word[count - 1 - back : count], back)
        writer.key(" ")
    return writer


def undone_and_redone() -> Writer:
    writer, chance = typed(22), Random(22)
    for _ in range(6):
        for _ in range(chance.randint(5, 80)):
            writer.undo()
        for _ in range(chance.randint(80, 160)):
            writer.redo()
    return writer


def moved_about() -> Writer:
    """Sentences that are cut, dragged, yanked and pasted by the middle button."""
    writer, chance = typed(23, agent=WEBKIT), Random(23)
    for number in range(12):
        start = chance.randrange(len(writer.text) - 60)
        part = writer.text[start : start + chance.randint(25, 60)]
        if number % 3 == 0:
            writer.cut(start, start + len(part)).at(chance.randrange(len(writer.text))).paste(part)
        elif number % 3 == 1:
            writer.edit(start, len(part), "", "deleteSoftLineForward").at(chance.randrange(len(writer.text)))
            writer.edit(writer.caret, 0, part, "insertFromYank")
        else:
            writer.drag(start, start + len(part), 0)
    return writer


def filled_by_a_password_manager() -> Writer:
    writer = entered().edit(0, 0, "maria.gonzalez.1987@example.org", "silent", 0).wait(800)
    writer.log("k", "Backspace", "Backspace", 0, dt=200).edit(0, len(writer.text), "", "deleteContentBackward")
    return Typist(writer, 24).type(TEXT)


CLEAR: dict[str, Callable[[], Writer]] = {
    "glided words and suggestions": glided_words,
    "double spaces": double_spaces,
    "words deleted and inserted anew": lambda: rebuilt_words(each_key=False),
    "words built anew with every key": lambda: rebuilt_words(each_key=True),
    "typed": typed,
    "hunt and peck": lambda: typed(median=900),
    "Dvorak": lambda: typed(codes=other_layout("',.pyfgcrlaoeuidhtns;qjkxbmwvz"), lang="en"),
    "Bépo": lambda: typed(codes=other_layout("bépoèvdljzauiectsrn.àyx?k'qghf"), lang="fr"),
    "some keys released at once": lambda: released_at_once("asdfjkl"),
    "rest of a word accepted": lambda: suggestions(1, WEBKIT, "Space"),
    "smart punctuation": lambda: smart_punctuation("insertText"),
    "smart punctuation as replacement": lambda: smart_punctuation("insertReplacementText"),
    "doubled hidden keys": doubled_hidden_keys,
    "tremor": tremor,
    "switch scanning": switch_scanning,
    "predicted words by keys": lambda: predicted_words("keys"),
    "live conversion": live_conversion,
    "clusters pressed again": lambda: retyped_clusters(2),
    "words pressed again": lambda: retyped_clusters(40),
    "undo and redo": undone_and_redone,
    "moved about": moved_about,
    "password manager": filled_by_a_password_manager,
} | {f"layout {lang}": partial(typed, text=text * 3, lang=lang) for lang, text in OTHER_LAYOUTS.items()}

REVIEW: dict[str, tuple[Callable[[], Writer], str]] = {
    "swiped on an iPhone": (lambda: words_without_keys(phone(IPHONE)), "dictated and swiped"),
    "swiped on a laptop": (lambda: words_without_keys(entered()), "dictated"),
    "swiped as compositions": (lambda: words_without_keys(entered(), "insertCompositionText", 6), "voice typing"),
    "translated by the keyboard": (translated_by_the_keyboard, "dictated and swiped"),
    "three words accepted": (lambda: suggestions(3, WEBKIT, "Space"), "word suggestions"),
    "five words accepted": (lambda: suggestions(5, CHROMIUM, "Tab"), "word suggestions"),
    "text replacement": (lambda: replaced_abbreviations("insertReplacementText"), "text expander"),
    "keys elsewhere": (keys_elsewhere, "rhythm of a hand"),
    "keys elsewhere, releases seen": (lambda: keys_elsewhere(FIREFOX, released=True), "rhythm of a hand"),
    "keys elsewhere, composed": (
        lambda: keys_elsewhere(FIREFOX, "insertCompositionText", 6),
        "input methods whose keys",
    ),
    "another editor, silently": (lambda: keys_elsewhere(cause="silent", flags=0), "another editor"),
    "another editor, by a script": (lambda: keys_elsewhere(flags=1), "another editor"),
    "all keys released at once": (lambda: released_at_once("abcdefghijklmnopqrstuvwxyz"), "programmable keyboards"),
    "home row released at once, layout in the keyboard": (
        lambda: released_at_once("arstneio", other_layout=True),
        "programmable keyboards",
    ),
    "by gaze": (lambda: by_gaze(600), "gaze"),
    "by gaze, Shift not reported": (lambda: by_gaze(800, 20, shift=0), "gaze"),
    "by gaze, focused by a tool": (lambda: by_gaze(800, 50, focus="script"), "gaze"),
    "by gaze, without codes": (lambda: by_gaze(450, 50, no_code), "gaze"),
    "slow keys": (slow_keys, "slow keys"),
    "board as keyboard": (lambda: board_as_keyboard(50, 20), "tools that type for people"),
    "slow board as keyboard": (lambda: board_as_keyboard(100, 30), "tools that type for people"),
    "board that holds its keys": (lambda: board_as_keyboard(60, 50), "speaking boards"),
    "said on a key": (lambda: said_on_a_key([TEXT]), "dictation program"),
    "said on a function key, twice": (
        lambda: said_on_a_key(["".join(SENTENCES[:2]), "".join(SENTENCES[2:])], key="F8"),
        "dictation program",
    ),
    "words at an utterance's end": (lambda: words_at_the_end(5, entered()), "dictat"),
    "slower words at its end": (lambda: words_at_the_end(90, entered()), "dictat"),
    "words at its end on a phone": (lambda: words_at_the_end(40, phone(IPHONE)), "dictat"),
    "spoken and changed": (spoken_and_changed, "dictated"),
    "transcribed while typing": (transcribed_while_typing, "dictated"),
    "keyed and pasted phrases": (keyed_and_pasted, "dictation program"),
    "predicted words by pastes": (lambda: predicted_words("pastes"), "text expander"),
    "translated in place": (lambda: translated_in_place(SPANISH, "silent", 0), "another language"),
    "translated from Russian": (lambda: translated_in_place(RUSSIAN, "insertText", 0), "another language"),
    "translated as replacement": (lambda: translated_in_place(RUSSIAN, "insertReplacementText", 2), "another language"),
}


@pytest.mark.parametrize("kind", CLEAR)
def test_kinds_that_are_plainly_the_writers(kind: str) -> None:
    made = report(CLEAR[kind]())
    assert made.verdict is Verdict.CLEAR


def innocent_first(made: Report, words: str) -> bool:
    """Whether the findings begin with what honest people do, and one of them with these words in its first sentence."""
    firsts = [found.explanation.partition(". ")[0] for found in made.findings if found.severity != "info"]
    return any(words in first for first in firsts) and not any(first[0].isdigit() for first in firsts)


@pytest.mark.parametrize("kind", REVIEW)
def test_kinds_that_are_worth_a_look_at_most(kind: str) -> None:
    build, words = REVIEW[kind]
    made = report(build())
    assert made.verdict is Verdict.REVIEW
    assert innocent_first(made, words)
