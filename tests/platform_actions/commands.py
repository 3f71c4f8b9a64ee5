"""`keytrail prolific …` and `keytrail connect …` in the test's own process."""

from typer.testing import CliRunner, Result

from keytrail.cli import app
from keytrail.errors import DomainError
from tests.platform_actions import connect_double, prolific_double
from tests.platform_actions.installation import Installation


def keytrail(at: Installation, group: str, command: str, *arguments: str, typed: str = "") -> str:
    """Run a command about the study as the owner; what it prints, or the sentence that it fails with."""
    done = run(at, group, command, "panel", *arguments, typed=typed)
    return done.exception.message if isinstance(done.exception, DomainError) else done.output


def run(at: Installation, *arguments: str, typed: str = "") -> Result:
    """Run any command as the owner, who answers its questions with what is typed."""
    settings = at.settings
    environment = {
        "KEYTRAIL_DATA_DIR": str(settings.data_dir),
        "KEYTRAIL_DATABASE_URL": str(settings.database_url),
        "KEYTRAIL_PUBLIC_URL": settings.public_url,
        "KEYTRAIL_PROLIFIC_URL": settings.prolific_url,
        "KEYTRAIL_PROLIFIC_TOKEN": prolific_double.TOKEN,
        "KEYTRAIL_CONNECT_URL": settings.connect_url,
        "KEYTRAIL_CONNECT_KEY": connect_double.KEY,
    }
    done = CliRunner().invoke(app, [*arguments, "--by", "o@example.org"], env=environment, input=typed)
    assert done.exception is None or isinstance(done.exception, DomainError), done.exception
    return done
