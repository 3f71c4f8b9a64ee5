"""A worker's browser without JavaScript: reads pages, sends forms."""

import json
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from httpx2 import Client, Response


@dataclass
class Visitor:
    """One assignment in plain HTML."""

    client: Client
    slug: str
    query: dict[str, Any]
    page: str = field(default="", init=False)
    ticket: str = field(default="", init=False)

    def open(self) -> Response:
        """Load the task as the marketplace's frame does."""
        return self._read(self.client.get(f"/task/{self.slug}", params=self.query))

    def accept(self) -> Response:
        """Open, agree, and follow to the task."""
        self.open()
        answer = self.send("consent")
        assert answer.status_code == 303, answer.text
        return self._read(self.client.get(answer.headers["location"]))

    def send(self, action: str, **fields: str | list[str]) -> Response:
        """Send one of the page's forms."""
        return self._read(self.client.post(f"/task/{self.slug}/{action}", data={"ticket": self.ticket, **fields}))

    def post_events(self, seq: int, events: list[Any], **changed: Any) -> Response:
        """What the recorder would send."""
        body = {"v": 1, "ticket": self.ticket, "seq": seq, "perf": 1.0, "wall": 1.7e12, "events": events} | changed
        return self.client.post("/api/worker/events", content=json.dumps(body))

    def post_submission(self, text: str, **changed: Any) -> Response:
        """What the page's script would send."""
        body = {"v": 1, "ticket": self.ticket, "text": text} | changed
        return self.client.post("/api/worker/submission", content=json.dumps(body))

    def text_of(self, element: str) -> str:
        """The text of the element with this id."""
        found = re.search(rf'id="{element}"[^>]*>(.*?)</(div|textarea|section|p|output)>', self.page, re.DOTALL)
        assert found, f"no #{element} on the page"
        return unescape(found[1])

    def _read(self, answer: Response) -> Response:
        self.page = answer.text
        ticket = re.search(r'name="ticket" value="([^"]+)"', self.page)
        self.ticket = unescape(ticket[1]) if ticket else self.ticket
        return answer
