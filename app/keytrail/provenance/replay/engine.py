"""Facts about the browser engine on which origins depend."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_FIREFOX = re.compile(r"Firefox/(\d{1,4})")  # a longer one is forged, and Python limits the length of numbers
_FIREFOX_WITH_BEFOREINPUT = 87
_AGENT = re.compile(
    r"HeadlessChrome|PhantomJS|ChatGPT-User|GPTBot|OAI-SearchBot|Claude-User|ClaudeBot|Perplexity-User|(?<![A-Za-z])[A-Za-z]*[Bb]ot/"
)
_CHROMIUM = re.compile(r"(?:Chrome|Chromium)/\d+")


@dataclass(frozen=True, slots=True)
class Engine:
    """Facts from the environment; the defaults are those of an unknown browser."""

    announces: bool = False
    """Every input by a person is preceded by beforeinput, and execCommand's is not: true of Blink and of Gecko since
    Firefox 87. WebKit fires both for execCommand, so there the absence of beforeinput shows nothing."""
    touch: bool = False
    """The main pointer is coarse: text may come from an on-screen keyboard."""
    fine_pointer: bool = False
    webdriver: bool = False
    tick_ms: float | None = None
    language: str = ""
    declared: str = ""
    """The program named in the user agent, if any."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, object]) -> "Engine":
        """Return the facts in the environment object of an `E` event."""
        agent = str(environment.get("ua", ""))
        tick = environment.get("tick")
        return cls(
            announces=_announces(agent),
            touch=environment.get("pointer") == "coarse",
            fine_pointer=environment.get("pointer") == "fine",
            webdriver=environment.get("webdriver") is True,
            language=str(environment.get("lang", "")),
            declared=_declared(agent),
            tick_ms=float(tick) if isinstance(tick, int | float) else None,
        )


# Every page load of a session names the same browser.
@lru_cache(maxsize=64)
def _announces(agent: str) -> bool:
    firefox = _FIREFOX.search(agent)
    return bool(_CHROMIUM.search(agent)) or (firefox is not None and int(firefox.group(1)) >= _FIREFOX_WITH_BEFOREINPUT)


@lru_cache(maxsize=64)
def _declared(agent: str) -> str:
    return named.group().rstrip("/") if (named := _AGENT.search(agent)) else ""
