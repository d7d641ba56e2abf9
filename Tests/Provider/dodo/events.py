"""Usage events: what is accepted, what refuses a whole batch, and how events are read back."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dodo import meters, paging, usage
from dodo.clock import parse_time, write_time
from dodo.exact import Number, survives_double
from dodo.refusal import Refusal, invalid, missing
from dodo.world import BUSINESS

OLDEST = timedelta(hours=1)
FARTHEST_AHEAD = timedelta(minutes=5)
MOST_PAIRS = 50
LONGEST_KEY = 100
LONGEST_VALUE = 500


@dataclass
class Event:
    """An accepted event. `sendings` counts how often its id came, `links` who will pay for it."""

    event_id: str
    customer_id: str
    event_name: str
    timestamp: datetime
    metadata: dict | None
    received_at: datetime
    links: list = field(default_factory=list)
    fate: str = "waiting"
    sendings: int = 1
    other_content: int = 0

    def answer(self):
        return {
            "event_id": self.event_id,
            "business_id": BUSINESS,
            "customer_id": self.customer_id,
            "event_name": self.event_name,
            "timestamp": write_time(self.timestamp),
            "metadata": self.metadata,
        }


def ingest(world, call):
    """Accepts a batch, or refuses all of it for one bad event."""
    batch = call.body["events"]
    now = world.clock.now()
    identifiers = set()
    times = []
    for item in batch:
        _check(world, item)
        if item["event_id"] in identifiers:
            raise invalid(
                "duplicate event ids in one request",
                detail=f"{item['event_id']} is twice in the batch",
            )
        identifiers.add(item["event_id"])
        times.append(_time(item, now))
    accepted = 0
    for item, time in zip(batch, times):
        known = world.events.get(item["event_id"])
        if known is not None:
            known.sendings += 1
            known.other_content += not _same_content(known, item)
            continue
        event = Event(
            item["event_id"],
            item["customer_id"],
            item["event_name"],
            time,
            item.get("metadata"),
            received_at=now,
        )
        event.links = usage.links(world, event)
        world.events[event.event_id] = event
        world.waiting_events.append(event.event_id)
        accepted += 1
    if accepted:
        usage.schedule(world)
    return {"ingested_count": accepted if world.settings["ingested_count"] == "new" else len(batch)}


def _check(world, item):
    name = item["event_id"]
    if name == "" or item["event_name"] == "":
        raise invalid(
            "event_id and event_name must not be empty", detail=f"{name!r} lacks an id or a name"
        )
    if item["customer_id"] not in world.customers:
        raise Refusal(
            world.settings["unknown_customer_status"],
            "INVALID_REQUEST_PARAMETERS",
            "Customer ID must exist",
            f"{name}: there is no customer {item['customer_id']}",
        )
    metadata = item.get("metadata") or {}
    if len(metadata) > MOST_PAIRS:
        raise invalid(
            f"metadata has more than {MOST_PAIRS} pairs", detail=f"{name}: {len(metadata)} pairs"
        )
    for key, value in metadata.items():
        if len(key) > LONGEST_KEY:
            raise invalid(
                f"a metadata key is longer than {LONGEST_KEY} characters", detail=f"{name}: {key}"
            )
        if isinstance(value, str) and len(value) > LONGEST_VALUE:
            raise invalid(
                f"a metadata value is longer than {LONGEST_VALUE} characters",
                detail=f"{name}: {key}",
            )


def _time(item, now):
    text = item.get("timestamp")
    if text is None:
        return now
    time = parse_time(text)
    if time is None:
        raise invalid("invalid timestamp", detail=f"{item['event_id']}: {text} is no time")
    if now - time > OLDEST or time - now > FARTHEST_AHEAD:
        raise invalid(
            "timestamps must not be older than 1 hour or more than 5 minutes ahead",
            detail=f"{item['event_id']}: {text} at {write_time(now)}",
        )
    return time


def _same_content(event, item):
    """Whether a repeated id came with what it came with first; its time may have been left out."""
    text = item.get("timestamp")
    return (
        (event.customer_id, event.event_name, event.metadata)
        == (item["customer_id"], item["event_name"], item.get("metadata"))
    ) and (text is None or parse_time(text) == event.timestamp)


def read(world, call):
    event = world.events.get(call.params["event_id"])
    if event is None:
        raise missing("event")
    return event.answer()


def listing(world, call):
    """Events by customer, name, meter and time, in the order they were accepted."""
    query = call.query
    paging.known_only(
        query, {"customer_id", "event_name", "meter_id", "start", "end", "page_number", "page_size"}
    )
    meter = None
    if "meter_id" in query:
        meter = world.meters.get(query["meter_id"])
        if meter is None:
            raise missing("meter")
        if query.get("event_name", meter["event_name"]) != meter["event_name"]:
            raise invalid("event_name is not the meter's")
    start = paging.moment(query, "start", invalid)
    end = paging.moment(query, "end", invalid)
    found = [
        event
        for event in world.events.values()
        if query.get("customer_id", event.customer_id) == event.customer_id
        and query.get("event_name", event.event_name) == event.event_name
        and (meter is None or meters.takes(meter, event))
        and (start is None or event.timestamp >= start)
        and (end is None or event.timestamp <= end)
    ]
    return paging.page(found, query, Event.answer)


def loses_digits(event):
    """Whether some number of the event is different for a reader that uses doubles."""
    return any(
        isinstance(value, (int, Number))
        and not isinstance(value, bool)
        and not survives_double(value)
        for value in (event.metadata or {}).values()
    )
