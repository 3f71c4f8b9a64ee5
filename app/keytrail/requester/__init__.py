"""Audience 2: requesters and reviewers, through the dashboard and the JSON API. Never framed."""

from collections.abc import Sequence

from fastapi import APIRouter, FastAPI

from keytrail.requester import api, exports, palette, write_api
from keytrail.requester.help import help as help_pages
from keytrail.requester.overview import live, overview
from keytrail.requester.people import (
    account,
    audit,
    forgotten_password,
    installation,
    invitations,
    one_time_codes,
    openid,
    people,
    sign_in,
)
from keytrail.requester.people.access import SignInRequired, ask_to_sign_in
from keytrail.requester.platform import (
    identities,
    links,
    marking,
    payments,
    places,
    platform,
    recruitment,
    rejection,
    sending,
    worker_requests,
)
from keytrail.requester.queue import bulk, disagreements, facets, find, queue, submissions
from keytrail.requester.study import (
    archive,
    checklist,
    deletion,
    item,
    item_upload,
    items,
    manage,
    notifications,
    studies,
)
from keytrail.requester.study import editing as study_editing
from keytrail.requester.submission import evidence_file, replay, submission, unanalysed
from keytrail.requester.synthetic import (
    conditions,
    joint,
    power,
    prevalence,
    prevalence_api,
    prevalence_files,
    reading,
    training,
    training_jobs,
)
from keytrail.requester.workers import erasure, exclusions, listing, worker
from keytrail.web.routes import add_routes


def routes() -> Sequence[APIRouter]:
    """Return every router of this audience."""
    return (
        sign_in.router,
        openid.router,
        forgotten_password.router,
        invitations.router,
        account.router,
        help_pages.router,
        one_time_codes.router,
        installation.router,
        studies.router,
        live.router,
        palette.router,
        study_editing.router,
        checklist.router,
        items.router,
        item_upload.router,
        item.router,
        manage.router,
        notifications.router,
        deletion.router,
        archive.router,
        overview.router,
        prevalence.router,
        prevalence_files.router,
        joint.router,
        conditions.router,
        training.router,
        training_jobs.router,
        power.router,
        platform.router,
        recruitment.router,
        links.router,
        payments.router,
        sending.router,
        marking.router,
        identities.router,
        worker_requests.router,
        rejection.router,
        places.router,
        submissions.router,
        find.router,
        queue.router,
        facets.router,
        disagreements.router,
        listing.router,
        worker.router,
        erasure.router,
        exclusions.router,
        exports.router,
        people.router,
        audit.router,
        bulk.router,
        submission.router,
        replay.router,
        evidence_file.router,
        unanalysed.router,
        reading.router,
        api.router,
        write_api.router,
        prevalence_api.router,
    )


def install_requester(app: FastAPI) -> None:
    """Add all routes, and the redirect from a page to sign-in and back."""
    app.add_exception_handler(SignInRequired, ask_to_sign_in)
    add_routes(app, *routes())
