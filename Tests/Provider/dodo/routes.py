"""Finds who answers a request of the published API, and holds request and answer to their shapes."""

import re
from dataclasses import dataclass, field

from dodo import (
    checkout,
    customers,
    entitlements,
    events,
    meters,
    products,
    subscriptions,
    webhooks,
)
from dodo.exact import Malformed, parse
from dodo.refusal import Refusal, missing, unprocessable
from dodo.shape import SCHEMA, Misfit, check

LONGEST_METADATA_KEY = 40

HANDLERS = {
    "POST /events/ingest": events.ingest,
    "GET /events": events.listing,
    "GET /events/{event_id}": events.read,
    "POST /meters": meters.create,
    "GET /meters": meters.listing,
    "GET /meters/{id}": meters.read,
    "DELETE /meters/{id}": meters.archive,
    "POST /meters/{id}/unarchive": meters.unarchive,
    "POST /credit-entitlements": entitlements.create,
    "GET /credit-entitlements": entitlements.listing,
    "GET /credit-entitlements/{id}": entitlements.read,
    "PATCH /credit-entitlements/{id}": entitlements.patch,
    "DELETE /credit-entitlements/{id}": entitlements.delete,
    "POST /credit-entitlements/{id}/undelete": entitlements.undelete,
    "GET /credit-entitlements/{credit_entitlement_id}/balances": entitlements.balances,
    "GET /credit-entitlements/{credit_entitlement_id}/balances/{customer_id}": entitlements.balance,
    "GET /credit-entitlements/{credit_entitlement_id}/balances/{customer_id}/grants": entitlements.grants,
    "GET /credit-entitlements/{credit_entitlement_id}/balances/{customer_id}/ledger": entitlements.ledger,
    "POST /credit-entitlements/{credit_entitlement_id}/balances/{customer_id}/ledger-entries": entitlements.enter,
    "POST /customers": customers.create,
    "GET /customers": customers.listing,
    "GET /customers/{customer_id}": customers.read,
    "PATCH /customers/{customer_id}": customers.patch,
    "GET /customers/{customer_id}/credit-entitlements": entitlements.of_customer,
    "POST /products": products.create,
    "GET /products": products.listing,
    "GET /products/{id}": products.read,
    "PATCH /products/{id}": products.patch,
    "DELETE /products/{id}": products.archive,
    "POST /products/{id}/unarchive": products.unarchive,
    "POST /checkouts": checkout.create,
    "GET /checkouts/{id}": checkout.read,
    "GET /subscriptions": subscriptions.listing,
    "GET /subscriptions/{subscription_id}": subscriptions.read,
    "PATCH /subscriptions/{subscription_id}": subscriptions.patch,
    "POST /subscriptions/{subscription_id}/change-plan": subscriptions.change_plan,
    "GET /subscriptions/{subscription_id}/credit-usage": subscriptions.credit_usage,
    "POST /webhooks": webhooks.create,
    "GET /webhooks": webhooks.listing,
    "GET /webhooks/{webhook_id}": webhooks.read,
    "PATCH /webhooks/{webhook_id}": webhooks.patch,
    "DELETE /webhooks/{webhook_id}": webhooks.delete,
    "GET /webhooks/{webhook_id}/secret": webhooks.secret,
}


@dataclass
class Call:
    """A request taken apart."""

    method: str
    path: str
    params: dict = field(default_factory=dict)
    query: dict = field(default_factory=dict)
    body: object = None


@dataclass(frozen=True)
class Route:
    """A path of the description: who answers, and the shapes of what comes and goes."""

    name: str
    pattern: re.Pattern
    method: str
    takes: str | None
    status: int
    answers: str | None

    @property
    def handler(self):
        return HANDLERS[self.name]


def _route(method, path, takes, status, answers):
    pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
    return Route(f"{method} {path}", pattern, method, takes, status, answers)


ROUTES = [_route(*row) for row in SCHEMA["routes"]]


def find(method, segments):
    """The route for a path that is still percent-encoded, with its parameters as they stand there."""
    elsewhere = False
    for route in ROUTES:
        match = route.pattern.fullmatch(segments)
        if match and route.method == method:
            return route, match.groupdict()
        elsewhere = elsewhere or match is not None
    if elsewhere:
        raise Refusal(405, "METHOD_NOT_ALLOWED", f"{method} is not allowed here")
    raise missing("path")


def answer(world, route, call, text):
    """Carries a request out: the status of the answer and its body, which may be nothing."""
    lenient = world.settings["unknown_fields"] == "ignore"
    if route.takes is not None:
        try:
            call.body = parse(text)
        except Malformed as error:
            raise unprocessable("malformed JSON", detail=str(error)) from None
        try:
            check(call.body, route.takes, lenient=lenient)
        except Misfit as misfit:
            raise unprocessable(
                "Invalid Request Object or Parameters", detail=str(misfit)
            ) from None
        metadata = call.body.get("metadata") if isinstance(call.body, dict) else None
        if any(len(key) > LONGEST_METADATA_KEY for key in metadata or {}):
            raise unprocessable(f"a metadata key is longer than {LONGEST_METADATA_KEY} characters")
    elif call.method == "GET" and text.strip():
        raise unprocessable("a GET request has no body")
    body = route.handler(world, call)
    if route.answers is None:
        return route.status, None
    check(body, route.answers, "answer")
    return route.status, body
