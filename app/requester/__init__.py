"""Audience 2: requesters and reviewers, in the dashboard and by the JSON API. Never framed."""

from collections.abc import Sequence

from fastapi import APIRouter

from app.requester import api, signing_in


def routes() -> Sequence[APIRouter]:
    """Every router of this audience."""
    return (signing_in.router, api.router)
