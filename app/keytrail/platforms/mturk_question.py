"""Build the ExternalQuestion that tells MTurk which page to frame."""

from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from keytrail.errors import BadRequest

_SCHEMA = "http://mechanicalturk.amazonaws.com/AWSMechanicalTurkDataSchemas/2006-07-14/ExternalQuestion.xsd"
_MAX_BYTES = 65_535
_FILL_WINDOW = 0


def external_question(url: str) -> str:
    """Return the question's XML for a task's address; the frame fills the window. Raises BadRequest for an invalid
    address.

    Source: AWSMturkAPI, "ExternalQuestion"; at most 65,535 bytes.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise BadRequest(f"{url!r} is not an address that a marketplace can frame.", code="task_url")
    xml = (
        f'<ExternalQuestion xmlns="{_SCHEMA}"><ExternalURL>{escape(url)}</ExternalURL>'
        f"<FrameHeight>{_FILL_WINDOW}</FrameHeight></ExternalQuestion>"
    )
    if len(xml.encode()) > _MAX_BYTES:
        raise BadRequest(f"The task's address makes the question longer than {_MAX_BYTES} bytes.", code="task_url")
    return xml
