"""QuestionFormAnswers: what a requester reads as an assignment's answer."""

import re
from collections.abc import Sequence
from xml.sax.saxutils import escape

_OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?><QuestionFormAnswers xmlns="http://mechanicalturk.amazonaws.com/'
    'AWSMechanicalTurkDataSchemas/2005-10-01/QuestionFormAnswers.xsd">'
)
# Characters outside XML 1.0's production Char (section 2.2); surrogates and U+FFFE are among them.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def answers_xml(fields: Sequence[tuple[str, str]]) -> str:
    """Form fields as XML, in the order they were posted; characters that XML 1.0 cannot hold are dropped."""
    answers = "".join(
        f"<Answer><QuestionIdentifier>{_text(name)}</QuestionIdentifier><FreeText>{_text(value)}</FreeText></Answer>"
        for name, value in fields
    )
    return f"{_OPENING}{answers}</QuestionFormAnswers>"


def _text(value: str) -> str:
    return escape(_NOT_IN_XML.sub("", value))
