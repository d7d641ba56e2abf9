"""Lets clients of two services on one database race for a customer's last credit, again and again.

    Tests/Service/last_credit.py .build/release/ratecard [--store postgres://…] [--races 1000] [--seed N]

The card takes 1 for every request and refuses whoever has nothing left. In each race a customer with one
credit asks both services for a reservation at the same moment, two times each. Every time:

- exactly one request gets the credit, the others are refused with 402;
- asked again, the winner gets the same answer, byte for byte, from the other service too;
- when the winner lets go, the credit is there for exactly one of another round; when it settles, and it
  does so at both services at once, the usage is recorded once.

In the end the ledger has one event for each race that was settled, and no customer has used and held
more than one credit. An SQLite store has one service, and all clients are its own.
"""
import json
import random
import sys
import threading
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

from service import Ledger, Service, arguments, check, folder, run

CARD = """
ratecard: 1
name: last credit
credit: {unit: credit}
models: {big: {}, small: {}}
costs:
  - credits: 1
  - {name: nothing left, when: {balance: {at_most: 0}}, deny: There are no credits left.}
"""
CLIENTS = 4


class Racers:
    """Clients that ask at the same moment, each on a connection of its own."""

    def __init__(self, services):
        self.clients = [services[place % len(services)].connect() for place in range(CLIENTS)]
        self.barrier = threading.Barrier(CLIENTS)

    def ask(self, *requests):
        """Sends one request of each client; the answers in their order."""
        answers = [None] * len(requests)

        def send(place):
            self.barrier.wait(30)
            try:
                answers[place] = self.clients[place].ask(*requests[place])
            except OSError as failure:
                answers[place] = failure
        threads = [threading.Thread(target=send, args=(place,)) for place in range(len(requests))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for answer in answers:
            if isinstance(answer, OSError):
                raise answer
        return answers


def reserve(racers, customer, turn):
    """A race for the credit of a customer; the id and the answer of who gets it."""
    names = [f"{customer}/{turn}/{place}" for place in range(CLIENTS)]
    answers = racers.ask(*(
        ("POST", "/v1/reservations", {"id": name, "customer": customer, "model": "big"})
        for name in names))
    won = [(name, body) for name, (status, body) in zip(names, answers) if status == 200]
    check(len(won) == 1, f"{len(won)} of {CLIENTS} get the last credit of {customer}: {answers}")
    for status, body in answers:
        check(status == 200 or status == 402 and json.loads(body)["error"]["code"] in
              ("denied", "insufficient_credits"), f"a loser is answered {status} {body}")
    return won[0]


def main(options):
    chance = random.Random(options.seed)
    card = Path(folder())
    (card / "card.yaml").write_text(CARD)
    count = 1 if options.store.startswith("sqlite:") else 2
    services = [Service(options.program, card, options.store) for _ in range(count)]
    ends = Counter()
    began = time.monotonic()
    try:
        for service in services:
            service.start()
        racers = Racers(services)
        for race in range(options.races):
            customer = f"customer {race}"
            status, body = racers.clients[race % CLIENTS].ask(
                "PUT", f"/v1/customers/customer%20{race}", {"balance": 1})
            check(status == 200, f"a balance is answered {status} {body}")
            name, answer = reserve(racers, customer, 0)
            repeated = racers.ask(*(
                ("POST", "/v1/reservations", {"id": name, "customer": customer, "model": "big"})
                for _ in range(CLIENTS)))
            check(all(again == (200, answer) for again in repeated),
                  f"{name} asked again is answered {repeated}")
            path = "/v1/reservations/" + name.replace("/", "%2F").replace(" ", "%20")
            end = chance.choice(("settle", "release", "keep"))
            ends[end] += 1
            if end == "release":
                for status, body in racers.ask(*(("DELETE", path, None) for _ in range(CLIENTS))):
                    check(status == 200, f"letting go is answered {status} {body}")
                reserve(racers, customer, 1)
            elif end == "settle":
                settled = racers.ask(*(
                    ("POST", path + "/settle", {"model": "small"}) for _ in range(CLIENTS)))
                check(all(status == 200 for status, _ in settled), f"settling is answered {settled}")
                check(len(set(settled)) == 1, f"settling is answered {settled}")
        for service in services:
            service.stop()
    finally:
        for service in services:
            service.__exit__()
    ledger = Ledger(options.store)
    usage = ledger.usage()
    check(len(usage) == ends["settle"] and all(credits == 1 for *_, credits in usage),
          f"{ends['settle']} races were settled, and {len(usage)} events are recorded")
    rows = ledger.rows("SELECT id, pending, held FROM ratecard_customer")
    check(len(rows) == options.races, f"there are {len(rows)} customers")
    for customer, pending, held in rows:
        check(Decimal(pending) + Decimal(held) == 1,
              f"of {customer}'s credit {pending} are used and {held} are held")
    return (f"{options.races} last credits spent once by {count} services and {CLIENTS} clients: "
            f"{ends['settle']} settled, {ends['release']} let go and taken again, "
            f"{ends['keep']} kept; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    options = arguments(__doc__, races=dict(type=int, default=1000))
    options.store = options.store or f"sqlite:{folder()}/store.db"
    print(f"seed {options.seed}, {options.store}", file=sys.stderr)
    run(lambda: main(options))
