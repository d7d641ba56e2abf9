"""Lets the database server hang under a service, and come back.

    Tests/Service/hung_database.py .build/release/ratecard --server postgres://… [--seed N]

The database is one of its own, made on that server. First the processes that serve the service's connections
are stopped (SIGSTOP), so that what it has asked is not answered; then the server as a whole, so that no new
connection is made either. While it hangs:

- what needs the store is answered 503, within 15 seconds, and whoever asks after that at once;
- no answer says where the database is;
- what does not need the store is answered as ever;
- the log tells of it once, however many requests fail.

When the server goes on the service is well again within some seconds, and every event that was
acknowledged is there once.
"""
import json
import os
import signal
import sys
import threading
import time
from decimal import Decimal

from service import ROOT, Failed, Ledger, Service, arguments, check, database, run

BOUND = 15


class Server:
    """The processes of a database server."""

    def __init__(self, ledger):
        self.ledger = ledger
        (data,), = ledger.rows("SHOW data_directory")
        with open(f"{data}/postmaster.pid") as file:
            self.main = int(file.readline())
        self.stopped = []

    def backends(self):
        return [int(pid) for (pid,) in self.ledger.rows(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'ratecard' "
            "AND datname = current_database()")]

    def stop(self, processes):
        for process in processes:
            os.kill(process, signal.SIGSTOP)
            self.stopped.append(process)

    def go_on(self):
        while self.stopped:
            try:
                os.kill(self.stopped.pop(), signal.SIGCONT)
            except ProcessLookupError:
                pass


class Crowd:
    """Clients that ask at the same time, and how long they waited."""

    def __init__(self, service, count, prefix):
        self.service, self.prefix, self.waits, self.failures = service, prefix, [], []
        self.acknowledged = []
        self.threads = [threading.Thread(target=self.ask, args=(number,)) for number in range(count)]
        for thread in self.threads:
            thread.start()

    def ask(self, number):
        began = time.monotonic()
        try:
            if number % 2:
                name = f"{self.prefix} {number}"
                status, body = self.service.ask("POST", "/v1/usage", usage(name))
                if status == 200:
                    self.acknowledged.append(name)
            else:
                status, body = self.service.ask(
                    "POST", "/v1/decide", {"customer": "ann", "model": "o1"}, seconds=60)
            check(status in (200, 503), f"a request is answered {status} {body}")
            if status == 503:
                check(json.loads(body)["error"]["code"] == "storage_unavailable", f"{body}")
                for word in (b"127.0.0.1", b"postgres", b"server", b"connection"):
                    check(word not in body, f"the answer tells of the database: {body}")
        except (Failed, OSError) as failure:
            self.failures.append(failure)
        self.waits.append(time.monotonic() - began)

    def join(self):
        for thread in self.threads:
            thread.join()
        if self.failures:
            raise self.failures[0]
        return max(self.waits)


def usage(name):
    return {"id": name, "customer": "ann", "request_type": "agent", "model": "claude-sonnet"}


def hang(service, server, processes, prefix):
    """Stops processes and asks; what was acknowledged, and the longest waits."""
    server.stop(processes)
    crowd = Crowd(service, 40, prefix)
    # Nobody waits for those who wait.
    for path in ("/healthz", "/v1/ratecard", "/openapi.json"):
        began = time.monotonic()
        check(service.ask("GET", path)[0] == 200, f"{path} is not answered")
        check(time.monotonic() - began < 1, f"{path} is answered after more than a second")
    first = crowd.join()
    check(first < BOUND, f"a request waits for {first:.1f} s")
    second = Crowd(service, 200, prefix + " again")
    rest = second.join()
    check(rest < BOUND, f"a later request waits for {rest:.1f} s")
    return crowd.acknowledged + second.acknowledged, first, rest


def recover(service, seconds):
    began = time.monotonic()
    while service.ask("POST", "/v1/usage", usage(f"recovery {began}"))[0] != 200:
        check(time.monotonic() - began < seconds, f"the service is not well after {seconds} s")
        time.sleep(0.05)
    check(service.ask("GET", "/readyz")[0] == 200, "the service is well and not ready")
    return time.monotonic() - began, f"recovery {began}"


def main(options):
    store = database(options.server)
    ledger = Ledger(store)
    server = Server(ledger)
    acknowledged = []
    said = []
    with Service(options.program, ROOT / "pricing", store, "--provider", "log") as service:
        service.start()
        try:
            for name, processes in (
                    ("its connections", server.backends), ("the server", None)):
                crowd = Crowd(service, 20, f"before {name}")
                crowd.join()
                acknowledged += crowd.acknowledged
                found, first, rest = hang(
                    service, server,
                    processes() if processes else [server.main, *server.backends()], name)
                acknowledged += found
                server.go_on()
                took, event = recover(service, 10)
                acknowledged.append(event)
                said.append(f"{name}: answers after {first:.1f} s, then {rest:.1f} s, well after "
                            f"{took:.1f} s")
        finally:
            server.go_on()
        log = [json.loads(line) for line in service.whole_log().splitlines() if line[:1] == "{"]
        told = [line for line in log if line.get("event") == "store_failed"]
        check(2 <= len(told) <= 40, f"the log tells {len(told)} times of a store that fails")
        check(any("did not answer in time" in line["message"] for line in told), f"{told}")
        metrics = service.metrics()
        check(metrics['ratecard_store_failures_total{use="reading"}'] > 100, "failures are counted")
        service.stop()
    stored = {name: credits for _, name, _, credits in ledger.usage()}
    lost = [name for name in acknowledged if stored.get(name) != Decimal(10)]
    check(not lost, f"{len(lost)} acknowledged events are lost, {lost[:5]} among them")
    return f"{'; '.join(said)}; told {len(told)} times; {len(acknowledged)} events"


if __name__ == "__main__":
    options = arguments(__doc__, server=dict(required=True))
    print(f"{options.server}", file=sys.stderr)
    run(lambda: main(options))
