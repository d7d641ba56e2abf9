"""Delivers histories of webhooks in every order, some of them several times, and compares how they end.

    Tests/Service/webhook_orders.py .build/release/ratecard [--store ADDRESS] [--processes N] [--seed N]

The stand-in of Tests/Provider plays a history of six messages to one customer for each of their 720 orders
(or of 120 for five), holds the messages back, and then delivers them over HTTP: each customer's in an order
of their own, some of them twice or three times, and each to any of the services. What a message carries is the state at its delivery, as
the provider has it. Plan, tier, balance and pending credits must be the same for all of them, and nobody
is told a thing twice.
"""
import itertools
import json
import random
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from provider import SECRET, Provider
from service import ROOT, Service, arguments, check, folder, run

TYPES = [
    *(f"subscription.{name}" for name in ("active", "renewed", "on_hold", "cancelled", "plan_changed")),
    *(f"credit.{name}" for name in ("added", "deducted", "expired", "balance_low", "manual_adjustment")),
]


class World:
    """What happens to all customers alike, step by step."""

    def __init__(self, provider, entitlement, product, customers):
        self.provider, self.entitlement, self.product = provider, entitlement, product
        self.customers, self.uses, self.subscriptions = customers, 0, {}

    def buy(self):
        """subscription.active, credit.added"""
        for customer in self.customers:
            made = self.provider.control(
                "subscribe", customer_id=customer, product_id=self.product)
            self.subscriptions[customer] = made["subscription_ids"][0]

    def use(self, credits):
        """credit.deducted, and credit.balance_low where it falls below"""
        self.uses += 1
        events = [
            {"event_id": f"{self.uses} of {customer}", "customer_id": customer,
             "event_name": "ai.request", "metadata": {"credit_cost": credits}}
            for customer in self.customers]
        for start in range(0, len(events), 1000):
            self.provider.ask("POST", "/events/ingest", {"events": events[start:start + 1000]})
        self.later(61)

    def top_up(self, credits):
        """credit.added"""
        for customer in self.customers:
            self.provider.ask(
                "POST", f"/credit-entitlements/{self.entitlement}/balances/{customer}/ledger-entries",
                {"entry_type": "credit", "amount": str(credits), "reason": "top-up"})

    def act(self, action):
        for identifier in self.subscriptions.values():
            self.provider.control(f"subscriptions/{identifier}", action=action)

    def later(self, seconds=1):
        self.provider.control("clock", advance_seconds=seconds)


def topped_up(world):
    world.buy()
    world.later()
    world.use(455)
    world.later()
    world.top_up(500)
    world.later()
    world.use(1)


def low_in_the_end(world):
    world.buy()
    world.later()
    world.use(400)
    world.later()
    world.top_up(20)
    world.later()
    world.use(90)


def on_hold_and_back(world):
    world.buy()
    world.later()
    world.act("hold")
    world.later()
    world.act("reactivate")
    world.later()
    world.use(10)


def renewed(world):
    world.buy()
    world.later()
    world.use(460)
    world.later()
    world.act("renew")


# Each with how many messages it has, the stand-in's reading of what is open, and how it ends.
HISTORIES = [
    (topped_up, 6, {"balance_low_data": "event", "webhook_amounts": "numbers"},
     {"plan": "pro", "tier": "premium", "known": "544", "pending": "0"}),
    # The warning itself says that there is more by now: it moves nobody.
    (topped_up, 6, {}, {"plan": "pro", "tier": None, "known": "544", "pending": "0"}),
    (low_in_the_end, 6, {}, {"plan": "pro", "tier": "slow", "known": "30", "pending": "0"}),
    (renewed, 6, {"renewal_order": "credits_first"},
     {"plan": "pro", "tier": "premium", "known": "540", "pending": "0"}),
    (on_hold_and_back, 5, {}, {"plan": "pro", "tier": None, "known": "490", "pending": "0"}),
]


def card(product):
    """The shipped card, with the product as the stand-in calls it."""
    place = Path(folder())
    for file in sorted((ROOT / "pricing").rglob("*.yaml")):
        target = place / file.relative_to(ROOT / "pricing")
        target.parent.mkdir(exist_ok=True)
        target.write_text(file.read_text().replace("prod_cursor_pro\n", product + "\n"))
    return place


def deliver(provider, customers, count, processes, chance):
    """Lets go what was held; answers how many deliveries that took."""
    held = provider.ledger("webhooks")["held"]
    check(len(held) == count * len(customers) * processes,
          f"{len(held)} messages of {len(customers)} customers to {processes} services")
    # Of every kind there is one message for each customer, in their order, and of that a copy for each
    # service.
    kinds = {message["id"]: (message["type"], message["timestamp"][:19])
             for message in provider.ledger("webhooks")["messages"]}
    copies = {}
    for index, identifier in enumerate(held):
        copies.setdefault(identifier, []).append(index)
    mine, seen = [[] for _ in customers], {}
    for identifier, indexes in copies.items():
        kind = kinds[identifier]
        mine[seen.get(kind, 0)].append(indexes)
        seen[kind] = seen.get(kind, 0) + 1
    queues = []
    for messages, order in zip(mine, itertools.permutations(range(count))):
        queue = [messages[place] for place in order]
        for _ in range(chance.randrange(4)):
            queue.insert(chance.randrange(len(queue) + 1), chance.choice(queue))
        queues.append([chance.choice(indexes) for indexes in queue])
    # Customers take turns, so that messages of several come between each other.
    order = []
    while queues:
        queue = chance.choice(queues)
        order.append(queue.pop(0))
        if not queue:
            queues.remove(queue)
    provider.control("webhooks/release", order=order)
    provider.control("settle")
    deliveries = provider.ledger("webhooks")["deliveries"]
    refused = [delivery for delivery in deliveries if delivery["status"] != 200]
    check(not refused and len(deliveries) == len(order),
          f"{len(deliveries)} deliveries of {len(order)}, and not taken: {refused[:3]}")
    return len(order)


def play(options, number, chance):
    """One history in all orders; answers how many deliveries there were."""
    history, count, settings, end = HISTORIES[number]
    orders = list(itertools.permutations(range(count)))
    customers = [f"cus_{number}_{place}" for place in range(len(orders))]
    # Another seed makes other ids: messages of an earlier history are known by theirs.
    with Provider(options.seed + number) as provider:
        # It stands still, and takes as many calls as it gets.
        provider.control("clock", following=False)
        provider.control("settings", requests_per_second=None, requests_per_minute=None,
                         **settings)
        entitlement, product = provider.sell(
            500, [], decimals=0, low_balance_threshold_percent=10)
        for customer in customers:
            provider.add_customer(customer)
        with ExitStack() as stack:
            place = card(product)
            services = [
                stack.enter_context(Service(
                    options.program, place, options.store, environment=provider.environment))
                for _ in range(options.processes)]
            for service in services:
                service.start()
                provider.control("endpoints", url=f"http://127.0.0.1:{service.port}/webhooks/dodo",
                                 secret=SECRET, filter_types=TYPES)
            provider.control("webhook-faults", kind="hold")
            history(World(provider, entitlement, product, customers))
            sent = deliver(provider, customers, count, len(services), chance)
            for customer, order in zip(customers, orders):
                service = chance.choice(services)
                state = json.loads(service.ask("GET", f"/v1/customers/{customer}")[1])
                found = {"plan": state["plan"], "tier": state["tier"],
                         "known": (state["balance"] or {}).get("known"), "pending": state["pending"]}
                check(found == end, f"{history.__name__} in the order {order} ends with {found}")
                causes = [notice["cause"] for notice in state["notices"]]
                check(len(causes) == len(set(causes)), f"{customer} is told twice: {causes}")
            for service in services:
                kept = [name for name, count in service.metrics().items()
                        if name.startswith("ratecard_webhooks_total") and "kept" in name and count]
                check(not kept, f"some make no sense: {kept}")
                service.stop()
    return sent


def main(options):
    chance = random.Random(options.seed)
    began = time.monotonic()
    sent = [play(options, number, chance) for number in range(len(HISTORIES))]
    return (f"{len(HISTORIES)} histories in all their orders, {sum(sent)} deliveries to "
            f"{options.processes} processes; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    options = arguments(__doc__, processes=dict(type=int, default=1))
    options.store = options.store or f"sqlite:{folder()}/store.db"
    print(f"seed {options.seed}, {options.store}", file=sys.stderr)
    run(lambda: main(options))
