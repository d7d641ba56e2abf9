"""Two services on one PostgreSQL database, of which one or the other is killed again and again.

    Tests/Service/replicas.py .build/release/ratecard --server postgres://… [--kills 100] [--seed N]

The database is one of its own, made on that server. Clients report usage and ask for decisions, now of one
process and now of the other, without a pause; meanwhile one of the two gets SIGKILL, now and then SIGTERM,
and is started again. Whatever a client is not answered it sends again, to the other. In the end, and now
and then before:

- every event that a client sent is there once, with the credits that were answered, and nothing else is;
- the same id gets the same answer from both, other content under it 409;
- what is pending for each customer is the exact sum of their events, and all of it waits in the outbox;
- each customer's changes of tier lead from one to the next and end at their tier, which is the one that
  follows from their balance, and both processes say so;
- on SIGTERM a process ends by itself within 5 s.
"""
import json
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from decimal import Decimal

from service import ROOT, Failed, Ledger, Service, arguments, check, database, folder, run

CLIENTS = 6
CUSTOMERS = 24
GRANTED = 5_000
PRICES = {("agent", "claude-sonnet"): 10, ("composer", "gpt-4o"): 5, ("chat", "gpt-4o"): 1,
          ("agent", "o1"): 25, ("tab_completion", "gpt-4o"): 0}


def card():
    """The shipped card, its prices as they stand above, and no meter: what is recorded stays."""
    path = folder()
    for name in ("card", "costs", "tiers", "routes", "plans"):
        text = (ROOT / f"pricing/{name}.yaml").read_text()
        with open(f"{path}/{name}.yaml", "w") as file:
            file.write(text.split("\nmeter:")[0] + "\n")
    return path


class Usage:
    """One report."""

    def __init__(self, name, chance):
        kind, self.credits = chance.choice(list(PRICES.items()))
        self.id, self.customer = name, f"customer {chance.randrange(CUSTOMERS)}"
        self.body = {"id": name, "customer": self.customer, "request_type": kind[0],
                     "model": kind[1]}

    def judge(self, answer):
        check(answer.get("recorded") is True and answer["event_id"] == self.id
              and Decimal(answer["credits"]) == self.credits,
              f"{self.id} costs {self.credits}, and the answer is {answer}")


class Pair:
    """The two processes, and how often what happened to them."""

    def __init__(self, program, store):
        path = card()
        self.services = [Service(program, path, store) for _ in range(2)]
        self.counts = Counter()

    def start(self):
        for service in self.services:
            service.start()

    def ask(self, first, clients, method, path, body, content="application/json"):
        """Asks one process, and the other where that does not answer."""
        end = time.monotonic() + 60
        turn = first
        while time.monotonic() < end:
            service = self.services[turn % 2]
            try:
                if clients[turn % 2] is None:
                    clients[turn % 2] = service.connect(20)
                status, answer = clients[turn % 2].ask(method, path, body, Content_Type=content)
            except OSError:
                clients[turn % 2] = None
                self.counts["requests sent again"] += turn == first
                turn += 1
                time.sleep(0.002)
                continue
            if status == 503:
                code = json.loads(answer)["error"]["code"]
                check(code == "stopping", f"{path} is answered 503 {answer}")
                clients[turn % 2] = None
                turn += 1
                continue
            return status, answer
        raise Failed(f"neither process answers {method} {path}")


class Client(threading.Thread):
    """Reports usage and asks for decisions until it is told to end."""

    def __init__(self, pair, name, seed, ends):
        super().__init__(daemon=True)
        self.pair, self.name, self.chance, self.ends = pair, name, random.Random(seed), ends
        self.recorded, self.failure = [], None

    def run(self):
        try:
            clients = [None, None]
            while not self.ends.is_set():
                self.step(clients)
        except Exception as failure:
            self.failure = failure

    def step(self, clients):
        chance = self.chance
        first = chance.randrange(2)
        if chance.random() < 0.3:
            body = {"customer": f"customer {chance.randrange(CUSTOMERS)}", "request_type": "agent",
                    "model": "o1"}
            status, answer = self.pair.ask(first, clients, "POST", "/v1/decide", body)
            check(status == 200, f"a decision is answered {status} {answer}")
            return
        count = 1 if chance.random() < 0.6 else chance.randrange(1, 40)
        batch = [Usage(f"{self.name} {len(self.recorded) + place}", chance)
                 for place in range(count)]
        sent = list(batch)
        if self.recorded and chance.random() < 0.2:
            sent.insert(chance.randrange(len(sent) + 1), chance.choice(self.recorded))
        if len(sent) == 1:
            body, content = json.dumps(sent[0].body), "application/json"
        else:
            body = "".join(json.dumps(usage.body) + "\n" for usage in sent)
            content = "application/x-ndjson"
        status, answer = self.pair.ask(first, clients, "POST", "/v1/usage", body, content)
        check(status == 200, f"usage is answered {status} {answer}")
        answers = [json.loads(line) for line in answer.splitlines()]
        check(len(answers) == len(sent), f"{len(sent)} reports are answered with {len(answers)}")
        for usage, one in zip(sent, answers):
            usage.judge(one)
        self.recorded += batch


def compare(pair, ledger, recorded, chance):
    """Holds the store against what clients know, while nothing is asked."""
    ledger.settle()
    rows = ledger.usage()
    stored = {name: (customer, credits) for _, name, customer, credits in rows}
    check(len(rows) == len(stored), "an event is in the store twice")
    known = {usage.id: (usage.customer, usage.credits) for usage in recorded}
    lost, extra = known.keys() - stored.keys(), stored.keys() - known.keys()
    check(not lost, f"{len(lost)} acknowledged events are lost, {sorted(lost)[:5]} among them")
    check(not extra, f"{len(extra)} events are there that nobody was answered, {sorted(extra)[:5]}")
    check(stored == known, "an event is stored with another customer or price")
    sums = defaultdict(Decimal)
    for customer, credits in stored.values():
        sums[customer] += credits
    pending = ledger.pending()
    for customer, credits in sums.items():
        check(pending[customer] == credits, f"{customer} used {credits}, pending {pending[customer]}")
    priced = sum(1 for _, credits in stored.values() if credits)
    check(ledger.waiting() == priced, f"{priced} events have to be shipped, {ledger.waiting()} wait")
    for usage in chance.sample(recorded, min(10, len(recorded))):
        for service in pair.services:
            status, answer = service.ask("POST", "/v1/usage", usage.body)
            check(status == 200, f"{usage.id} sent again is answered {status} {answer}")
            usage.judge(json.loads(answer))
            other = {**usage.body, "request_type": "voice"}
            status, _ = service.ask("POST", "/v1/usage", other)
            check(status == 409, f"other content for {usage.id} is answered {status}")


def tiers(pair, ledger):
    """Holds every customer's tier against their balance and their history."""
    for number in range(CUSTOMERS):
        name = f"customer {number}"
        path = f"/v1/customers/customer%20{number}"
        said = []
        for service in pair.services:
            body = {"customer": name, "request_type": "chat", "model": "gpt-4o"}
            status, answer = service.ask("POST", "/v1/decide", body)
            check(status == 200, f"a decision is answered {status} {answer}")
            said.append(json.loads(answer)["tier"])
        shown = [json.loads(service.ask("GET", path)[1]) for service in pair.services]
        check(shown[0] == shown[1], f"the two say of {name}: {shown}")
        available = Decimal(shown[0]["available"])
        expected = "slow" if available <= 0 else "premium"
        check(said == [expected, expected] and shown[0]["tier"] == expected,
              f"{name} has {available} and is {said}, {shown[0]['tier']}")
        changes = ledger.rows("SELECT from_tier, to_tier FROM ratecard_tier_change "
                              f"WHERE customer = '{name}' ORDER BY sequence")
        tier = ""
        for before, after in changes:
            check(before == tier and after != tier, f"{name} moved {changes}")
            tier = after
        check(tier == expected, f"{name} is {expected} and moved {changes}")


def main(options):
    store = database(options.server)
    ledger = Ledger(store)
    pair = Pair(options.program, store)
    chance = random.Random(options.seed)
    began = time.monotonic()
    try:
        pair.start()
        for number in range(CUSTOMERS):
            # Half of them run out before the end.
            status, answer = pair.services[number % 2].ask(
                "PUT", f"/v1/customers/customer%20{number}",
                {"plan": "pro", "balance": GRANTED if number % 2 else 10**9})
            check(status == 200, f"a customer is answered {status} {answer}")
        recorded = []
        kills = 0
        while kills < options.kills:
            ends = threading.Event()
            clients = [Client(pair, f"{kills}/{number}", chance.random(), ends)
                       for number in range(CLIENTS)]
            for client in clients:
                client.start()
            for _ in range(min(10, options.kills - kills)):
                time.sleep(chance.uniform(0.02, 0.4))
                service = chance.choice(pair.services)
                check(service.process.poll() is None, f"a service ended: {service.log()}")
                if chance.random() < 0.1:
                    service.stop()
                    pair.counts["clean ends"] += 1
                else:
                    service.kill()
                    kills += 1
                time.sleep(chance.uniform(0, 0.2))
                service.start()
            ends.set()
            for client in clients:
                client.join(90)
                check(not client.is_alive(), "a client waits for ever")
                if client.failure:
                    raise client.failure
                recorded += client.recorded
            compare(pair, ledger, recorded, chance)
            tiers(pair, ledger)
        for service in pair.services:
            service.stop()
    finally:
        for service in pair.services:
            service.__exit__()
    return (f"{kills} kills and {pair.counts['clean ends']} clean ends of one of two, "
            f"{pair.counts['requests sent again']} requests sent again, {len(recorded)} events, "
            f"each once; {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    options = arguments(__doc__, kills=dict(type=int, default=100), server=dict(required=True))
    print(f"seed {options.seed}, {options.server}", file=sys.stderr)
    run(lambda: main(options))
