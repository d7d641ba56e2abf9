"""Meters: which events they take, and the number that an event brings."""

from decimal import Decimal

from dodo import paging
from dodo.clock import write_time
from dodo.refusal import missing, unprocessable
from dodo.world import BUSINESS

DEEPEST_FILTER = 3


def create(world, call):
    body = call.body
    aggregation = body["aggregation"]
    if aggregation["type"] != "count" and not aggregation.get("key"):
        raise unprocessable("an aggregation other than count needs a key")
    if body.get("filter"):
        _check_depth(body["filter"], 1)
    now = write_time(world.clock.now())
    meter = {
        "id": world.ids.make("mtr"),
        "business_id": BUSINESS,
        "name": body["name"],
        "event_name": body["event_name"],
        "aggregation": {"type": aggregation["type"], "key": aggregation.get("key")},
        "measurement_unit": body["measurement_unit"],
        "description": body.get("description"),
        "filter": body.get("filter"),
        "created_at": now,
        "updated_at": now,
        "archived": False,
    }
    world.meters[meter["id"]] = meter
    return answer(meter)


def _check_depth(node, depth):
    if depth > DEEPEST_FILTER:
        raise unprocessable(f"a filter has at most {DEEPEST_FILTER} levels")
    for clause in node["clauses"]:
        if "clauses" in clause:
            _check_depth(clause, depth + 1)


def answer(meter):
    return {name: value for name, value in meter.items() if name != "archived"}


def find(world, identifier):
    meter = world.meters.get(identifier)
    if meter is None:
        raise missing("meter")
    return meter


def read(world, call):
    return answer(find(world, call.params["id"]))


def listing(world, call):
    paging.known_only(call.query, {"archived", "page_number", "page_size"})
    archived = paging.flag(call.query, "archived")
    return paging.page(
        [m for m in world.meters.values() if m["archived"] == archived], call.query, answer
    )


def archive(world, call):
    find(world, call.params["id"])["archived"] = True


def unarchive(world, call):
    find(world, call.params["id"])["archived"] = False


def takes(meter, event):
    """Whether the meter counts an event: by its name, letter by letter, and by its filter."""
    if meter["event_name"] != event.event_name:
        return False
    return meter["filter"] is None or _passes(meter["filter"], event.metadata or {})


def _passes(node, metadata):
    results = [
        _passes(clause, metadata) if "clauses" in clause else _holds(clause, metadata)
        for clause in node["clauses"]
    ]
    return all(results) if node["conjunction"] == "and" else any(results)


def _holds(clause, metadata):
    """A condition on one value. Nothing but `not_equals` and `does_not_contain` holds of a missing one."""
    operator, expected = clause["operator"], clause["value"]
    actual = metadata.get(clause["key"])
    if operator in ("not_equals", "does_not_contain"):
        positive = {"not_equals": "equals", "does_not_contain": "contains"}[operator]
        return not _holds({**clause, "operator": positive}, metadata)
    if actual is None:
        return False
    if operator == "equals":
        return (
            type(actual) is bool and actual is expected
            if isinstance(expected, bool)
            else actual == expected
        )
    if operator == "contains":
        return isinstance(actual, str) and isinstance(expected, str) and expected in actual
    left, right = number(actual, False), number(expected, False)
    if left is None or right is None:
        return False
    return {
        "greater_than": left > right,
        "greater_than_or_equals": left >= right,
        "less_than": left < right,
        "less_than_or_equals": left <= right,
    }[operator]


def number(value, from_text):
    """A metadata value as a decimal, or nothing: true and false are none, texts only if asked for."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        try:
            found = Decimal(value) if from_text else None
        except ArithmeticError:
            return None
        return found if found is not None and found.is_finite() else None
    return Decimal(value)


def brings(meter, event, settings):
    """What an event adds to the meter: a decimal, or nothing when its value is missing or no number."""
    if meter["aggregation"]["type"] == "count":
        return Decimal(1)
    value = number((event.metadata or {}).get(meter["aggregation"]["key"]), settings["sum_strings"])
    if value is not None and settings["numbers"] == "double":
        return Decimal(repr(float(value)))
    return value
