"""Write an assignment's answer as QuestionFormAnswers, the XML that requesters read."""

import re
from collections.abc import Collection, Sequence
from xml.sax.saxutils import escape

_OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?><QuestionFormAnswers xmlns="http://mechanicalturk.amazonaws.com/'
    'AWSMechanicalTurkDataSchemas/2005-10-01/QuestionFormAnswers.xsd">'
)
# Characters outside XML 1.0's production Char (section 2.2); surrogates and U+FFFE are among them.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answers_xml(fields: Sequence[tuple[str, str]], selections: Collection[str] = ()) -> str:
    """Return form fields as XML, in the order in which they were posted; characters that XML 1.0 cannot hold are
    dropped.

    Fields named in `selections` hold chosen identifiers; they become one answer each, after the others.
    """
    free = [_answer(name, "FreeText", [value]) for name, value in fields if name not in selections]
    chosen = [
        _answer(name, "SelectionIdentifier", [value for other, value in fields if other == name and value])
        for name in dict.fromkeys(name for name, value in fields if name in selections and value)
    ]
    return f"{_OPENING}{''.join([*free, *chosen])}</QuestionFormAnswers>"


def _answer(name: str, kind: str, values: Sequence[str]) -> str:
    content = "".join(f"<{kind}>{_text(value)}</{kind}>" for value in values)
    return f"<Answer><QuestionIdentifier>{_text(name)}</QuestionIdentifier>{content}</Answer>"


def _text(value: str) -> str:
    return escape(_NOT_IN_XML.sub("", value))
