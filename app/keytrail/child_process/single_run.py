"""Run one long function in a child process."""

import multiprocessing
from collections.abc import Callable, Mapping
from typing import Any

from keytrail.child_process.resource_limits import go_first
from keytrail.db import Database


def run_in_child(url: str, work: Callable[..., None], *args: Any, **named: Any) -> None:
    """Call a module's function with the database at this address in a child process, and wait; a clock is passed as a
    function too.
    """
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(url, work, args, named), daemon=True)
    process.start()
    process.join()


def _run(url: str, work: Callable[..., None], args: tuple[Any, ...], named: Mapping[str, Any]) -> None:
    go_first()
    database = Database(url)
    try:
        work(database, *args, **named)
    finally:
        database.close()
