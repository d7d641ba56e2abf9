"""Webhook endpoints, and the messages they are sent."""

import base64
from datetime import timedelta

from dodo import paging
from dodo.clock import write_time
from dodo.refusal import conflict, missing

# Seconds from each attempt to the next; the eighth attempt is the last.
RETRIES = (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600)
OLD_SECRET_LIFETIME = timedelta(hours=24)

# Endpoints


def add_endpoint(world, url, secret=None, **fields):
    now = write_time(world.clock.now())
    random_bytes = world.ids.random.getrandbits(192).to_bytes(24, "big")
    endpoint = {
        "id": world.ids.make("ep"),
        "url": url,
        "description": fields.get("description") or "",
        "metadata": fields.get("metadata") or {},
        "disabled": bool(fields.get("disabled")),
        "filter_types": fields.get("filter_types"),
        "rate_limit": fields.get("rate_limit"),
        "headers": fields.get("headers") or {},
        "secret": secret or "whsec_" + base64.b64encode(random_bytes).decode(),
        "old_secrets": [],
        "created_at": now,
        "updated_at": now,
    }
    world.endpoints[endpoint["id"]] = endpoint
    return endpoint


def create(world, call):
    key = call.body.get("idempotency_key")
    if key is not None:
        if ("webhook", key) in world.idempotency_keys:
            raise conflict("Idempotency key already exists", "IDEMPOTENCY_KEY_ALREADY_EXISTS")
        world.idempotency_keys.add(("webhook", key))
    fields = {
        name: value for name, value in call.body.items() if name not in ("url", "idempotency_key")
    }
    return answer(add_endpoint(world, call.body["url"], **fields))


def answer(endpoint):
    return {
        name: value
        for name, value in endpoint.items()
        if name not in ("secret", "old_secrets", "headers")
    }


def find(world, identifier):
    endpoint = world.endpoints.get(identifier)
    if endpoint is None:
        raise missing("endpoint")
    return endpoint


def read(world, call):
    return answer(find(world, call.params["webhook_id"]))


def listing(world, call):
    """Unlike all other lists: a limit and an iterator, here the id of the last one seen."""
    paging.known_only(call.query, {"limit", "iterator"})
    limit = paging.whole(call.query, "limit", 50)
    all_of_them = list(world.endpoints.values())
    start = 0
    if "iterator" in call.query:
        start = all_of_them.index(find(world, call.query["iterator"])) + 1
    shown = all_of_them[start : start + limit]
    return {
        "data": [answer(endpoint) for endpoint in shown],
        "iterator": shown[-1]["id"] if shown else None,
        "prev_iterator": None,
        "done": start + limit >= len(all_of_them),
    }


def patch(world, call):
    endpoint = find(world, call.params["webhook_id"])
    endpoint.update({name: value for name, value in call.body.items() if value is not None})
    endpoint["updated_at"] = write_time(world.clock.now())
    return answer(endpoint)


def delete(world, call):
    find(world, call.params["webhook_id"])
    del world.endpoints[call.params["webhook_id"]]


def secret(world, call):
    return {"secret": find(world, call.params["webhook_id"])["secret"]}


def rotate(world, identifier, new_secret=None):
    """Gives an endpoint another secret; for a day messages are signed with the old one as well."""
    endpoint = find(world, identifier)
    endpoint["old_secrets"].append((endpoint["secret"], world.clock.now() + OLD_SECRET_LIFETIME))
    random_bytes = world.ids.random.getrandbits(192).to_bytes(24, "big")
    endpoint["secret"] = new_secret or "whsec_" + base64.b64encode(random_bytes).decode()
    return endpoint["secret"]


def secrets(endpoint, now):
    """The secrets that sign at present, the newest first."""
    return [endpoint["secret"]] + [
        old for old, end in reversed(endpoint["old_secrets"]) if now < end
    ]


# Messages


def emit(world, kind, source):
    """Notes that something happened and schedules its delivery to every endpoint that wants it."""
    now = world.clock.now()
    message = {
        "id": world.ids.make("msg"),
        "type": kind,
        "timestamp": write_time(now),
        "source": source,
        "fault": None,
    }
    index = len(world.messages)
    world.messages.append(message)
    fault = world.faults.for_webhook(kind, now)
    message["fault"] = fault.kind if fault else None
    if fault and fault.kind == "drop":
        return
    for endpoint in world.endpoints.values():
        if endpoint["disabled"] or (
            endpoint["filter_types"] and kind not in endpoint["filter_types"]
        ):
            continue
        if fault and fault.kind == "hold":
            world.held_deliveries.append((index, endpoint["id"]))
            continue
        copies = fault.get("copies", 2) if fault and fault.kind == "duplicate" else 1
        delay = world.faults.delay(fault) if fault and fault.kind == "delay" else 0
        for _ in range(copies):
            world.schedule_in(delay, "deliver", index, endpoint["id"], 1)


def release(world, order=None):
    """Lets go what was held, in a given order of indexes: left out is dropped, named twice comes twice."""
    held, world.held_deliveries = world.held_deliveries, []
    for position in range(len(held)) if order is None else order:
        index, endpoint_id = held[position]
        world.schedule_in(0, "deliver", index, endpoint_id, 1)


def replay(world, identifier):
    """Sends a message again under its old id, as one can from the provider's dashboard."""
    for index, message in enumerate(world.messages):
        if message["id"] == identifier:
            for endpoint_id in world.endpoints:
                world.schedule_in(0, "deliver", index, endpoint_id, 1)
            return
    raise missing("message")
