"""Rules on what an identity provider says about a person: `claim=value`, or `*` for everybody."""

from collections.abc import Mapping, Sequence
from typing import Any

from keytrail.sign_in_settings import EVERYBODY


def any_matches(rules: Sequence[str], claims: Mapping[str, Any]) -> bool:
    """Whether one of the rules holds; without rules none does."""
    return any(rule == EVERYBODY or _matches(rule, claims) for rule in rules)


def claim_text(claims: Mapping[str, Any], name: str) -> str:
    """A claim that is a single text, else an empty one."""
    found = claims.get(name)
    return found.strip() if isinstance(found, str) else ""


def _matches(rule: str, claims: Mapping[str, Any]) -> bool:
    name, _, expected = rule.partition("=")
    return expected in _values(claims, name)


def _values(claims: Mapping[str, Any], name: str) -> Sequence[str]:
    """The texts of a claim; a name with dots leads into objects, as in Keycloak's `realm_access.roles`."""
    found: Any = claims.get(name)
    if found is None and "." in name:
        outer, _, inner = name.partition(".")
        within = claims.get(outer)
        return _values(within, inner) if isinstance(within, Mapping) else ()
    values = found if isinstance(found, list | tuple) else [found]
    return [_text(value) for value in values if isinstance(value, str | bool | int)]


def _text(value: str | int) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
