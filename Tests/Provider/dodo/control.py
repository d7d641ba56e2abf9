"""The calls under /__control/, with which a test plays clock, customer, operator and bad network."""

import urllib.parse
from datetime import timedelta
from decimal import Decimal, InvalidOperation

from dodo import checkout, customers, entitlements, ledger, routes, subscriptions, webhooks
from dodo.answers import Answer
from dodo.clock import parse_time, write_time
from dodo.exact import Malformed, parse
from dodo.refusal import Refusal


def answer(server, method, target, text):
    """Carries a control call out. These calls pass by keys, limits and faults."""
    path, _, query = target.partition("?")
    fields = dict(urllib.parse.parse_qsl(query))
    try:
        body = parse(text) if text.strip() else {}
        if not isinstance(body, dict):
            raise ValueError("the body is no object")
        first, *rest = path.strip("/").split("/")
        handler = HANDLERS.get((method, first))
        if handler is None:
            names = ", ".join(f"{verb} {name}" for verb, name in HANDLERS)
            return Answer(404, {"code": "NOT_FOUND", "message": f"the control calls are {names}"})
        return Answer(200, handler(server, rest, fields, body))
    except Refusal as refusal:
        return Answer(refusal.status, refusal.body())
    except (Malformed, ValueError, TypeError, KeyError, IndexError, InvalidOperation) as error:
        message = f"{type(error).__name__}: {error}"
        return Answer(400, {"code": "INVALID_CONTROL_CALL", "message": message})


def _clock(server, path, query, body):
    """Reads or moves the clock; what is due on the way has been done when the answer comes."""
    world = server.world
    if "following" in body:
        with world.lock:
            world.clock.follow(bool(body["following"]))
            world.changed.notify_all()
    target = None
    if "now" in body:
        target = parse_time(body["now"])
        if target is None:
            raise ValueError("now is no time")
    elif "advance_seconds" in body:
        target = world.clock.now() + timedelta(seconds=float(body["advance_seconds"]))
    if target is not None:
        if target < world.clock.now():
            raise ValueError("the clock cannot go back")
        server.agenda.advance(target)
    return {"now": write_time(world.clock.now()), "following": world.clock.following}


def _settle(server, path, query, body):
    server.agenda.settle()
    return {"now": write_time(server.world.clock.now()), "to_come": server.agenda.description()}


def _settings(server, path, query, body):
    with server.world.lock:
        server.world.settings.change(body)
        return dict(server.world.settings)


def _faults(server, path, query, body):
    with server.world.lock:
        faults = server.world.faults
        if body:
            return {"id": faults.add_answer(body)}
        return {
            "answers": [fault.description() for fault in faults.answers],
            "webhooks": [fault.description() for fault in faults.webhooks],
        }


def _webhook_faults(server, path, query, body):
    with server.world.lock:
        return {"id": server.world.faults.add_webhook(body)}


def _clear_faults(server, path, query, body):
    """Ends all faults, and the silences that are going on."""
    with server.world.lock:
        server.world.faults.clear()
        server.silences_ended += 1
    return {}


def _outage(server, path, query, body):
    """No call gets through for so many seconds of the stand-in's clock."""
    with server.world.lock:
        end = server.world.clock.now() + timedelta(seconds=float(body["seconds"]))
        fields = {"kind": body.get("kind", "status"), "effect": False, "until": write_time(end)}
        if fields["kind"] == "status":
            fields["status"] = body.get("status", 503)
        return {"id": server.world.faults.add_answer(fields), "until": write_time(end)}


def _endpoints(server, path, query, body):
    """Adds an endpoint for webhooks, or with /ID/rotate gives one another secret."""
    with server.world.lock:
        if path[1:] == ["rotate"]:
            return {"secret": webhooks.rotate(server.world, path[0], body.get("secret"))}
        endpoint = webhooks.add_endpoint(
            server.world, body.pop("url"), body.pop("secret", None), **body
        )
        return {"id": endpoint["id"], "secret": endpoint["secret"]}


def _webhooks(server, path, query, body):
    """release: what was held; replay: a message again under its old id; send: a message made up."""
    world = server.world
    with world.lock:
        if path == ["release"]:
            webhooks.release(world, body.get("order"))
        elif path == ["replay"]:
            webhooks.replay(world, body["webhook_id"])
        elif path == ["send"]:
            webhooks.emit(world, body["type"], ("raw", body.get("data")))
        else:
            raise ValueError("release, replay or send")
    return {}


def _customers(server, path, query, body):
    with server.world.lock:
        return customers.add(
            server.world, body["email"], body.get("name", body["email"]), body.get("phone_number"),
            body.get("metadata"), body.get("customer_id"),
        )  # fmt: skip


def _checkouts(server, path, query, body):
    """/ID/complete: the customer pays, or with `"outcome":"failed"` tries to."""
    if path[1:] != ["complete"]:
        raise ValueError("checkouts/ID/complete")
    with server.world.lock:
        return checkout.complete(
            server.world,
            path[0],
            body.get("outcome", "succeeded"),
            body.get("email"),
            body.get("name"),
        )


def _subscribe(server, path, query, body):
    """A checkout of one product, made and paid in one call."""
    cart = [{"product_id": body["product_id"], "quantity": body.get("quantity", 1)}]
    who = {name: body[name] for name in ("customer_id", "email") if name in body}
    request = {"product_cart": cart, "customer": who, "metadata": body.get("metadata") or {}}
    with server.world.lock:
        call = routes.Call("POST", "/checkouts", body=request)
        session = checkout.create(server.world, call)["session_id"]
        return checkout.complete(server.world, session)


def _subscriptions(server, path, query, body):
    with server.world.lock:
        subscriptions.act(server.world, path[0], body["action"], body.get("product_id"))
        return subscriptions.answer(server.world, server.world.subscriptions[path[0]])


def _adjust(server, path, query, body):
    with server.world.lock:
        return entitlements.adjust(
            server.world,
            body["customer_id"],
            body["credit_entitlement_id"],
            Decimal(body["amount"]),
        )


def _ledger(server, path, query, body):
    with server.world.lock:
        return ledger.read(server.world, query["parts"].split(",") if "parts" in query else None)


def _save(server, path, query, body):
    server.world.save(body["file"])
    return {}


def _forget(server, path, query, body):
    """Everything as after the start."""
    with server.world.lock:
        server.silences_ended += 1
        server.world.forget()
    return {}


HANDLERS = {
    ("GET", "clock"): _clock,
    ("POST", "clock"): _clock,
    ("POST", "settle"): _settle,
    ("GET", "settings"): _settings,
    ("POST", "settings"): _settings,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _faults,
    ("POST", "webhook-faults"): _webhook_faults,
    ("DELETE", "faults"): _clear_faults,
    ("POST", "outage"): _outage,
    ("POST", "endpoints"): _endpoints,
    ("POST", "webhooks"): _webhooks,
    ("POST", "customers"): _customers,
    ("POST", "checkouts"): _checkouts,
    ("POST", "subscribe"): _subscribe,
    ("POST", "subscriptions"): _subscriptions,
    ("POST", "adjust"): _adjust,
    ("GET", "ledger"): _ledger,
    ("POST", "save"): _save,
    ("POST", "forget"): _forget,
}
