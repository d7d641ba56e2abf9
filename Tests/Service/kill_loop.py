"""Kills the service again and again while clients record usage, and looks for what got lost.

    Tests/Service/kill_loop.py .build/release/ratecard [--store ADDRESS] [--kills 200] [--seed N]

Clients record usage, each under an id of its own, as single objects, arrays and JSON Lines, some of it
twice and some of it without a price. At a random moment the process gets SIGKILL, in one of ten rounds
while it starts; the next one takes over the same store. Every time:

- every event that was acknowledged is there, with the credits that were answered;
- no event is there that nobody sent, and of a batch either all or nothing;
- whatever a client was not answered it sends again, and some of what it was: the same id gets the same
  answer, other content under it 409;
- what is pending for each customer is the exact sum of their events, and all of it waits in the outbox.

Between the kills the process gets SIGTERM now and then: it must then end by itself within 5 s, and not
leave a request durable and unanswered.
"""
import json
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from decimal import Decimal

from service import TINY, Ledger, Service, arguments, check, folder, run

CLIENTS = 6
CUSTOMERS = 40


class Usage:
    """One report, and what is known of it."""

    def __init__(self, name, random):
        unpriced = random.random() < 0.03
        self.id = name
        self.customer = f"customer {random.randrange(CUSTOMERS)}"
        tokens = random.randrange(100_000), random.randrange(10_000)
        self.credits = None if unpriced else (tokens[0] * 15 + tokens[1] * 60) * Decimal("1e-8")
        self.body = {
            "id": name, "customer": self.customer,
            "model": "gpt-unpriced" if unpriced else "gpt-4o-mini",
            "input_tokens": tokens[0], "output_tokens": tokens[1]}

    def judge(self, status, answer):
        """Checks an answer."""
        if self.credits is None:
            check(status == 422 and answer["error"]["code"] == "unpriced",
                  f"{self.id} has no price, and the answer is {status} {answer}")
            return
        check(status == 200, f"{self.id} is answered {status} {answer}")
        check(answer["event_id"] == self.id and answer["recorded"] is True
              and Decimal(answer["credits"]) == self.credits,
              f"{self.id} costs {self.credits}, and the answer is {answer}")


def record(client, batch, form):
    """Sends usage in one request and checks every answer."""
    if form == "one":
        status, body = client.ask("POST", "/v1/usage", batch[0].body)
        check(status < 500, f"{batch[0].id} is answered {status} {body}")
        batch[0].judge(status, json.loads(body))
        return
    if form == "array":
        status, body = client.ask("POST", "/v1/usage", [usage.body for usage in batch])
        answers = json.loads(body)
    else:
        lines = "".join(json.dumps(usage.body) + "\n" for usage in batch)
        status, body = client.ask(
            "POST", "/v1/usage", lines, Content_Type="application/x-ndjson")
        answers = [json.loads(line) for line in body.splitlines()]
    check(status == 200 and len(answers) == len(batch), f"a batch is answered {status} {body}")
    for usage, answer in zip(batch, answers):
        usage.judge(answer.get("status", 200), answer)


class Writer(threading.Thread):
    """A client that records usage until the service goes away."""

    def __init__(self, service, name, random):
        super().__init__(daemon=True)
        self.service, self.name, self.random = service, name, random
        self.acknowledged, self.unanswered, self.failure = [], None, None

    def run(self):
        client = self.service.connect()
        sent = 0
        while True:
            form = self.random.choice(("one", "one", "one", "array", "lines"))
            count = 1 if form == "one" else self.random.randrange(1, 60)
            batch = [Usage(f"{self.name} {sent + place}", self.random) for place in range(count)]
            sent += count
            if self.acknowledged and self.random.random() < 0.1:
                # Once more what was recorded in the middle of what was not.
                again = self.random.choice(self.acknowledged)
                if form == "one":
                    batch = [again]
                else:
                    batch.insert(self.random.randrange(len(batch)), again)
            try:
                record(client, batch, form)
            except OSError:
                self.unanswered = batch, form
                return
            except Exception as failure:
                self.failure = failure
                return
            self.acknowledged += batch


class Tally:
    """What all clients know together, and the store read against it."""

    def __init__(self, ledger):
        self.ledger = ledger
        self.sequence = 0
        self.acknowledged = {}
        self.stored = {}
        self.pending = defaultdict(Decimal)
        self.counts = Counter()

    def read(self, sent):
        """Reads what is new in the store, which must be of what was sent."""
        for sequence, name, customer, credits in self.ledger.usage(after=self.sequence):
            usage = sent.get(name)
            check(usage is not None, f"{name} is in the store, and nobody sent it")
            check(name not in self.stored, f"{name} is in the store twice")
            check((customer, credits) == (usage.customer, usage.credits),
                  f"{name} is in the store as {customer}, {credits}")
            self.sequence = sequence
            self.stored[name] = credits
            self.pending[customer] += credits
        letters = self.ledger.letters()
        check(len(letters) == len(set(letters)), "a dead letter is in the store twice")
        return set(letters)

    def compare(self, letters):
        """Whether all that was acknowledged is there, and the sums are what they must be."""
        lost = [usage.id for usage in self.acknowledged.values()
                if usage.id not in (self.stored if usage.credits is not None else letters)]
        check(not lost, f"{len(lost)} acknowledged events are lost, {lost[:5]} among them")
        pending = self.ledger.pending()
        for customer, credits in self.pending.items():
            check(pending.get(customer) == credits,
                  f"{customer} used {credits}, and {pending.get(customer)} is pending")
        priced = sum(1 for credits in self.stored.values() if credits)
        waiting = self.ledger.waiting()
        check(waiting == priced, f"{priced} events have to be shipped, and {waiting} wait")

    def after_end(self, service, writers, random, was_killed):
        """Reads the store after an end, and sends again what was not answered."""
        for writer in writers:
            for usage in writer.acknowledged:
                self.acknowledged[usage.id] = usage
        batches = [writer.unanswered for writer in writers if writer.unanswered]
        sent = dict(self.acknowledged)
        for batch, _ in batches:
            sent.update((usage.id, usage) for usage in batch)
        self.ledger.settle()
        letters = self.read(sent)
        self.compare(letters)
        client = service.connect()
        for batch, form in batches:
            mine = [usage for usage in batch if usage.id not in self.acknowledged]
            there = sum(usage.id in self.stored or usage.id in letters for usage in mine)
            check(there in (0, len(mine)), f"{there} of a batch of {len(mine)} are in the store")
            check(was_killed or there == 0,
                  f"SIGTERM left {[usage.id for usage in mine]} durable and unanswered")
            if mine and was_killed:
                self.counts["durable, not answered" if there else "not durable"] += 1
            record(client, batch, form)
            self.acknowledged.update((usage.id, usage) for usage in batch)
        again = random.sample(list(self.acknowledged.values()),
                              min(20, len(self.acknowledged)))
        for usage in again:
            record(client, [usage], "one")
        priced = [usage for usage in again if usage.credits is not None]
        if priced:
            other = {**priced[0].body, "output_tokens": 123_456}
            status, _ = client.ask("POST", "/v1/usage", other)
            check(status == 409, f"other content for {priced[0].id} is answered {status}")
        client.close()
        self.compare(self.read(self.acknowledged))


def main(options):
    ledger = Ledger(options.store)
    tally = Tally(ledger)
    chance = random.Random(options.seed)
    began = time.monotonic()
    kills, stops, downtime = Counter(), 0, 0.0
    with Service(options.program, TINY, options.store) as service:
        service.start()
        while sum(kills.values()) < options.kills:
            if chance.random() < 0.1:
                # In the middle of a start: recovery must survive its own end.
                service.kill()
                service.spawn()
                time.sleep(chance.uniform(0, 0.05))
                check(service.process.poll() is None, f"the service ended: {service.log()}")
                service.kill()
                kills["while starting"] += 1
                service.start()
                continue
            writers = [
                Writer(service, f"{sum(kills.values()) + stops}/{number}", random.Random(chance.random()))
                for number in range(CLIENTS)]
            for writer in writers:
                writer.start()
            time.sleep(chance.uniform(0, 0.25))
            check(service.process.poll() is None, f"the service ended: {service.log()}")
            was_killed = chance.random() < 0.9
            if was_killed:
                service.kill()
                kills["under load"] += 1
            else:
                service.stop()
                stops += 1
            for writer in writers:
                writer.join(30)
                if writer.failure:
                    raise writer.failure
            before = time.monotonic()
            service.start()
            downtime = max(downtime, time.monotonic() - before)
            tally.after_end(service, writers, chance, was_killed)
        service.stop()
        tally.compare(tally.read(tally.acknowledged))
    priced = len(tally.stored)
    return (f"{sum(kills.values())} kills ({kills['while starting']} of them while starting) and "
            f"{stops} clean ends, {priced} events and {len(tally.acknowledged) - priced} dead letters, "
            f"{sum(tally.stored.values())} credits; requests caught: "
            f"{tally.counts['not durable']} before they were durable, "
            f"{tally.counts['durable, not answered']} after, before the answer; "
            f"longest start {downtime:.2f} s; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    options = arguments(__doc__, kills=dict(type=int, default=200))
    options.store = options.store or f"sqlite:{folder()}/store.db"
    print(f"seed {options.seed}, {options.store}", file=sys.stderr)
    run(lambda: main(options))
