"""Lets the machine's clock jump under the service, by minutes and by years, both ways.

    Tests/Service/clock_jumps.py .build/release/ratecard [--store ADDRESS]

A library before the system's (clock.c, made with cc) tells the process another time; the monotonic clock
goes on, as it does when a clock is set. Clients record usage and ask for decisions all the while. Nothing fails or waits, each event is
recorded once and in the order of its arrival, an id sent again across a jump gets the same answer,
usage is priced by the decision that admitted it whatever the clock says since, and what an operator sets
is what holds, also after the clock went back.
"""
import json
import random
import struct
import subprocess
import threading
import time
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

from service import ROOT, Ledger, Service, arguments, check, folder, run

JUMPS = ["+0", "+4m", "-4m", "+1d", "+0", "-1d", "+40d", "-2y", "+3y", "+0", "-10y", "+20y", "+0"]
UNITS = {"m": 60, "d": 86_400, "y": 31_536_000}


def seconds(jump):
    return int(jump[:-1]) * UNITS[jump[-1]] if jump[-1] in UNITS else int(jump)


class Reporter(threading.Thread):
    """Decides and records usage for that, without a pause."""

    def __init__(self, service, name, sent):
        super().__init__(daemon=True)
        self.service, self.name, self.sent = service, name, sent
        self.stopped, self.failure, self.slowest = False, None, 0

    def run(self):
        try:
            client = self.service.connect(10)
            number = 0
            while not self.stopped:
                number += 1
                name = f"{self.name} {number}"
                began = time.monotonic()
                admitted = self.ask(client, "/v1/decide", {
                    "customer": self.name, "request_type": "agent", "model": "gpt-4o"})
                answer = self.ask(client, "/v1/usage", {
                    "id": name, "customer": self.name, "decision": admitted["decision"]})
                self.slowest = max(self.slowest, time.monotonic() - began)
                check(answer["credits"] == admitted["credits"],
                      f"{admitted['credits']} were decided, and {answer['credits']} recorded")
                self.sent[name] = admitted["decision"], answer
        except Exception as failure:
            self.failure = failure

    def ask(self, client, path, request):
        status, body = client.ask("POST", path, request)
        check(status == 200, f"{path} is answered {status} {body}")
        return json.loads(body)


def now(service):
    """The service's clock, from its own answer."""
    at = json.loads(service.ask("POST", "/v1/decide", {"model": "o1"})[1])["at"]
    return datetime.fromisoformat(at[:19]).replace(tzinfo=timezone.utc)


def set_clock(file, jump):
    """In place: the process has the file mapped."""
    with open(file, "r+b" if file.exists() else "wb") as offset:
        offset.write(struct.pack("=q", seconds(jump)))


def jump(service, file, name, chance, sent):
    """One jump, and what must hold right after it."""
    set_clock(file, name)
    wanted = datetime.now(timezone.utc) + timedelta(seconds=seconds(name))
    check(abs(now(service) - wanted) < timedelta(seconds=5), f"the clock does not jump by {name}")
    for key in chance.sample(sorted(sent), min(5, len(sent))):
        decision, answer = sent[key]
        status, body = service.ask("POST", "/v1/usage", {
            "id": key, "customer": key.rsplit(" ", 1)[0], "decision": decision})
        check(status == 200 and json.loads(body) == answer,
              f"after {name} {key} is answered {status} {body}, and was {answer}")
    balance = str(chance.randrange(10_000, 20_000))
    status, body = service.ask("PUT", "/v1/customers/operated", {"balance": balance})
    known = json.loads(body).get("balance")
    check(status == 200 and known["known"] == balance,
          f"after {name} a balance of {balance} is set, and the answer is {status} {known}")
    ahead = now(service) + timedelta(minutes=10)
    status, body = service.ask("POST", "/v1/usage", {
        "id": f"ahead {name}", "customer": "operated", "model": "o1", "at": ahead.isoformat()})
    check(status == 400, f"after {name} usage of ten minutes ahead is answered {status} {body}")


def main(options):
    chance = random.Random(options.seed)
    place = Path(folder())
    file, library = place / "offset", place / "clock.so"
    set_clock(file, "+0")
    subprocess.run(
        ["cc", "-O1", "-shared", "-fPIC", "-o", library, ROOT / "Tests/Service/clock.c"], check=True)
    sent = {}
    with Service(options.program, ROOT / "pricing", options.store, environment={
            "LD_PRELOAD": str(library), "CLOCK_OFFSET": str(file)}) as service:
        service.start()
        reporters = [Reporter(service, f"customer {number}", sent) for number in range(3)]
        for reporter in reporters:
            reporter.start()
        for name in JUMPS:
            jump(service, file, name, chance, dict(sent))
            time.sleep(1)
            for reporter in reporters:
                if reporter.failure:
                    raise reporter.failure
        for reporter in reporters:
            reporter.stopped = True
            reporter.join()
        service.stop()
        # It starts again at any time as well.
        for name in ("-10y", "+20y"):
            set_clock(file, name)
            service.start()
            service.stop()
    rows = Ledger(options.store).usage()
    check([name for _, name, _, _ in rows if name.startswith("customer 0")]
          == [name for name in sent if name.startswith("customer 0")],
          "events are not in the order in which they were recorded")
    stored = {name: credits for _, name, _, credits in rows}
    check(stored == {name: Decimal(answer["credits"]) for name, (_, answer) in sent.items()},
          "the store has other events than were recorded")
    slowest = max(reporter.slowest for reporter in reporters)
    check(slowest < 2, f"a decision and its usage took {slowest:.1f} s")
    return (f"{len(JUMPS)} jumps, {len(sent)} decisions and their usage, the slowest in "
            f"{slowest * 1000:.0f} ms")


if __name__ == "__main__":
    options = arguments(__doc__)
    options.store = options.store or f"sqlite:{folder()}/store.db"
    run(lambda: main(options))
