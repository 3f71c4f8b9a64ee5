"""Records simulated sessions through the real pages in Chromium.

    python -m keytrail.demo.recording --sessions 200 --seed 2 --out sessions.jsonl.gz
    python -m keytrail.demo.recording --study three-pages --sessions 60 --seed 3 --out three-pages.jsonl.gz
    python -m keytrail.demo.recording --study kurzfassungen --sessions 12 --seed 11 --out kurzfassungen.jsonl.gz

A development tool: it needs Playwright (installed with the `dev` extra) and a Chromium. Pages, recorder, server, keys,
pointer, clipboard and focus are real; persons, their timing and the clock are simulated. The browser is told not to
call itself automated, because the sessions stand for people's; every session says that it is simulated.
"""

import argparse
import shutil
import signal
import sys
from pathlib import Path

from rich.console import Console

from keytrail.demo.recording.cast import COMPARED_PROGRAMME, GERMAN_PROGRAMME, cast
from keytrail.demo.recording.recording import record, write_sessions
from keytrail.demo.studies import ABSTRACTS, COMPARED, RECORDED

_NUMBERED_AFTER = 400
"""Other people than those of the first study."""
_GERMAN_NUMBERED_AFTER = 700


def main() -> int:
    """Read the command line and record. Returns the number of sessions that failed and were left out."""
    parser = argparse.ArgumentParser(prog="python -m keytrail.demo.recording", description=__doc__)
    parser.add_argument("--sessions", type=int, default=24)
    parser.add_argument("--study", choices=[study.slug for study in RECORDED], default=ABSTRACTS.slug)
    parser.add_argument("--out", type=Path, required=True, help="a .jsonl.gz file, or the pattern of several")
    parser.add_argument("--per-file", type=int, default=60, help="begin another file (-2, -3, ...) after so many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="path of the browser")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # unwinds, so that the server is stopped too
    console = Console(stderr=True)
    done = []
    study = next(study for study in RECORDED if study.slug == options.study)
    if study is ABSTRACTS:
        roles = cast(options.sessions, options.seed)
    elif study is COMPARED:
        roles = cast(options.sessions, options.seed, COMPARED_PROGRAMME, first=_NUMBERED_AFTER)
    else:
        roles = cast(options.sessions, options.seed, GERMAN_PROGRAMME, _GERMAN_NUMBERED_AFTER, "de")
    for session in record(study, roles, options.seed, options.chromium, console):
        done.append(session)
        file = (len(done) - 1) // options.per_file
        write_sessions(_numbered(options.out, file), done[file * options.per_file :])
    console.print(f"{len(done)} of {options.sessions} sessions recorded")
    return int(options.sessions - len(done))


def _numbered(path: Path, file: int) -> Path:
    return path if file == 0 else path.with_name(path.name.replace(".", f"-{file + 1}.", 1))


if __name__ == "__main__":
    sys.exit(main())
