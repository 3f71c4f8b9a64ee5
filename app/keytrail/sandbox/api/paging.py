"""Pages of a listing, by position instead of number, so that nothing is repeated or missed during changes."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from keytrail.sandbox.api.call import Call, Parameters
from keytrail.sandbox.columns import Base
from keytrail.sandbox.market.faults import invalid

DEFAULT_PAGE = 10
Row = TypeVar("Row", bound=Base)


@dataclass(frozen=True)
class Order:
    """By time, and by a key where times are equal."""

    moment: InstrumentedAttribute[Any]
    key: InstrumentedAttribute[str]
    newest_first: bool = False


def page_of(call: Call, query: Select[Row], order: Order, parameters: Parameters) -> tuple[list[Row], str | None]:
    """Return one page and the token of the next; the token is valid for the same query only.

    As on MTurk, every page with rows has a token and the listing ends with an empty page: programs written for it read
    `response["NextToken"]` without checking, or continue until a page is empty.
    """
    size = parameters.get("MaxResults", DEFAULT_PAGE)
    token = parameters.get("NextToken")
    question = _digest(parameters)
    if token is not None:
        query = query.where(_beyond(order, *_read(token, question)))
    columns = (order.moment, order.key)
    query = query.order_by(*(column.desc() if order.newest_first else column.asc() for column in columns))
    rows = list(call.db.scalars(query.limit(size)).unique())
    if not rows:
        return rows, None
    last = rows[-1]
    return rows, _token(question, getattr(last, order.moment.key), getattr(last, order.key.key))


def listing(name: str, records: list[dict[str, Any]], next_token: str | None) -> dict[str, Any]:
    """Return a listing in MTurk's shape; without NextToken it is the end."""
    more = {} if next_token is None else {"NextToken": next_token}
    return {name: records, "NumResults": len(records), **more}


def _beyond(order: Order, moment: datetime, key: str) -> Any:
    if order.newest_first:
        return or_(order.moment < moment, and_(order.moment == moment, order.key < key))
    return or_(order.moment > moment, and_(order.moment == moment, order.key > key))


def _digest(parameters: Parameters) -> str:
    asked = {name: value for name, value in parameters.items() if name not in {"NextToken", "MaxResults"}}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]


def _token(question: str, moment: datetime, key: str) -> str:
    content = json.dumps([question, round(moment.timestamp() * 1000), key])
    return base64.urlsafe_b64encode(content.encode()).decode()


def _read(token: str, question: str) -> tuple[datetime, str]:
    try:
        asked, moment_ms, key = json.loads(base64.urlsafe_b64decode(token))
        position = datetime.fromtimestamp(moment_ms / 1000, UTC), str(key)
    except (binascii.Error, ValueError, TypeError, OverflowError) as error:
        raise invalid("NextToken is not one that this listing gave.") from error
    if asked != question:
        raise invalid("NextToken belongs to a listing with other parameters.")
    return position
