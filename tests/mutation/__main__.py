"""Try random mutants of the code that judges and pays, and print those that no test finds: `make mutants`.

Cosmic Ray makes the mutants, in a copy of what is committed. A survivor is a test to write, or a mutant that changes
nothing; nothing is judged here.
"""

import argparse
import json
import random
import shlex
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
COSMIC_RAY = Path(sys.prefix) / "mutation" / "bin" / "cosmic-ray"
SUBJECTS: Mapping[str, str] = {
    "app/keytrail/provenance": "tests/provenance",
    "app/keytrail/text": "tests/text",
    "app/keytrail/review/judging": "tests/requester tests/api",
    "app/keytrail/platform_actions": "tests/platform_actions",
}
"""Code, and the tests that have to find its mutants. SQLite only: what differs on PostgreSQL is not the logic."""
TIMEOUT_S = 600


def main() -> None:
    """Print a line for each subject and the difference of every survivor."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--count", type=int, default=100, help="how many mutants, spread over the subjects")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "subjects", nargs="*", default=list(SUBJECTS), metavar="subject", help="a folder or file of one"
    )
    asked = parser.parse_args()
    each = max(1, asked.count // len(asked.subjects))
    print(f"Seed {asked.seed}")
    with copy_of_repository() as copy:
        for subject in asked.subjects:
            tried, survivors = mutate(copy, subject, each, random.Random(asked.seed))
            print(f"{subject}: {len(survivors)} of {tried} mutants survived")
            for difference in survivors:
                print(difference)


@contextmanager
def copy_of_repository() -> Iterator[Path]:
    """The last commit in a folder of its own: Cosmic Ray writes each mutant over the file."""
    with tempfile.TemporaryDirectory(prefix="keytrail-mutants-") as folder:
        copy = Path(folder) / "keytrail"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", copy], cwd=ROOT, check=True)
        try:
            yield copy
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", copy], cwd=ROOT, check=True)


def mutate(copy: Path, subject: str, count: int, chance: random.Random) -> tuple[int, list[str]]:
    """How many mutants were tried, and the differences of those that survived. Raises if the tests fail without one."""
    session = copy.parent / "session.sqlite"
    session.unlink(missing_ok=True)
    config = copy.parent / "cosmic-ray.toml"
    config.write_text(configuration(subject))
    run(copy, "init", config, session)
    with closing(sqlite3.connect(session)) as work:
        keep_some(work, count, chance)
    run(copy, "baseline", config)
    run(copy, "exec", config, session)
    with closing(sqlite3.connect(session)) as work:
        (tried,) = work.execute("SELECT count(*) FROM work_results").fetchone()
        found = work.execute("SELECT diff FROM work_results WHERE test_outcome = 'SURVIVED' ORDER BY diff")
        return tried, [str(difference) for (difference,) in found]


def configuration(subject: str) -> str:
    """Cosmic Ray's configuration for one subject."""
    (tests,) = (tests for code, tests in SUBJECTS.items() if subject.startswith(code))
    command = f"{shlex.quote(sys.executable)} -m pytest -x -q -p no:cacheprovider -k 'not postgresql' {tests}"
    return (
        f"[cosmic-ray]\nmodule-path = {json.dumps(subject)}\ntimeout = {TIMEOUT_S}.0\nexcluded-modules = []\n"
        f"test-command = {json.dumps(command)}\n\n[cosmic-ray.distributor]\nname = 'local'\n"
    )


def keep_some(work: sqlite3.Connection, count: int, chance: random.Random) -> None:
    """Leave a random sample of the mutants in Cosmic Ray's session."""
    # Its numbers of mutants are random; their places are not.
    places = "SELECT job_id FROM mutation_specs ORDER BY module_path, operator_name, operator_args, occurrence"
    every = [str(number) for (number,) in work.execute(places)]
    unwanted = set(every) - set(chance.sample(every, min(count, len(every))))
    for table in ("mutation_specs", "work_items"):
        work.executemany(f"DELETE FROM {table} WHERE job_id = ?", [(number,) for number in unwanted])
    work.commit()


def run(copy: Path, command: str, *arguments: Path) -> None:
    subprocess.run([COSMIC_RAY, command, *arguments], cwd=copy, check=True)


if __name__ == "__main__":
    main()
