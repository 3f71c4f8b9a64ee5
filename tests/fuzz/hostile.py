"""Hostile values: bytes for addresses and forms, JSON, and files."""

from typing import Any, Final
from urllib.parse import quote

LONGEST: Final = 20_000

# As they stand in an address or a form, percent-encoded.
ENCODED: Final = [
    "",
    "%00",
    "a%00b",
    "%ED%A0%80",  # a lone surrogate
    "%F0%9F",  # half a character
    "%FF%FE",
    "-1",
    "0",
    "9" * 30,
    "9" * 5000,
    "-9223372036854775809",
    "1e400",
    "NaN",
    "0x10",
    "%D9%A1",  # the digit one in Arabic: int() takes it
    "%C2%B2",  # superscript two: isdigit(), but int() does not take it
    "1_000",
    "true",
    "null",
    "x" * LONGEST,
    "..%2F..%2F..%2Fetc%2Fpasswd",
    "..%5C..%5Csecret.key",
    "%2Fetc%2Fpasswd",
    "%2F%2Fevil.example",
    "%27%20OR%201%3D1%20--",
    "%25",
    "%5F%25%5F",  # SQL's own wildcards
    "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "%7B%7B7*7%7D%7D",
    "%0D%0ASet-Cookie%3A%20a%3Db",
    "%E2%80%AE",  # right-to-left override
    "2026-13-45",
    "9999-12-31T23%3A59%3A59",
    "[" * 2000,
    quote('{"a":' * 500),
]  # fmt: skip

JSON: Final[list[Any]] = [
    None,
    True,
    -1,
    0,
    10**30,
    1e308,
    "",
    "\0",
    "\ud800",
    "x" * LONGEST,
    [],
    [[[[[[]]]]]],
    {},
    {"\0": "\ud800"},
    ["\0"] * 100,
]  # fmt: skip

BODIES: Final = [
    b"",
    b"\0",
    b"\xff\xfe",
    b"null",
    b"[]",
    b'"\\ud800"',
    b"[" * 100_000,
    b'{"a":' * 20_000,
    b"9" * 10_000,
    b'{"v":1e999}',
    b'{"v":NaN}',
    b"=&=&&&%",
    b"&".join(b"a=1" for _ in range(5000)),
]

KINDS: Final = [
    "application/x-www-form-urlencoded",
    "application/json",
    "text/plain",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x",
    "application/octet-stream; charset=no-such-thing",
]

FILES: Final = [
    ("items.csv", b""),
    ("items.csv", b"id,text\n\xff\xfe,\x81\n"),
    ("items.csv", b"id,text\na,b\0c\n"),
    ("items.csv", b"," * 5000 + b"\n"),
    ("items.csv", b'id,text\n"a,b\n' * 50),
    ("items.csv", b"id,text\n=cmd|' /C calc'!A0,=1+1\n"),
    ("items.xlsx", b"PK\x03\x04 no workbook"),
    ("items.xlsx", b""),
    ("items.json", b"[" * 50_000),
    ("items.json", b'[{"id": 1e400, "text": null}]'),
    ("items.json", b'[{"id": "\\ud800", "text": "\\ud800"}]'),
    ("items.jsonl", b'{"id": {"a": []}, "text": [1]}\n{}\n[]\n'),
    ("../../secret.key", b"id,text\na,b\n"),
    ("x" * 5000 + ".tsv", b"id\ttext\na\tb\n"),
    ("", b"id,text\na,b\n"),
    ("items.exe", b"MZ\x90\x00"),
]

# Headers that the server reads.
HEADERS: Final = {
    "authorization": [b"Bearer", b"Bearer ", b"Bearer \xff", b"Basic \xff\xfe", b"Bearer " + b"x" * 8000],
    "cookie": [b"keytrail=\xff", b"keytrail=" + b"x" * 8000, b";;=;", b'keytrail="\\000"'],
    "origin": [b"null", b"http://[", b"\xff", b"http://keytrail.test:99999999", b"x" * 8000],
    "sec-fetch-site": [b"\xff", b"none"],
    "content-type": [b"\xff", b";", b"multipart/form-data; boundary=" + b"x" * 8000],
    "content-length": [b"-1", b"x", b"9" * 40, b"\xc2\xb2"],
    "last-event-id": [b"\xff", b"9" * 40, b"-1"],
    "accept-language": [b"\xff", b"," * 5000],
    "x-request-id": [b"\xff", b"x" * 8000, b"a\tb"],
    "x-forwarded-for": [b"\xff", b"," * 5000, b"::1%eth0"],
    "user-agent": [b"\xff", b"x" * 8000],
    "if-none-match": [b"\xff", b'"' * 5000],
    "range": [b"bytes=9-1", b"bytes=" + b"0-1," * 2000],
}
