"""Each importer reads a file with a byte-order mark, and says what to do about one that is cut off or damaged."""

import gzip
import io
import json
import random
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from keytrail.cli import main
from keytrail.errors import ImportFailed
from keytrail.evaluation.reading import find
from keytrail.imports.coauthor import read_coauthor
from keytrail.imports.idfx import read_idfx
from keytrail.imports.keylog import read_keylog
from keytrail.imports.keystrokes import read_keystrokes
from keytrail.imports.wire import read_wire
from keytrail.studies import read_definition
from keytrail.studies.items import read_items
from keytrail.synthetic.training.references import read_references
from tests.cli.test_imports import line
from tests.imports.test_keylog import key_entries, mturk_file
from tests.imports.test_other_loggers import coauthor_file, idfx_file, keyboard, table

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BYTE_ORDER_MARK = "\ufeff".encode()


def wire_file(path: Path) -> Path:
    path.write_text(f"{line('a')}\n{line('b')}\n")
    return path


def keylog_file(path: Path) -> Path:
    return mturk_file(path, ("Walks.", key_entries("Walks.")))


def inputlog_file(path: Path) -> Path:
    idfx_file(path, keyboard(1000, 1090, "VK_H", "h", 353)).write_bytes(path.read_bytes().removeprefix(BYTE_ORDER_MARK))
    return path


def coauthor_session(path: Path) -> Path:
    return coauthor_file(path, ("user", [{"retain": 8}, {"insert": "H"}]))


def keystroke_table(path: Path) -> Path:
    return table(path, ("e1", 1, 1000, 1080, 80, "Input", "q", "q", "q", 1, 1))


IMPORTERS: dict[str, tuple[str, Callable[[Path], Path], Callable[[Path], Any]]] = {
    "wire": ("a.jsonl", wire_file, lambda path: read_wire(path, NOW)),
    "keylog": ("a.csv", keylog_file, read_keylog),
    "idfx": ("a.idfx", inputlog_file, lambda path: read_idfx(path, NOW)),
    "coauthor": ("a.jsonl", coauthor_session, read_coauthor),
    "keystrokes": ("a.csv", keystroke_table, lambda path: read_keystrokes(path, NOW)),
}


def written(text: str) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_text(text, encoding="utf-8")
        return path

    return write


def references(path: Path) -> Any:
    return read_references(path.read_bytes(), path.name, frozenset({"1"}))


def found(path: Path) -> Any:
    contents = find([path])
    assert not contents.skipped
    return [one.session.session for one in contents.sessions]


OTHER_FILES: dict[str, tuple[str, Callable[[Path], Path], Callable[[Path], Any]]] = {
    "study in TOML": ("a.toml", written('title = "T"\ninstructions = "Write."\n'), read_definition),
    "study in YAML": ("a.yaml", written("title: T\ninstructions: Write.\n"), read_definition),
    "items in CSV": ("a.csv", written("id,text\n1,One\n"), read_items),
    "items in JSON Lines": ("a.jsonl", written('{"id": "1", "text": "One"}\n'), read_items),
    "references in CSV": ("a.csv", written("item,text\n1,One\n"), references),
    "references in JSON Lines": ("a.jsonl", written('{"item": "1", "text": "One"}\n'), references),
    "evaluated sessions": ("a.jsonl", wire_file, found),
    "evaluated table": ("a.csv", keystroke_table, found),
}


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("importer", IMPORTERS)
def test_a_byte_order_mark_is_skipped_by_every_importer(tmp_path: Path, importer: str, *, compressed: bool) -> None:
    name, write, read = IMPORTERS[importer]
    path = write(tmp_path / name)
    plain = read(path)
    marked = BYTE_ORDER_MARK + path.read_bytes()
    path = tmp_path / f"{name}.gz" if compressed else path
    path.write_bytes(gzip.compress(marked) if compressed else marked)
    assert read(path) == plain
    assert plain


@pytest.mark.parametrize("kind", OTHER_FILES)
def test_a_byte_order_mark_is_skipped_in_every_other_file(tmp_path: Path, kind: str) -> None:
    name, write, read = OTHER_FILES[kind]
    path = write(tmp_path / name)
    plain = read(path)
    path.write_bytes(BYTE_ORDER_MARK + path.read_bytes())
    assert repr(read(path)) == repr(plain)
    assert plain


def zipped(content: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("inside", content)
    return archive.getvalue()


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes(byte ^ 0xFF for byte in content[middle : middle + 8]) + content[middle + 8 :]


DAMAGE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "cut gzip": (lambda content: gzip.compress(content)[:-40], "its gzip data end too early. Copy or download it"),
    "flipped gzip": (lambda content: flipped(gzip.compress(content)), "is damaged or no gzip file. Copy or download"),
    "no gzip": (lambda content: content, "is damaged or no gzip file. Copy or download it again."),
    "cut zip": (lambda content: zipped(content)[:-40], "is a ZIP archive or a workbook. Unpack it"),
    "random": (lambda _: random.Random(7).randbytes(5_000), "is damaged or"),
}


PLAIN = ("no gzip", "")


@pytest.mark.parametrize(
    ("damage", "suffix"), [(damage, suffix) for damage in DAMAGE for suffix in (".gz", "") if (damage, suffix) != PLAIN]
)
@pytest.mark.parametrize("importer", IMPORTERS)
def test_a_damaged_file_gets_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    importer: str,
    damage: str,
    suffix: str,
) -> None:
    name, write, read = IMPORTERS[importer]
    spoil, problem = DAMAGE[damage]
    content = write(tmp_path / name).read_bytes()
    path = tmp_path / f"damaged-{name}{suffix}"
    path.write_bytes(spoil(content))
    with pytest.raises(ImportFailed) as failed:
        read(path)
    assert failed.value.problems == []
    monkeypatch.setattr(sys, "argv", ["keytrail", "import", importer, str(path)])
    monkeypatch.setenv("KEYTRAIL_DATA_DIR", str(tmp_path / "data"))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    printed = capsys.readouterr().err
    assert printed.startswith(f"keytrail: {path} ")
    assert problem in printed
    assert printed.count("\n") == 1
    assert printed.count(str(path)) == 1


def test_a_file_that_cannot_be_opened_says_why(tmp_path: Path) -> None:
    for path, problem in ((tmp_path / "none.jsonl", "there is no such file"), (tmp_path, "it is a folder")):
        for _, _, read in IMPORTERS.values():
            with pytest.raises(ImportFailed, match=problem):
                read(path)


def test_a_line_that_is_not_json_is_named_in_our_words(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{line('a')}\n{json.dumps({'v': 1})[:-1]}\n")
    with pytest.raises(ImportFailed) as failed:
        read_wire(path, NOW)
    assert failed.value.problems == ["line 2: not JSON from character 9 on. Correct it, or write the file again."]
    path.write_text('{"eventName": \n')
    with pytest.raises(ImportFailed, match=r"line 1: not JSON from character \d+ on\. Correct it"):
        read_coauthor(path)
