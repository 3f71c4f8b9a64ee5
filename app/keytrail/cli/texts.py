"""Commands for the text classifier: replicate, train, score, compare."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from keytrail.cli.installation import open_installation
from keytrail.clock import utc_now
from keytrail.synthetic.replication import REPEATS

if TYPE_CHECKING:
    from keytrail.synthetic.replication.replication import Replication
    from keytrail.text.classifier.model import TextModel

Study = Annotated[str, typer.Argument(help="The study's name in its address.")]


def replicate_studies(
    folder: Annotated[Path, typer.Argument(help="The field data: a folder with gpturk/ and crowdwork/.")],
    out: Annotated[Path, typer.Option(help="Where to write the page.")] = Path("docs/replication.md"),
    repeats: Annotated[int, typer.Option(min=1, max=20, help="Repeats of the cross-validation.")] = REPEATS,
) -> None:
    """Replicate the 2023 studies from their files and write a page with our figures beside theirs."""
    from keytrail.synthetic.replication.page import replication_page
    from keytrail.synthetic.replication.replication import replicate

    console = Console()
    with Console(stderr=True).status("Starting") as status:
        found = replicate(folder, repeats=repeats, say=status.update)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(replication_page(found), encoding="utf-8")
    _print_figures(console, found)
    print(f"Wrote {out}.")


def train(
    study: Study,
    own_sessions: Annotated[
        bool, typer.Option(help="Also train on the study's own sessions that their logs label; prevalence omits them.")
    ] = False,
    card: Annotated[Path | None, typer.Option(help="Also write the model card to this file.")] = None,
    transformer: Annotated[
        Path | None,
        typer.Option(help="Fine-tune the checkpoint in this folder instead (docs/text.md); nothing is downloaded."),
    ] = None,
) -> None:
    """Train a study's classifier on its reference texts and print the model card."""
    from keytrail.synthetic.training.classifier import train_study
    from keytrail.text.classifier.card import card_markdown
    from keytrail.text.classifier.model import train_model

    with open_installation() as at:
        way = train_model if transformer is None else _tuning(transformer, at.settings.data_dir)
        model = train_study(at.database, study, utc_now, own_sessions=own_sessions, train=way)
    text = card_markdown(model.card)
    if card is not None:
        card.write_text(text, encoding="utf-8")
    print(text)


def _tuning(checkpoint: Path, data_dir: Path) -> Callable[..., "TextModel"]:
    from keytrail.text.classifier.transformer.extra import libraries
    from keytrail.text.classifier.transformer.training import train_transformer
    from keytrail.text.classifier.transformer.tuning import FineTuner

    libraries()
    return partial(train_transformer, tuner=FineTuner(checkpoint), store_in=data_dir / "transformers")


def score(study: Study) -> None:
    """Score a study's submissions with its newest classifier; reports of texts that read synthetic get a finding."""
    from keytrail.provenance.formatting import count
    from keytrail.synthetic.training.scoring import score_study

    console = Console(stderr=True)
    with open_installation() as at:
        scored = score_study(
            at.database,
            study,
            utc_now,
            lambda ids: track(ids, description="Scoring", console=console, disable=not ids),
        )
    print(f"Scored {count(scored, 'submission')} of '{study}'. A score is a likeness and decides nothing alone.")


def compare(study: Study) -> None:
    """Compare a study's submissions: similar texts, shared rhythms and times, and unusually quick ones."""
    from keytrail.provenance.formatting import count
    from keytrail.synthetic.cross_submission import compare_submissions

    with open_installation() as at:
        alike = compare_submissions(at.database, study, utc_now)
    have = "has" if alike == 1 else "have"
    print(
        f"{count(alike, 'submission')} of '{study}' {have} a finding from comparing workers. "
        "Each is a reason to look, no more."
    )


def _print_figures(console: Console, found: "Replication") -> None:
    from keytrail.synthetic.replication.criteria import criteria_of

    table = Table("figure", "ours", "asked", "reached", "beside it")
    for criterion in criteria_of(found):
        reached = "yes" if criterion.met else "no"
        table.add_row(criterion.name, criterion.shown, criterion.asked, reached, criterion.beside)
    console.print(table)
    for name, one in found.field.scored.items():
        console.print(
            f"{name}: {one.paste_rule} of {one.submissions} pasted by the authors' rule, "
            f"{one.external} mostly from outside the page."
        )
    estimate = found.mturk_prevalence
    console.print(
        f"MTurk, two tests: {estimate.value:.2f} [{estimate.interval.low:.2f}, {estimate.interval.high:.2f}]; "
        "the paper's range is 0.33 to 0.46."
    )
