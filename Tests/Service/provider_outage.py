"""A day without the billing provider, for services that share a store and get killed.

    Tests/Service/provider_outage.py .build/release/ratecard [--store ADDRESS] [--processes N]
        [--late restamp|ledger|hold] [--hours 26] [--seed N]

The provider is the stand-in of Tests/Provider, and both its clock and that of the services (clock.c) jump
by minutes and hours. First it is only slow: several services on one store send each event once. Then
it is away, but for calls that it carries out and loses the answer of. Usage is recorded all the while, and
the services are killed at random. In the end every event has arrived once, at the meter or as a debit,
or is held for a person with the reason; and what the provider adds up is what the services recorded, to
the last decimal.
"""
import json
import random
import sys
import time
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

from provider import Clock, Provider
from service import TINY, Ledger, Service, arguments, check, folder, run

CUSTOMERS = [f"customer {number}" for number in range(8)]
GRANTED = 1_000_000
METER = """
meter:
  event: ai.request
  property: credit_cost
  properties: [model, input_tokens]
"""


def card():
    """The card of tiny requests, with a meter."""
    path = Path(folder())
    (path / "card.yaml").write_text((TINY / "card.yaml").read_text() + METER)
    return path


class Usage:
    """Usage that is recorded through any of the services, until it is answered."""

    def __init__(self, chance):
        self.chance, self.credits = chance, {}

    def record(self, services, count):
        batch = []
        for _ in range(count):
            name = f"use {len(self.credits)}"
            tokens = self.chance.randrange(100_000), self.chance.randrange(10_000)
            self.credits[name] = (tokens[0] * 15 + tokens[1] * 60) * Decimal("1e-8")
            batch.append({
                "id": name, "customer": self.chance.choice(CUSTOMERS), "model": "gpt-4o-mini",
                "input_tokens": tokens[0], "output_tokens": tokens[1]})
        status, body = self.chance.choice(services).ask("POST", "/v1/usage", batch)
        check(status == 200, f"usage is answered {status} {body}")
        for item, answer in zip(batch, json.loads(body)):
            check(Decimal(answer.get("credits", "NaN")) == self.credits[item["id"]],
                  f"{item} is recorded as {answer}: {''.join(s.log() for s in services)}")


def waiting(service):
    """How many events wait to be shipped, without those that never will."""
    return json.loads(service.ask("GET", "/v1/outbox")[1])["depth"]


def until(condition, seconds, message):
    end = time.monotonic() + seconds
    while not condition():
        check(time.monotonic() < end, message)
        time.sleep(0.05)


def ship_in_fine_weather(provider, services, usage):
    """The provider takes its time, so that the services' calls overlap; each event is sent once."""
    provider.control("faults", kind="trickle", pause_milliseconds=2)
    for _ in range(40):
        usage.record(services, 100)
        time.sleep(0.05)
    until(lambda: waiting(services[0]) == 0, 60, "usage is not shipped")
    sent = Counter(event["sendings"] for event in provider.ledger("event_list"))
    check(sent == {1: len(usage.credits)}, f"events were sent so often: {dict(sent)}")
    shares = [service.metrics()['ratecard_shipments_total{result="shipped"}'] for service in services]
    check(all(shares), f"the services have shipped {shares}")
    provider.control("faults", "DELETE")
    return shares


def spoil(provider, hours):
    """Away for so long, but for a few calls of which nobody hears what came of them."""
    provider.control("outage", seconds=hours * 3600)
    provider.control("faults", "DELETE")
    for kind, fields in [
            ("reset", {"effect": True}), ("reset", {"effect": False}), ("html", {"effect": False}),
            ("html", {}), ("empty", {}), ("cut", {}), ("truncated", {}), ("wrong_types", {}),
            ("status", {"status": 500, "effect": True}), ("status", {"status": 502}),
            ("status", {"status": 429, "retry_after": 60})]:
        provider.control("faults", kind=kind, probability=0.03, **fields)
    provider.control("outage", seconds=hours * 3600)


def compare(provider, ledger, usage, late):
    """Each event by one way, with its own amount, and the provider's sums those of the store."""
    recorded = {name: (customer, credits) for _, name, customer, credits in ledger.usage()}
    check({name: credits for name, (_, credits) in recorded.items()} == usage.credits,
          "the store has other usage than was recorded")
    found = defaultdict(list)
    for event in provider.ledger("event_list"):
        found[event["event_id"]].append(
            ("meter", event["customer_id"], event["metadata"]["credit_cost"]))
    for entry in provider.ledger("entries"):
        if entry["transaction_type"] == "manual_adjustment":
            found[entry["reference_id"]].append(
                ("ledger", entry["customer_id"], Decimal(entry["amount"])))
    for name, reason in ledger.rows(
            "SELECT id, failure FROM ratecard_outbox JOIN ratecard_usage USING (sequence) WHERE due IS NULL"):
        check("too long ago for the provider" in reason, f"{name} is dead: {reason}")
        found[name].append(("held", *recorded[name]))
    ways, used = Counter(), defaultdict(Decimal)
    for name, (customer, credits) in recorded.items():
        check(len(found[name]) == 1, f"{name} went by {found[name]}")
        way, whose, amount = found[name][0]
        check((whose, amount) == (customer, credits),
              f"{name} of {customer} cost {credits}, and {whose} paid {amount}")
        ways[way] += 1
        if way != "held":
            used[customer] += credits
    check(found.keys() == recorded.keys(), "the provider has events that nobody recorded")
    for account in provider.ledger("accounts"):
        left = GRANTED - used[account["customer_id"]]
        check(Decimal(account["balance"]) == left and account["consistent"],
              f"{account} is left, and should be {left}")
    check(late == "restamp" or ways[{"ledger": "ledger", "hold": "held"}[late]] > 0,
          f"nothing was late: {ways}")
    return ways, sum(credits for _, credits in recorded.values())


def main(options):
    chance = random.Random(options.seed)
    usage, ledger = Usage(chance), Ledger(options.store)
    began = time.monotonic()
    with Provider(options.seed) as provider:
        provider.control("settings", usage_delay_seconds=1)
        entitlement, _ = provider.sell(GRANTED, CUSTOMERS)
        clock = Clock(provider)
        place = card()
        services = [
            Service(options.program, place, options.store, "--late", options.late, environment={
                **provider.environment, **clock.environment,
                "DODO_PAYMENTS_CREDIT_ENTITLEMENT": entitlement})
            for _ in range(options.processes)]
        try:
            for service in services:
                service.start()
            shares = ship_in_fine_weather(provider, services, usage)
            kills = outage(provider, clock, services, usage, chance, options.hours)
            before = waiting(services[0])
            # It is back. Each of its minutes has so many calls, and some events take two.
            provider.control("faults", "DELETE")
            for _ in range(60):
                if waiting(services[0]) == 0:
                    break
                clock.jump(61, services)
                time.sleep(2)
            check(waiting(services[0]) == 0, "what was left over is not shipped: "
                  f"{services[0].ask('GET', '/v1/outbox?limit=3')[1]} {services[0].log()}")
            for service in services:
                service.stop()
        finally:
            for service in services:
                service.__exit__()
        provider.control("clock", advance_seconds=5)
        ways, total = compare(provider, ledger, usage, options.late)
        lost = sum(call["fault"] is not None for call in provider.ledger("calls")["list"])
    return (f"{options.late}, {options.processes} processes, {kills} kills; in fine weather they shipped "
            f"{', '.join(f'{share:.0f}' for share in shares)} events, each once; after {options.hours} h with "
            f"{lost} spoilt calls {before} waited; {len(usage.credits)} events, {dict(sorted(ways.items()))}, "
            f"{total} credits on both sides; {time.monotonic() - began:.0f} s")


def until_tried(provider):
    """Waits until the provider was called, or a service would have called it."""
    calls = len(provider.ledger("calls")["list"])
    end = time.monotonic() + 1.5
    while len(provider.ledger("calls")["list"]) == calls and time.monotonic() < end:
        time.sleep(0.05)


def outage(provider, clock, services, usage, chance, hours):
    """Hours go by in jumps, while usage is recorded and services are killed."""
    spoil(provider, hours + 1)
    kills, passed = 0, 0
    while passed < hours * 3600:
        usage.record(services, chance.randrange(1, 40))
        until_tried(provider)
        if chance.random() < 0.3:
            victim = chance.choice(services)
            time.sleep(chance.uniform(0, 0.05))
            victim.kill()
            victim.start()
            kills += 1
        step = chance.choice((60, 300, 900, 1800, 3600, 5400))
        clock.jump(step, services)
        passed += step
    return kills


if __name__ == "__main__":
    options = arguments(
        __doc__, processes=dict(type=int, default=1), hours=dict(type=int, default=26),
        late=dict(choices=("restamp", "ledger", "hold"), default="restamp"))
    options.store = options.store or f"sqlite:{folder()}/store.db"
    print(f"seed {options.seed}, {options.store}", file=sys.stderr)
    run(lambda: main(options))
