"""Train and apply the demo's text classifier, on reference texts written for it."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from rich.console import Console
from rich.progress import track

from keytrail.demo.filling.context import DemoContext
from keytrail.demo.studies import CONTENT
from keytrail.synthetic.cross_submission import compare_submissions
from keytrail.synthetic.training.classifier import train_study
from keytrail.synthetic.training.references import import_references
from keytrail.synthetic.training.scoring import score_study
from keytrail.text.classifier.model import TextModel

_REFERENCES: Final = CONTENT / "references.jsonl"


def teach(
    context: DemoContext, slug: str, made_at: datetime, train: Callable[..., TextModel], console: Console
) -> TextModel:
    """Import the references with the given time, and train the study's classifier by `train`."""
    import_references(context.database, slug, _REFERENCES, made_at)
    with console.status("Training a classifier of synthetic text …"):
        return train_study(context.database, slug, context.market.clock, train=train)


def analyse(context: DemoContext, slug: str, console: Console) -> None:
    """Analyse and score every submission of a study that has a classifier, and compare them with each other."""
    score_study(
        context.database,
        slug,
        context.market.clock,
        lambda ids: track(ids, description=f"Analysing recorded sessions of '{slug}'", console=console),
    )
    compare_submissions(context.database, slug, context.market.clock)
