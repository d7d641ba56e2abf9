#!/usr/bin/env python3
"""Plays the whole story of a plan that is sold, used up and topped up, and checks every number of it.

    python3 Examples/story/story.py [RATECARD]

RATECARD is the program (default: `ratecard`, wherever it is found). The service is the real one, with the
shipped card; the provider is the stand-in of Tests/Provider, which enforces Dodo Payments' published rules
and shares no code with the program. Takes some fifteen seconds, prints what happens, and ends with an
exit code other than 0 where a single number differs.
"""

import base64
import hashlib
import hmac
import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from contextlib import closing
from datetime import datetime, timezone
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"the provider signs webhooks").decode()
NOTIFY_SECRET = "whsec_" + base64.b64encode(b"the service signs notices").decode()
KEY = "dodo_test_standin"


class Wrong(Exception):
    """The story does not go as it must."""


def expect(found, wanted, what):
    if found != wanted:
        raise Wrong(f"{what}: {found}, and not {wanted}")
    return found


def until(look, what, seconds=30):
    """What `look` finds once it finds something."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise Wrong(f"{what}: not within {seconds} s")
        time.sleep(0.05)


def call(address, method, path, body=None, **headers):
    """One request: the status and what its answer says, numbers exact."""
    with closing(http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)) as line:
        line.request(method, path, None if body is None else json.dumps(body),
                     {"Content-Type": "application/json", **headers})
        answer = line.getresponse()
        text = answer.read()
    return answer.status, json.loads(text, parse_float=Decimal) if text else None


class Provider:
    """The stand-in, its clock running with ours."""

    def __init__(self):
        now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.process = subprocess.Popen(
            [sys.executable, "-B", ROOT / "Tests/Provider/standin.py", "--seed", "6", "--now", now,
             "--follow"], stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()
        # The real one takes a minute until it deducts what was used.
        self.control("settings", usage_delay_seconds=1)

    def ask(self, method, path, body=None):
        status, answer = call(self.address, method, path, body, Authorization=f"Bearer {KEY}")
        if status >= 300:
            raise Wrong(f"the provider answers {path} with {status} {answer}")
        return answer

    def control(self, name, method="POST", **fields):
        """A call that only the stand-in knows, for what customers, operators and bad networks do."""
        return self.ask(method, f"/__control/{name}", None if method == "GET" else fields)

    def ledger(self, part):
        return self.control(f"ledger?parts={part}", "GET")[part]


class Service:
    """`ratecard serve` with a card, on a store of its own."""

    def __init__(self, program, card, place, provider, notices):
        self.log = open(place / "log", "w+")
        self.environment = {
            **os.environ, "DODO_PAYMENTS_API_KEY": KEY, "DODO_PAYMENTS_BASE_URL": provider.address,
            "DODO_PAYMENTS_WEBHOOK_KEY": WEBHOOK_SECRET, "RATECARD_NOTIFY_KEY": NOTIFY_SECRET}
        self.process = subprocess.Popen(
            [program, "serve", card, "--listen", "127.0.0.1:0", "--store", f"sqlite:{place}/store.db",
             "--notify-url", notices], stdin=subprocess.DEVNULL, stderr=self.log,
            env=self.environment)
        self.address = until(self._address, "the service starts")

    def _address(self):
        if self.process.poll() is not None:
            raise Wrong(f"the service has ended: {self.text()}")
        for line in self.text().splitlines():
            if '"event":"started"' in line:
                return json.loads(line)["address"]

    def text(self):
        self.log.seek(0)
        return self.log.read()

    def ask(self, method, path, body=None, status=200):
        found, answer = call(self.address, method, path, body)
        if found != status:
            raise Wrong(f"the service answers {path} with {found} {answer}")
        return answer


class Receiver:
    """Where the shop is told of notices: the last ones, each once, if they are signed."""

    def __init__(self):
        receiver = self
        self.texts, self.known = [], set()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                name, at = self.headers["webhook-id"], self.headers["webhook-timestamp"]
                signed = hmac.new(base64.b64decode(NOTIFY_SECRET.removeprefix("whsec_")),
                                  f"{name}.{at}.".encode() + body, hashlib.sha256)
                wanted = "v1," + base64.b64encode(signed.digest()).decode()
                genuine = wanted in self.headers["webhook-signature"].split()
                if genuine and name not in receiver.known:
                    receiver.known.add(name)
                    receiver.texts.append(json.loads(body)["data"]["text"])
                self.send_response(204 if genuine else 401)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/notices"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Prices(threading.Thread):
    """Asks for the price of an agent without a pause."""

    def __init__(self, service):
        super().__init__(daemon=True)
        self.service, self.found, self.failure, self.ended = service, [], None, False
        self.start()

    def run(self):
        try:
            while not self.ended:
                price = self.service.ask(
                    "POST", "/v1/price", {"request_type": "agent", "model": "claude-sonnet"})
                if self.found[-1:] != [price["credits"]]:
                    self.found.append(price["credits"])
        except (Wrong, OSError) as failure:
            self.failure = failure

    def end(self):
        """The different answers, in their order."""
        until(lambda: self.failure or len(self.found) > 1, "the price is new")
        self.ended = True
        self.join()
        if self.failure:
            raise Wrong(f"a price: {self.failure}")
        return self.found


class Story:
    def __init__(self, program, place):
        self.program, self.place = program, place
        self.card = place / "pricing"
        shutil.copytree(ROOT / "pricing", self.card)
        self.provider, self.receiver = Provider(), Receiver()
        self.service = None
        self.used, self.requests = Decimal(0), 0

    def end(self):
        if self.service and self.service.process.poll() is None:
            self.service.process.send_signal(signal.SIGTERM)
            expect(self.service.process.wait(10), 0, "the service's exit code")
        self.provider.process.kill()

    # What ada does

    def request(self, kind, model="o1", **wanted):
        """A request of ada's: decided, served, and recorded by its decision."""
        self.requests += 1
        decision = self.service.ask(
            "POST", "/v1/decide", {"customer": "ada", "request_type": kind, "model": model})
        for name, value in wanted.items():
            expect(decision[name], value, f"the {name} of request {self.requests}")
        answer = self.service.ask("POST", "/v1/usage", {
            "id": f"req-{self.requests}", "customer": "ada", "decision": decision["decision"]})
        self.used += Decimal(expect(answer["credits"], decision["credits"], "what is recorded"))
        return decision

    def ada(self):
        return self.service.ask("GET", "/v1/customers/ada")

    def settled(self, balance):
        """Waits until the provider has deducted everything, and the service knows."""
        def look():
            ada = self.ada()
            return ada["pending"] == "0" and ada["balance"]["known"] == balance
        until(look, f"the provider has deducted down to {balance}")

    # The story

    def set_up(self):
        say("The shop sets up its provider by the card")
        environment = {**os.environ, "DODO_PAYMENTS_API_KEY": KEY,
                       "DODO_PAYMENTS_BASE_URL": self.provider.address}
        command = [self.program, "provision", self.card, "--apply", "--overage-price", "main"]
        for _ in range(2):
            made = subprocess.run(command, env=environment, capture_output=True, text=True)
            if made.returncode:
                raise Wrong(f"provision: {made.stdout}{made.stderr}")
        meters = self.provider.ask("GET", "/meters")["items"]
        products = self.provider.ask("GET", "/products")["items"]
        credits = self.provider.ask("GET", "/credit-entitlements")["items"]
        counts = expect((len(meters), len(credits), len(products)), (1, 1, 4), "meters, credits, products")
        self.entitlement = credits[0]["id"]
        tell(f"`ratecard provision --apply`, twice: {counts[0]} meter `{meters[0]['name']}`, "
             f"{counts[1]} kind of credits, {counts[2]} products")
        self.service = Service(
            self.program, self.card, self.place, self.provider, self.receiver.url)
        self.provider.control(
            "endpoints", url=f"http://{self.service.address}/webhooks/dodo", secret=WEBHOOK_SECRET)
        # Every message comes twice, as messages may.
        self.provider.control("webhook-faults", kind="duplicate")

    def buy(self):
        say("Ada buys Pro")
        session = self.service.ask("POST", "/v1/checkout", {
            "plan": "pro", "email": "ada@example.com", "customer": "ada",
            "return_url": "https://shop.example/welcome"})
        if session["session_id"] not in session["checkout_url"]:
            raise Wrong(f"a session without its page: {session}")
        tell("POST /v1/checkout answers the address of a page at the provider, where she pays")
        self.provider.control(f"checkouts/{session['session_id']}/complete")
        self.settled_at("500")
        tell(f"subscription.active and credit.added come: plan {self.ada()['plan']}, "
             f"{self.ada()['available']} credits")

    def settled_at(self, balance):
        def look():
            status, ada = call(self.service.address, "GET", "/v1/customers/ada")
            return status == 200 and ada["plan"] == "pro" and (ada["balance"] or {}).get("known") == balance
        until(look, f"the balance is {balance}")

    def burn(self):
        say("She works, and credits burn by the card")
        for _ in range(10):
            self.request("tab_completion", tier="premium", credits="0")
        for _ in range(55):
            self.request("chat", tier="premium", model="claude-sonnet", credits="1")
        for _ in range(40):
            self.request("agent", tier="premium", model="claude-sonnet", credits="10")
        expect(self.ada()["available"], "45", "available at once")
        tell("10 free completions, 55 chats of 1 and 40 agents of 10: 455 credits; 45 are available, "
             "although the provider has not deducted them yet")

    def run_low(self):
        say("The provider reports credit.balance_low")
        until(lambda: self.ada()["tier"] == "slow", "ada is slow")
        self.settled("45")
        text = expect([notice["text"] for notice in self.ada()["notices"]],
                      ["You have used most of your premium requests. Switching to standard models."],
                      "the notices")[0]
        until(lambda: self.receiver.texts, "the notice is posted")
        tell(f"below 10 % of 500: slow. The shop is told, once, and signed: “{text}”")
        slow = self.request("agent", tier="slow", model="gpt-4o-mini", credits="1")
        tell(f"her next agent is served by {slow['model']} from the queue `{slow['queue']}`, for 1")

    def change_the_card(self):
        say("The shop makes agents dearer while all this runs")
        version = lambda: self.service.ask("GET", "/v1/ratecard")["version"]  # noqa: E731
        before, asked = version(), Prices(self.service)
        edit(self.card / "costs.yaml", "{gpt-4o: 10, claude-sonnet: 10, o1: 25}",
             "{gpt-4o: 10, claude-sonnet: 120, o1: 25}")
        until(lambda: '"event":"reload_failed"' in self.service.text(), "the card is refused")
        expect(version(), before, "the card's version")
        tell("a slip of the pen, 120 for claude-sonnet, breaks one of the card's guards: refused, the old "
             "card goes on")
        edit(self.card / "costs.yaml", "claude-sonnet: 120", "claude-sonnet: 12")
        until(lambda: version() != before, "the new card answers")
        expect(asked.end(), ["10", "12"], "the prices asked for all the while")
        tell("12 it is: the new card answers. Asked for the price all the while, the service said 10, "
             "and from one request to the next 12")

    def top_up(self):
        say("She tops up")
        customer = self.provider.ask("GET", "/customers")["items"][0]["customer_id"]
        self.settled("44")
        self.provider.ask(
            "POST", f"/credit-entitlements/{self.entitlement}/balances/{customer}/ledger-entries",
            {"entry_type": "credit", "amount": "500", "reason": "top-up", "idempotency_key": "top-up"})
        until(lambda: self.ada()["tier"] == "premium", "ada is premium")
        until(lambda: len(self.receiver.texts) == 2, "the second notice is posted")
        tell(f"credit.added: {self.ada()['available']} credits, premium again: “{self.receiver.texts[1]}”")
        # The warning comes once more, as webhooks do.
        low = next(message["id"] for message in self.provider.ledger("webhooks")["messages"]
                   if message["type"] == "credit.balance_low")
        self.provider.control("webhooks/replay", webhook_id=low)
        self.provider.control("settle")
        expect(self.ada()["tier"], "premium", "the tier")
        agent = self.request("agent", tier="premium", model="claude-sonnet", credits="12")
        tell(f"the old warning, delivered once more, changes nothing; an agent costs {agent['credits']} now")

    def reserve(self):
        say("A long job holds its credits before it runs")
        before = Decimal(self.ada()["available"])
        held = self.service.ask("POST", "/v1/reservations", {
            "id": "job-1", "customer": "ada", "request_type": "agent", "model": "o1"})
        during = Decimal(self.ada()["available"])
        expect(during, before - Decimal(held["held"]), "what is available")
        answer = self.service.ask("POST", "/v1/reservations/job-1/settle", {"model": "gpt-4o"})
        self.used += Decimal(expect(answer["credits"], "10", "what the job cost"))
        expect(Decimal(self.ada()["available"]), before - 10, "what is available")
        tell(f"{held['held']} are held, the price of the dearest model that may serve it; gpt-4o does, a "
             f"fallback: {answer['credits']} are taken, the rest let go")

    def outage(self):
        say("The provider is down")
        recorded = self.used
        # What it takes last loses its answer; after that nothing gets through.
        self.provider.control("faults", kind="reset", path="/events/ingest", times=1)
        self.provider.control("outage", seconds=3600)
        for number in range(30):
            self.request("agent" if number % 3 else "chat", tier="premium")
            time.sleep(0.1)
        depth = self.service.ask("GET", "/v1/outbox")["depth"]
        tell(f"30 requests go on at the usual pace; {self.used - recorded} credits wait to be shipped")
        if not depth:
            raise Wrong("nothing waits, although the provider is down")
        self.provider.control("faults", "DELETE")
        until(lambda: self.service.ask("GET", "/v1/outbox")["depth"] == 0, "the outbox is empty", 60)
        again = self.provider.ledger("events")["sent_again"]
        if not again:
            raise Wrong("no answer was lost")
        tell("back again: everything arrives; what had arrived and lost its answer comes twice "
             "under the same id, and counts once")

    def balance_the_books(self):
        say("The books")
        balance = str(1000 - self.used)
        self.settled(balance)
        sums = self.provider.ledger("sums")
        account = self.provider.ledger("accounts")[0]
        with closing(sqlite3.connect(self.place / "store.db")) as store:
            rows = store.execute("SELECT credits, ships FROM ratecard_usage").fetchall()
        ledger = sum(Decimal(str(credits)) for credits, _ in rows)
        paid = sum(1 for credits, _ in rows if Decimal(str(credits)))
        expect(ledger, self.used, "the service's ledger")
        expect(Decimal(sums[0]["sum"]), ledger, "the provider's meter")
        expect((len(sums), sums[0]["count"]), (1, paid), "customers and events of the meter")
        expect((account["balance"], account["consistent"]), (balance, True), "the provider's balance")
        table = [
            ("what ada's requests were said to cost", self.used), ("the service's ledger", ledger),
            ("the provider's meter `ai.request`", sums[0]["sum"]),
            ("500 bought + 500 topped up, less the provider's balance", 1000 - Decimal(account["balance"]))]
        for name, value in table:
            print(f"    {name:<56}{value:>6}")
        tell(f"{len(rows)} requests, {paid} events: the same to the last credit")


def edit(path, old, new):
    text = path.read_text()
    expect(text.count(old), 1, f"`{old}` in {path.name}")
    path.write_text(text.replace(old, new))


def say(text):
    print(text, flush=True)


def tell(text):
    indent = " " * 4
    print(textwrap.fill(text, 96, initial_indent=indent, subsequent_indent=indent), flush=True)


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else shutil.which("ratecard")
    if not program:
        sys.exit("where is ratecard? Give its path, or put it in the PATH")
    with tempfile.TemporaryDirectory(prefix="ratecard-story-") as place:
        story = Story(os.path.abspath(program), Path(place))
        try:
            story.set_up()
            story.buy()
            story.burn()
            story.run_low()
            story.change_the_card()
            story.top_up()
            story.reserve()
            story.outage()
            story.balance_the_books()
        except Wrong as wrong:
            print(f"WRONG: {wrong}\n{story.service.text()[-3000:] if story.service else ''}")
            sys.exit(1)
        finally:
            story.end()


if __name__ == "__main__":
    main()
