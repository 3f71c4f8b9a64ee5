"""The `keytrail` command. Each noun has a module; this one joins them and turns failures into sentences."""

import sys
from typing import Annotated

import typer

from keytrail import __version__
from keytrail.cli import (
    accounts,
    analysis,
    backups,
    budget,
    diagnosis,
    evaluating,
    exporting,
    imports,
    jobs,
    mturk,
    payments,
    power,
    prevalence,
    privacy,
    prolific,
    references,
    sandbox,
    server,
    studies,
    texts,
)
from keytrail.datafolder import keep_new_files_private
from keytrail.errors import DomainError, ImportFailed

app = typer.Typer(
    name="keytrail",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("serve")(server.serve)
app.command("worker")(jobs.worker)
app.command("demo")(server.demo)
app.command("sandbox")(sandbox.sandbox)
app.command("migrate")(server.migrate_database)
app.command("doctor")(diagnosis.doctor)
app.command("analyse")(analysis.analyse_submissions)
app.command("verify")(analysis.verify)
app.command("backup")(backups.backup)
app.command("restore")(backups.restore)
app.command("copy-database")(backups.copy_database)
app.command("train")(texts.train)
app.command("score")(texts.score)
app.command("compare")(texts.compare)
app.command("prevalence")(prevalence.estimate)
app.command("power")(power.power)
app.command("evaluate")(evaluating.evaluate)
app.command("replicate")(texts.replicate_studies)
app.add_typer(accounts.users, name="user")
app.add_typer(accounts.tokens, name="token")
app.add_typer(studies.studies, name="study")
app.add_typer(imports.imports, name="import")
app.add_typer(exporting.exports, name="export")
app.add_typer(references.references, name="references")
app.add_typer(mturk.mturk, name="mturk")
app.add_typer(prolific.prolific, name="prolific")
app.add_typer(payments.payments, name="payments")
app.add_typer(budget.budget, name="budget")
app.add_typer(privacy.privacy, name="privacy")

_SHOWN_PROBLEMS = 50


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"keytrail {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Serve writing tasks, record how each text came into being, and see what arrived without typing."""


def main() -> None:
    """Run the command line. Expected failures print what to do and exit with 2."""
    keep_new_files_private()
    try:
        app()
    except DomainError as error:
        print(f"keytrail: {error.message}", file=sys.stderr)  # a command line speaks
        if isinstance(error, ImportFailed):
            for problem in error.problems[:_SHOWN_PROBLEMS]:
                print(f"  {problem}", file=sys.stderr)
        sys.exit(2)
