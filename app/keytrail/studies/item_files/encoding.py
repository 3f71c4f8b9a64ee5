"""Detect the encoding of a text file."""

import codecs

from charset_normalizer import from_bytes

from keytrail.errors import ImportFailed

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# What spreadsheets write instead of Unicode: Western Windows first, the most frequent.
_LEGACY = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp932", "gb18030", "cp949", "big5", "mac_roman")
# A guess among eight-bit code pages needs some text to stand on.
_ENOUGH_FOR_A_GUESS = 64
_SHARE_OF_NULS = 0.2


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Return the text and the name of its encoding. Raises ImportFailed for binary data."""
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
    high = bytes(byte for byte in content if byte >= 0x80)  # noqa: PLR2004  # the first byte that is not ASCII
    guess = from_bytes(content, cp_isolation=list(_LEGACY)).best() if len(high) >= _ENOUGH_FOR_A_GUESS else None
    for codec in (guess.encoding if guess else "cp1252", "cp1252"):
        try:
            return content.decode(codec), "Windows-1252" if codec == "cp1252" else codec
        except UnicodeDecodeError:
            continue
    raise _no_text(name)


def _strictly(content: bytes, codec: str, label: str, name: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        problem = (
            f"byte {error.start + 1} is not {label}; the file may be cut off. Save it again as CSV UTF-8 or .xlsx."
        )
        raise ImportFailed(f"{name} cannot be read as {label} text.", [problem]) from None


def _no_text(name: str) -> ImportFailed:
    problem = "It is neither text nor a workbook. Save the table as .xlsx or as CSV UTF-8."
    return ImportFailed(f"{name} cannot be read.", [problem])
