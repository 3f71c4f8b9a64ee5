"""What a bearer token may do. Here, because commands name it in their help without loading the database."""

from collections.abc import Mapping

SCOPES: Mapping[str, str] = {
    "submissions": "read studies, submissions and their reports",
    "events": "read the raw events of submissions in studies that you review or own, with key timing",
    "exports": "export tables of studies that you review or own",
    "decisions": "decide about submissions in your name",
    "payments": "see, preview and send payments of studies that you own, if you may publish and pay",
}
READING = ("submissions", "events")
"""What a token may do unless somebody chooses more."""
