"""The control ledger: all that was accepted, refused, charged and sent, for a test to compare with."""

from collections import Counter
from decimal import Decimal

from dodo import events, meters
from dodo.clock import write_time
from dodo.exact import plain


def read(world, parts=None):
    """The parts of the ledger that are asked for; all but the long list of events without asking.

    Decimals are strings, except in the events' metadata, which stand as they came.
    """
    wanted = parts or [name for name in PARTS if name != "event_list"]
    unknown = [name for name in wanted if name not in PARTS]
    if unknown:
        raise ValueError(f"the ledger has no {', '.join(unknown)}, but {', '.join(PARTS)}")
    return {"now": write_time(world.clock.now()), **{name: PARTS[name](world) for name in wanted}}


def _events(world):
    """How many ids were accepted, how often they were sent, and which came with other content."""
    known = list(world.events.values())
    return {
        "accepted": len(known),
        "sendings": sum(event.sendings for event in known),
        "sent_again": [event.event_id for event in known if event.sendings > 1],
        "sent_with_other_content": [event.event_id for event in known if event.other_content],
        "losing_digits_in_a_double": [
            event.event_id for event in known if events.loses_digits(event)
        ],
        "fates": dict(sorted(Counter(event.fate for event in known).items())),
    }


def _event_list(world):
    return [
        {
            **event.answer(),
            "received_at": write_time(event.received_at),
            "sendings": event.sendings,
            "fate": event.fate,
            "subscription_ids": [subscription_id for subscription_id, _ in event.links],
        }
        for event in world.events.values()
    ]


def _sums(world):
    """For each meter and customer: the events it takes and the sum of what they bring."""
    sums = []
    for meter in world.meters.values():
        totals = {}
        for event in world.events.values():
            value = (
                meters.brings(meter, event, world.settings) if meters.takes(meter, event) else None
            )
            if value is not None:
                count, total = totals.get(event.customer_id, (0, Decimal(0)))
                totals[event.customer_id] = (count + 1, total + value)
        sums += [
            {"meter_id": meter["id"], "event_name": meter["event_name"], "key": meter["aggregation"]["key"],
             "customer_id": customer_id, "count": count, "sum": plain(total)}
            for customer_id, (count, total) in totals.items()
        ]  # fmt: skip
    return sums


def _charges(world):
    """What the worker took, visit by visit, and the totals of each customer's credits."""
    totals = {}
    for charge in world.charges:
        key = (charge["customer_id"], charge["credit_entitlement_id"])
        credits, lost = totals.get(key, (Decimal(0), Decimal(0)))
        totals[key] = (credits + Decimal(charge["credits"]), lost + Decimal(charge["uncollected"]))
    return {
        "totals": [
            {
                "customer_id": key[0],
                "credit_entitlement_id": key[1],
                "credits": plain(credits),
                "uncollected": plain(lost),
            }
            for key, (credits, lost) in totals.items()
        ],
        "visits": world.charges,
    }


def _accounts(world):
    """Every balance, with the sums of its entries; `consistent` if they explain it to the last digit."""
    sums = {}
    for entry in world.entries:
        key = (entry["customer_id"], entry["credit_entitlement_id"])
        change = Decimal(entry["balance_after"]) - Decimal(entry["balance_before"])
        by_kind, total = sums.setdefault(key, ({}, []))
        kind = entry["transaction_type"]
        by_kind[kind] = by_kind.get(kind, Decimal(0)) + Decimal(entry["amount"])
        total.append(change)
    accounts = []
    for key, account in world.accounts.items():
        by_kind, total = sums.get(key, ({}, []))
        accounts.append(
            {
                "customer_id": account.customer_id,
                "credit_entitlement_id": account.entitlement_id,
                "balance": plain(account.balance),
                "overage": plain(account.overage),
                "moved": {kind: plain(amount) for kind, amount in sorted(by_kind.items())},
                "consistent": sum(total, Decimal(0)) == account.balance,
            }
        )
    return accounts


def _calls(world):
    """How often each call was answered with each status; those that were turned away by the limit."""
    counts = Counter(f"{call['call']} {call['status']}" for call in world.calls)
    return {
        "counts": dict(sorted(counts.items())),
        "turned_away": world.limits.turned_away,
        "list": world.calls,
    }


def _checkouts(world):
    return [
        {
            "id": session["id"],
            "created_at": write_time(session["created_at"]),
            "consumed": session["consumed"],
            "product_cart": session["request"]["product_cart"],
            "customer": session["request"].get("customer"),
            "metadata": session["request"].get("metadata"),
        }
        for session in world.sessions.values()
    ]


def _webhooks(world):
    messages = [
        {name: message[name] for name in ("id", "type", "timestamp", "fault")}
        for message in world.messages
    ]
    held = [world.messages[index]["id"] for index, _ in world.held_deliveries]
    return {"messages": messages, "deliveries": world.deliveries, "held": held}


PARTS = {
    "events": _events,
    "event_list": _event_list,
    "sums": _sums,
    "charges": _charges,
    "accounts": _accounts,
    "entries": lambda world: world.entries,
    "invoices": lambda world: world.invoices,
    "payments": lambda world: list(world.payments.values()),
    "checkouts": _checkouts,
    "calls": _calls,
    "refusals": lambda world: world.refusals,
    "webhooks": _webhooks,
}
