"""Functions that the tests call in a child process."""

import os
from typing import NoReturn

from keytrail.db import Database


def own_id(_database: Database) -> int:
    return os.getpid()


def take_memory(_database: Database, megabytes: int) -> int:
    return len(bytearray(megabytes * 2**20))


def take_time(_database: Database) -> NoReturn:
    while True:
        pass


def fail(_database: Database) -> NoReturn:
    raise RuntimeError("a bug")


def vanish(_database: Database) -> NoReturn:
    os._exit(9)
