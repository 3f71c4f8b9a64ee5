"""A submission as a requester's program reads it through the API, and the replay of its log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx2

from keytrail.provenance import EpochLog, decode_all, restore, to_units
from tests.waiting import until

Event = list[Any]


@dataclass(frozen=True)
class Submission:
    """One analysed submission with its log."""

    text: str
    verdict: str
    origins: Mapping[str, int]
    spans: Sequence[Mapping[str, Any]]
    findings: Sequence[str]
    integrity: Mapping[str, Any]
    log_complete: bool
    epochs: Sequence[Sequence[Event]]

    @property
    def events(self) -> Sequence[Event]:
        """The events of all page loads, in order."""
        return [event for epoch in self.epochs for event in epoch]

    def events_of(self, kind: str) -> list[Event]:
        """The fields of every event of one type, without time and type."""
        return [event[2:] for event in self.events if event[1] == kind]

    @property
    def causes(self) -> list[str]:
        """The cause of every edit, repetitions left out."""
        causes = [edit[3] for edit in self.events_of("e")]
        return [cause for at, cause in enumerate(causes) if at == 0 or causes[at - 1] != cause]

    @cached_property
    def replayed_text(self) -> str:
        """What the log alone gives."""
        return restore([EpochLog(decode_all(epoch)) for epoch in self.epochs]).text

    def came_as(self, origin: str) -> str:
        """The parts of the text that came in one way; moved text counts by what it was before."""
        units = self.text.encode("utf-16-le", "surrogatepass")
        parts = [
            units[2 * span["start"] : 2 * span["end"]]
            for span in self.spans
            if (span.get("inherited") or span["origin"]) == origin
        ]
        return b"".join(parts).decode("utf-16-le", "surrogatepass")


class ReviewApi:
    """The JSON API with a requester's token."""

    def __init__(self, url: str, token: str) -> None:
        self._client = httpx2.Client(base_url=f"{url}/api/v1", headers={"authorization": f"Bearer {token}"}, timeout=60)

    def submission(self, receipt: str) -> Submission:
        """The submission once it has been analysed."""
        found = until(lambda: self._analysed(receipt), f"the report of {receipt}")
        epochs = self._get(f"/submissions/{receipt}/events")["epochs"]
        return Submission(
            text=found["text"],
            verdict=found["verdict"],
            origins=found["origins"],
            spans=found["spans"],
            findings=[finding["id"] for finding in found["findings"]],
            integrity=found["integrity"],
            log_complete=found["log_complete"],
            epochs=[epoch["events"] for epoch in epochs],
        )

    def conditions(self, study: str) -> dict[str, Any]:
        """What the study's conditions changed."""
        found: dict[str, Any] = self._get(f"/studies/{study}/conditions")
        return found

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def _analysed(self, receipt: str) -> dict[str, Any]:
        found: dict[str, Any] = self._get(f"/submissions/{receipt}")
        return found if found["verdict"] else {}

    def _get(self, path: str) -> Any:
        answer = self._client.get(path)
        answer.raise_for_status()
        return answer.json()


def explained(submission: Submission) -> Submission:
    """Check that the log tells the whole story of this text: nothing is missing, nothing twice, nothing contradicts."""
    assert submission.log_complete
    assert submission.replayed_text == submission.text
    assert submission.integrity["replay_equals_text"]
    assert submission.integrity["complete"]
    assert submission.integrity["checkpoints_failed"] == 0
    assert submission.integrity["checkpoints"] > 0
    assert submission.integrity["edits_outside"] == 0
    assert submission.integrity["anomalies"] == []
    (end,) = (index for index, event in enumerate(submission.epochs[-1]) if event[1] == "z")
    assert submission.epochs[-1][end][2] == end
    assert sum(submission.origins.values()) == len(to_units(submission.text))
    return submission
