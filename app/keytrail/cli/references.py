"""`keytrail references …`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from keytrail.cli.installation import open_installation
from keytrail.clock import utc_now
from keytrail.errors import BadSettings
from keytrail.synthetic.generation import DEFAULT_COUNT

references = typer.Typer(help="Generate and import language models' texts about a study's items.", no_args_is_help=True)

Study = Annotated[str, typer.Argument(help="The study's name in its address.")]


@references.command("import")
def import_texts(
    study: Study,
    file: Annotated[
        Path,
        typer.Argument(help="JSON Lines: item, text, and optionally by (model or human), model, prompt, temperature."),
    ],
) -> None:
    """Import texts made elsewhere: all rows, or none if any is bad."""
    from keytrail.provenance import formatting
    from keytrail.synthetic.training.references import import_references

    with open_installation() as at:
        done = import_references(at.database, study, file, utc_now())
    print(f"Imported {formatting.count(done.stored, 'text')} into '{study}'. {done.left_out}".rstrip())


@references.command("generate")
def generate(
    study: Study,
    count: Annotated[int, typer.Option(min=1, max=1000, help="Texts per item; half of them become references.")] = (
        DEFAULT_COUNT
    ),
    budget_tokens: Annotated[int | None, typer.Option(min=1, help="Most tokens over all runs of the study.")] = None,
    per_minute: Annotated[float, typer.Option(min=0.1, max=6000, help="Most requests a minute.")] = 60,
    timeout: Annotated[float, typer.Option(min=1, max=3600, help="Seconds to wait for an answer.")] = 120,
) -> None:
    """Generate texts about each item with the endpoint of KEYTRAIL_LLM_URL; run again to resume after an
    interruption.
    """
    from keytrail.provenance import formatting
    from keytrail.synthetic.generation.client import ChatClient
    from keytrail.synthetic.generation.references import Wanted, generate_references

    with open_installation() as at:
        settings = at.settings
        if settings.llm_url is None or not settings.llm_models:
            raise BadSettings("Set KEYTRAIL_LLM_URL and KEYTRAIL_LLM_MODELS to the endpoint and the models.")
        key = settings.llm_key.get_secret_value() if settings.llm_key else ""
        wanted = Wanted(settings.llm_models, settings.llm_temperatures, count, budget_tokens)
        console = Console(stderr=True)
        with ChatClient(settings.llm_url, key, per_minute=per_minute, timeout_s=timeout) as client:
            done = generate_references(
                at.database,
                study,
                wanted,
                client,
                utc_now,
                lambda cells: track(cells, description="Asking", console=console, disable=not cells),
            )
    print(
        f"{formatting.count(done.made, 'text')} generated, {done.there} existed already, "
        f"{formatting.count(done.tokens, 'token')} used in all runs."
        + (f" {formatting.count(done.left, 'text')} not requested: the budget is used up." if done.left else "")
    )
