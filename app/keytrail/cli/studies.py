"""`keytrail study …`."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from keytrail.cli.at_study import By, StudyName, Yes, at_own_study, confirmed
from keytrail.cli.installation import open_installation
from keytrail.clock import utc_now
from keytrail.errors import BadRequest

if TYPE_CHECKING:
    from keytrail.studies.item_files import ColumnMapping, SheetTable


_PREVIEWED_ROWS = 5

studies = typer.Typer(help="Set up studies.", no_args_is_help=True)


@studies.command("create")
def create(
    file: Annotated[Path, typer.Argument(help="TOML or YAML: title, instructions, consent, limits, reward, platform.")],
    owner: Annotated[str, typer.Option(help="E-mail of the user who owns the study.")],
) -> None:
    """Create a study from a file, as a draft."""
    from keytrail.models import StudyState
    from keytrail.studies import create_study, read_definition
    from keytrail.users.accounts import user_by_email

    definition = read_definition(file)
    with open_installation() as at, at.database.writing() as db:
        study = create_study(db, definition, user_by_email(db, owner), utc_now(), state=StudyState.DRAFT)
    print(f"Created the draft '{study.slug}'. Add its items: keytrail study items {study.slug} FILE")
    print(f"Then publish it: keytrail study publish {study.slug} --by {owner}")
    print(f"Workers' link: {at.settings.public_url}/task/{study.slug}")


@studies.command("publish")
def publish(study: StudyName, by: By, yes: Yes = False) -> None:
    """Let workers into a draft, after its checklist. What is not in order is asked, unless --yes is given."""
    from keytrail.models import Study, User
    from keytrail.studies.publishing import checklist, publish_study

    with at_own_study(study, by) as at:
        with at.installation.database.reading() as db:
            points = checklist(db, db.get_one(Study, at.study_id))
        for point in points:
            print(f"{point.title}: {point.explanation}")
        ready = all(point.done or not point.required for point in points)
        for point in points:
            if ready and not point.done and point.confirmation:
                confirmed(f"{point.confirmation}?", yes=yes)
        with at.installation.database.writing() as db:
            names = [point.name for point in points]
            publish_study(db, db.get_one(Study, at.study_id), db.get_one(User, at.user_id), utc_now(), names)
    print(f"Published '{study}': workers can take part.")


@studies.command("items")
def items(
    study: Annotated[str, typer.Argument(help="The study's name in its address.")],
    file: Annotated[Path, typer.Argument(help="Excel workbook (.xlsx), CSV with any delimiter, TSV or JSON Lines.")],
    text: Annotated[str | None, typer.Option(help="Column with the text that workers read.")] = None,
    item_id: Annotated[
        str | None, typer.Option("--id", help="Column with the ids. Without one, ids are generated.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Column with the titles.")] = None,
    encoding: Annotated[str, typer.Option(help="Read a file that is not Unicode so, for example cp1251 or big5.")] = "",
    sheet: Annotated[str, typer.Option(help="Read this sheet of the workbook.")] = "",
    preview: Annotated[bool, typer.Option(help="Show what was recognised and the first rows; add nothing.")] = False,
) -> None:
    """Add items to a study: all rows, or none if any is bad."""
    from keytrail.provenance.formatting import count
    from keytrail.studies import add_items, study_by_slug
    from keytrail.studies.item_files import FileChoices, rows_of
    from keytrail.studies.item_files.columns import checked_mapping
    from keytrail.studies.items import item_keys, read_item_file

    table = read_item_file(file, FileChoices(encoding, sheet))
    mapping = checked_mapping(table.columns, text, item_id, title)
    rows_of(table, mapping)  # bad rows are reported before the database is opened
    _print_recognised(table, mapping)
    with open_installation() as at, at.database.writing() as db:
        found = study_by_slug(db, study)
        rows = rows_of(table, mapping, item_keys(db, found))
        added = 0 if preview else add_items(db, found, rows)
    if preview:
        for row in rows[:_PREVIEWED_ROWS]:
            print(f"  {row.key}: {row.title or '(no title)'}: {row.text[:80]!r}")
    else:
        print(f"Added {count(added, 'item')} to '{study}'.")


def _print_recognised(table: "SheetTable", mapping: "ColumnMapping") -> None:
    from keytrail.provenance.formatting import count
    from keytrail.studies.item_files import LEGACY_ENCODINGS

    further = mapping.further(table.columns)
    print(f"{table.name}: {table.format}, {count(len(table.rows), 'row')}.")
    if table.encoding:
        print(f"The encoding was guessed. If letters are wrong, use --encoding: {', '.join(LEGACY_ENCODINGS)}.")
    if len(table.sheets) > 1:
        print(f"Its sheets, for --sheet: {', '.join(table.sheets)}.")
    print(f"Text: {mapping.text}. Id: {mapping.id or '(generated)'}. Title: {mapping.title or '(none)'}.")
    if further:
        print(f"Stored with each item: {', '.join(further)}.")


@studies.command("links")
def links(
    study: StudyName,
    participants: Annotated[list[str], typer.Argument(help="Ids of participants.")] = [],  # noqa: B006  # typer's way
    secret: Annotated[bool, typer.Option(help="Also print the secret, for programs that sign links.")] = False,
) -> None:
    """Print a signed link for each participant of a panel or a laboratory (docs/platforms.md)."""
    from keytrail.platforms import platform_of
    from keytrail.platforms.signed_links import link_secret, signed_link
    from keytrail.studies import study_by_slug

    if not participants and not secret:
        raise BadRequest("Give the ids of participants, or use --secret.")
    with open_installation() as at, at.database.reading() as db:
        found = study_by_slug(db, study)
        key = link_secret(at.keyring, found.id)
        platform = platform_of(found.platform, found.platform_options)
        if secret:
            print(key)
        for one in participants:
            print(signed_link(platform, f"{at.settings.public_url}/task/{study}", one, key))


@studies.command("free-places")
def free(
    study: StudyName,
    by: By,
    minutes: Annotated[int, typer.Option(min=0, help="Only of those who began more than so many minutes ago.")] = 0,
) -> None:
    """Release the places of workers who began and did not return. Late texts are still accepted."""
    from keytrail.models import Study
    from keytrail.sessions.capacity import free_places

    with at_own_study(study, by) as at:
        now = utc_now()
        with at.installation.database.writing() as db:
            begun_before = now - timedelta(minutes=minutes)
            freed = free_places(db, db.get_one(Study, at.study_id), begun_before, at.user_id, now)
        print(f"Places released: {freed}")
