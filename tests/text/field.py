"""The field data as texts, generations and labelled submissions."""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from keytrail.imports.keylog import read_keylog
from keytrail.provenance import KeyLog, LoggedCopy, LoggedItem, LoggedKey, LoggedPaste, Report, analyse_keylog
from keytrail.text.classifier.corpus import Label, TrainingText
from keytrail.text.fusion import LogEvidence
from keytrail.text.loglabels import copied_out, external_share, log_evidence, log_label

FILES = {"mturk": "gpturk/mturk_batch_results.csv", "prolific": "crowdwork/prolific_study1.csv.gz"}
_MAKERS: dict[str, Callable[..., LoggedItem]] = {"key": LoggedKey, "paste": LoggedPaste, "copy": LoggedCopy}


@dataclass(frozen=True)
class Submission:
    """One field submission with the label from its log."""

    worker: str
    item_id: str
    text: str
    report: Report
    pasted: bool

    @property
    def label(self) -> Label | None:
        return log_label(self.report)

    @property
    def external(self) -> bool | None:
        return {LogEvidence.EXTERNAL: True, LogEvidence.NOT_EXTERNAL: False}.get(log_evidence(self.report))

    @property
    def by_other_means(self) -> bool:
        """Typed or taken from the item: external text hardly survives, and nothing came back from outside."""
        return external_share(self.report) < 0.1 and not copied_out(self.report)


@dataclass(frozen=True)
class FieldTexts:
    folder: Path

    @cached_property
    def items(self) -> dict[str, str]:
        return {row["id"]: row["text"] for row in self._rows("gpturk/abstracts.jsonl")}

    @cached_property
    def human(self) -> list[TrainingText]:
        rows = self._rows("gpturk/summaries.jsonl")
        return [TrainingText(row["abstract_id"], row["text"], Label.HUMAN) for row in rows if row["label"] == "human"]

    @cached_property
    def generated(self) -> dict[str, list[str]]:
        texts: dict[str, list[str]] = defaultdict(list)
        for row in self._rows("gpturk/summaries.jsonl"):
            if row["label"] == "synthetic":
                texts[row["abstract_id"]].append(row["text"])
        return dict(texts)

    def submissions(self, name: str) -> list[Submission]:
        """Submissions of one of `FILES`, joined to the abstracts by their text."""
        by_text = {" ".join(text.split()): item for item, text in self.items.items()}
        found = []
        for session in read_keylog(self.folder / FILES[name]):
            entries: list[Any] = list(session.epochs[0])
            log = KeyLog([_MAKERS[kind](*values) for kind, *values in entries], session.text, session.item_text)
            item_id = by_text[" ".join(session.item_text.split())]
            pasted = any(entry[0] == "paste" for entry in entries)
            found.append(Submission(session.worker, item_id, session.text, analyse_keylog(log), pasted))
        return found

    def _rows(self, name: str) -> list[dict[str, str]]:
        return [json.loads(line) for line in (self.folder / name).read_text(encoding="utf-8").splitlines()]
