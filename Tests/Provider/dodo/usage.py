"""The worker that turns metered usage into deducted credits, some time after it was accepted."""

from dataclasses import dataclass
from decimal import Decimal

from dodo import accounts, meters
from dodo.exact import divide, plain

PAYING = ("active", "past_due")


@dataclass
class Tally:
    """What a meter has seen of one subscription in one billing period, and how much of it is charged."""

    count: Decimal = Decimal(0)
    sum: Decimal = Decimal(0)
    max: Decimal = Decimal(0)
    last: Decimal = Decimal(0)
    charged: Decimal = Decimal(0)

    def take(self, value):
        self.count += 1
        self.sum += value
        self.max = max(self.max, value)
        self.last = value

    def due(self, aggregation, free):
        """The meter's units that are to be charged still."""
        return max(Decimal(0), getattr(self, aggregation) - free - self.charged)


def links(world, event):
    """Who pays for an event: the customer's subscriptions that have a meter for it, by id.

    Two subscriptions that put the same meter into the same credits pay once: the older one does.
    """
    found, seen = [], set()
    for subscription in world.subscriptions.values():
        if subscription["customer_id"] != event.customer_id or subscription["status"] not in PAYING:
            continue
        for link in subscription["meters"]:
            pair = (link["meter_id"], link["credit_entitlement_id"])
            if pair not in seen and meters.takes(world.meters[link["meter_id"]], event):
                seen.add(pair)
                found.append((subscription["subscription_id"], link["meter_id"]))
    return found


def schedule(world):
    """Sees to it that the worker comes by, once, for all that waits."""
    if not world.scheduled("usage"):
        world.schedule_in(world.settings["usage_delay_seconds"] or 0, "usage")


def run(world):
    """Charges what waits: one sum for each subscription and meter."""
    touched = {}
    for identifier in world.waiting_events:
        event = world.events[identifier]
        event.fate = "counted" if event.links else "unmetered"
        for subscription_id, meter_id in event.links:
            value = meters.brings(world.meters[meter_id], event, world.settings)
            if value is None:
                event.fate = "without_number"
                continue
            period = world.subscriptions[subscription_id]["previous_billing_date"]
            key = (subscription_id, meter_id, period)
            world.tallies.setdefault(key, Tally()).take(value)
            touched[key] = True
    world.waiting_events.clear()
    for key in touched:
        _charge(world, *key)


def _charge(world, subscription_id, meter_id, period):
    subscription = world.subscriptions[subscription_id]
    meter = world.meters[meter_id]
    link = next(link for link in subscription["meters"] if link["meter_id"] == meter_id)
    free = link["free_threshold"] if world.settings["free_threshold"] == "applied" else 0
    tally = world.tallies[(subscription_id, meter_id, period)]
    units = tally.due(meter["aggregation"]["type"], Decimal(free))
    if not units:
        return
    tally.charged += units
    entitlement_id = link["credit_entitlement_id"]
    if entitlement_id is None:
        world.invoices.append(
            {"subscription_id": subscription_id, "meter_id": meter_id, "units": plain(units)}
        )
        return
    credits = divide(units, Decimal(link["meter_units_per_credit"]))
    account = accounts.open_account(world, subscription["customer_id"], entitlement_id)
    terms = accounts.terms(world, subscription, entitlement_id)
    uncollected = accounts.charge(world, account, credits, terms, subscription)
    world.charges.append(
        {
            "subscription_id": subscription_id,
            "customer_id": subscription["customer_id"],
            "meter_id": meter_id,
            "credit_entitlement_id": entitlement_id,
            "units": plain(units),
            "credits": plain(credits),
            "uncollected": plain(uncollected),
        }
    )
