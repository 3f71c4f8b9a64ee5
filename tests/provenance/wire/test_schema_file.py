import json
from pathlib import Path

from keytrail.provenance.wire.schema import wire_schema

SCHEMA = Path(__file__).parents[3] / "docs" / "wire-format-1.schema.json"


def test_the_published_schema_is_the_one_the_vocabulary_makes() -> None:
    assert json.loads(SCHEMA.read_text()) == wire_schema()
