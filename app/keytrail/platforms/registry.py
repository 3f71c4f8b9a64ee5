"""The registry of platforms."""

from collections.abc import Callable, Mapping, Sequence

from keytrail.platforms.base import Platform
from keytrail.platforms.capabilities import Capabilities
from keytrail.platforms.code_platforms import Direct, Panel
from keytrail.platforms.connect import Connect
from keytrail.platforms.mturk import FRAME_ANCESTORS, SUBMIT_ORIGINS, MTurk
from keytrail.platforms.phrases import Phrases
from keytrail.platforms.prolific import Prolific

_PLATFORMS: dict[str, type[Platform]] = {
    platform.name: platform for platform in (MTurk, Prolific, Connect, Panel, Direct)
}

KNOWN_FRAME_ANCESTORS = (*FRAME_ANCESTORS, "https://app.prolific.com", "https://connect.cloudresearch.com")
KNOWN_SUBMIT_ORIGINS = SUBMIT_ORIGINS


def platform_of(name: str, options: Mapping[str, str], submit_origins: tuple[str, ...] = ()) -> Platform:
    """Return the platform of this name with a study's options; `submit_origins` adds to the known ones."""
    return _PLATFORMS[name](options, frozenset((*KNOWN_SUBMIT_ORIGINS, *submit_origins)))


def platform_class(name: str) -> type[Platform]:
    """Return the class of the platform of this name: what holds for each of its studies."""
    return _PLATFORMS[name]


def platform_names(condition: Callable[[type[Platform]], bool]) -> Sequence[str]:
    """Return the names of the platforms that fulfil a condition."""
    return [name for name, platform in _PLATFORMS.items() if condition(platform)]


def platform_label(name: str) -> str:
    """Return a platform's display name."""
    return _PLATFORMS[name].label


def capabilities_of(name: str) -> Capabilities:
    """Return the capabilities of the platform of this name."""
    return _PLATFORMS[name].capabilities


def api_is_optional(name: str) -> bool:
    """Whether people may do at the platform of this name what could be sent to it: not everybody has a key."""
    return _PLATFORMS[name].api_is_optional


def currency_of(name: str) -> str | None:
    """Return the only currency of the platform of this name; None where it depends on the study."""
    return _PLATFORMS[name].currency


def phrases_of(name: str) -> Phrases:
    """Return the wording for workers of the platform of this name."""
    return _PLATFORMS[name].phrases
