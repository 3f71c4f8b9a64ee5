"""Real-time priority for the measured process, so that no other process interrupts it."""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def undisturbed(browser: "Browser") -> bool:
    """Give the main thread of each of the browser's pages real-time priority: only the kernel interrupts it.

    A clock in the page cannot tell work from waiting while another process has the processor. With this priority the
    measured time is the thread's own. Returns False where that is not allowed (it needs Linux and root).
    """
    if sys.platform != "linux":
        return False
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    try:
        for process in processes:
            if process["type"] == "renderer":
                # A process's first thread has the process's number. Threads that it starts keep their priority.
                os.sched_setscheduler(process["id"], os.SCHED_FIFO | os.SCHED_RESET_ON_FORK, os.sched_param(1))
    except PermissionError:
        return False
    return True
