"""`keytrail study …`."""

from pathlib import Path
from typing import Annotated

import typer

from keytrail.cli.opened import opened
from keytrail.studies import add_items, create_study, read_definition, read_items, study_by_slug
from keytrail.users.accounts import user_by_email
from keytrail.web.services import utc_now

studies = typer.Typer(help="Set up studies.", no_args_is_help=True)


@studies.command("create")
def create(
    file: Annotated[Path, typer.Argument(help="TOML or YAML: title, instructions, consent, limits, reward, platform.")],
    owner: Annotated[str, typer.Option(help="E-mail of the user who owns the study.")],
) -> None:
    """Create a study from a file."""
    definition = read_definition(file)
    with opened() as at, at.database.writing() as db:
        study = create_study(db, definition, user_by_email(db, owner), utc_now())
        print(f"Created study '{study.slug}'. Add its items: keytrail study items {study.slug} FILE")
        print(f"Workers' link: {at.settings.public_url}/task/{study.slug}")


@studies.command("items")
def items(
    study: Annotated[str, typer.Argument(help="The study's name in its address.")],
    file: Annotated[Path, typer.Argument(help="CSV with the columns id and text, or JSON Lines with these keys.")],
) -> None:
    """Add items to a study: all rows, or none if any is bad."""
    rows = read_items(file)
    with opened() as at, at.database.writing() as db:
        count = add_items(db, study_by_slug(db, study), rows)
        print(f"Added {count} items to '{study}'.")
