"""Detect the encoding of a text file."""

import codecs
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from charset_normalizer import from_bytes

from keytrail.errors import ImportFailed
from keytrail.studies.item_files.latin_code_pages import LATIN_CODE_PAGES, WESTERN, latin_code_page

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
LEGACY_ENCODINGS: Final[Mapping[str, str]] = {
    WESTERN: "Western (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "gb18030": "Chinese, simplified (GB 18030)",
    "big5": "Chinese, traditional (Big5)",
    "cp932": "Japanese (Shift JIS)",
    "euc_jp": "Japanese (EUC-JP)",
    "cp949": "Korean (EUC-KR)",
    "mac_roman": "Western (Mac)",
}
"""What spreadsheets write instead of Unicode, with the names that people know."""
# Valid only for text, not for arbitrary bytes: the last resort, so that people see a preview and can choose.
_OF_MANY_BYTES: Final = ("gb18030", "big5", "cp932", "euc_jp", "cp949")
# With fewer bytes that follow each other no other script is guessed.
_ENOUGH_FOR_A_SCRIPT: Final = 4
_SHARE_OF_NULS = 0.2


def decode(content: bytes, name: str, chosen: str = "") -> tuple[str, str]:
    """Return the text and "UTF-8", "UTF-16", "UTF-32" or a key of LEGACY_ENCODINGS, guessed unless `chosen`.

    Raises ImportFailed for binary data, and if the file is not in the chosen encoding.
    """
    if chosen:
        if chosen not in LEGACY_ENCODINGS:
            raise ImportFailed(f"There is no encoding {chosen!r}.", [f"Choose one of: {', '.join(LEGACY_ENCODINGS)}."])
        return _strictly(content, chosen, LEGACY_ENCODINGS[chosen], name), chosen
    for mark, codec, label in _MARKS:
        if content.startswith(mark):
            return _strictly(content, codec, label, name), label
    if utf16 := _utf16_without_mark(content):
        return _strictly(content, utf16, "UTF-16", name), "UTF-16"
    if b"\0" in content:
        raise _no_text(name)
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        return _legacy(content, name)


def _utf16_without_mark(content: bytes) -> str | None:
    """Detect UTF-16 without a mark: Latin text has a NUL in nearly every other byte."""
    sample = content[:2000]
    if sample[1::2].count(0) > _SHARE_OF_NULS * len(sample):
        return "utf-16-le"
    return "utf-16-be" if sample[::2].count(0) > _SHARE_OF_NULS * len(sample) else None


def _legacy(content: bytes, name: str) -> tuple[str, str]:
    for codec in (_guess(content), WESTERN, *_OF_MANY_BYTES):
        try:
            return content.decode(codec), codec
        except UnicodeDecodeError:
            continue
    raise _no_text(name)


def _guess(content: bytes) -> str:
    high = [at for at, byte in enumerate(content) if byte >= 0x80]  # noqa: PLR2004  # the first that is not ASCII
    # Accented letters mostly stand between plain ones; letters of other scripts follow each other.
    adjacent = sum(after - before == 1 for before, after in pairwise(high))
    if adjacent >= _ENOUGH_FOR_A_SCRIPT and adjacent > len(high) / 2:
        guess = from_bytes(content, cp_isolation=list(LEGACY_ENCODINGS)).best()
        if guess and guess.encoding not in LATIN_CODE_PAGES:
            return guess.encoding
    return latin_code_page(content)


def _strictly(content: bytes, codec: str, label: str, name: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        cure = "Choose another encoding" if codec in LEGACY_ENCODINGS else "The file may be cut off"
        problem = f"byte {error.start + 1} is not {label}. {cure}, or save the file again as CSV UTF-8 or .xlsx."
        raise ImportFailed(f"{name} cannot be read as {label} text.", [problem]) from None


def _no_text(name: str) -> ImportFailed:
    problem = "It is neither text nor a workbook. Save the table as .xlsx or as CSV UTF-8."
    return ImportFailed(f"{name} cannot be read.", [problem])
