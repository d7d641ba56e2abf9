"""Has notices posted to a receiver that fails in every way, and verifies with PyPI's `standardwebhooks`.

    python3 -m venv V && V/bin/pip install standardwebhooks==1.1.0
    V/bin/python Tests/Service/notices.py .build/release/ratecard [--store postgres://…] [--count N]

The provider's webhooks come signed by that package too, each content under two ids. The receiver answers
some deliveries, refuses some, sends some elsewhere, lets some wait too long, and goes away without a word
after taking some. On PostgreSQL two processes post, and one of them is killed. In the end each customer's
notice was taken under one name and with one body; what was answered never came again, nobody followed
a redirect, and nothing is left in the outbox.
"""
import base64
import json
import random
import threading
import time
from collections import defaultdict
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook

from service import ROOT, Service, arguments, check, folder, run

PROVIDER, OLD, NEW = ("whsec_" + base64.b64encode(word).decode() for word in (
    b"the provider's secret", b"the receiver's old secret", b"the receiver's new secret"))


class Receiver(ThreadingHTTPServer):
    """Takes notices, or does not."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, seed):
        super().__init__(("127.0.0.1", 0), Handler)
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.taken = defaultdict(list)  # what came under a name, and whether it was answered
        self.bodies = defaultdict(set)
        self.slow = 2
        self.problems = []
        self.moods = defaultdict(int)

    def mood(self):
        with self.lock:
            kinds = ["take"] * 5 + ["fail", "refuse", "redirect", "vanish", "vanish before"]
            mood = self.random.choice(kinds + (["slow"] if self.slow else []))
            if mood == "slow":
                self.slow -= 1
            self.moods[mood] += 1
            return mood


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        receiver = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/notices":
            receiver.problems.append(f"a redirect to {self.path} was followed")
            return self.answer(204)
        try:
            # While secrets are exchanged there is a signature for either.
            for secret in (OLD, NEW):
                Webhook(secret).verify(body, dict(self.headers))
        except Exception as problem:  # whatever it raises, it does not verify
            receiver.problems.append(f"a notice does not verify: {problem!r} {dict(self.headers)}")
        name = self.headers["webhook-id"]
        mood = receiver.mood()
        if mood == "vanish before":
            return self.vanish()
        if mood in ("fail", "refuse", "redirect"):
            return self.answer({"fail": 503, "refuse": 400, "redirect": 307}[mood])
        with receiver.lock:
            if receiver.taken[name] and receiver.taken[name][-1]:
                receiver.problems.append(f"{name} came again although it was answered")
            receiver.taken[name].append(mood == "take")
            receiver.bodies[name].add(body)
        if mood == "slow":
            time.sleep(12)
        return self.vanish() if mood == "vanish" else self.answer(204)

    def answer(self, status):
        self.send_response(status)
        if status == 307:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def vanish(self):
        self.close_connection = True
        self.connection.shutdown(2)

    def log_message(self, *_):
        pass


def tell(service, name, customer):
    """The provider's word that a customer's balance is low; the same content for every name."""
    body = json.dumps({
        "business_id": "bus_1", "type": "credit.balance_low", "timestamp": "2026-11-25T12:00:00Z",
        "data": {"payload_type": "CreditBalanceLow", "customer_id": customer,
                 "subscription_id": "sub_1", "available_balance": "45",
                 "threshold_percent": 10, "threshold_amount": "50"}})
    now = datetime.now(timezone.utc)
    status, answer = service.ask(
        "POST", "/webhooks/dodo", body, webhook_id=name, webhook_timestamp=str(int(now.timestamp())),
        webhook_signature=Webhook(PROVIDER).sign(name, now, body))
    check(status == 200, f"a webhook is answered {status} {answer}")


def waiting(service):
    outbox = json.loads(service.ask("GET", "/v1/outbox")[1])
    return outbox["waiting_notices"], outbox["dead_notices"]


def main(options):
    receiver = Receiver(options.seed)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    store = options.store or f"sqlite:{folder()}/store.db"
    environment = {"RATECARD_NOTIFY_KEY": f"{NEW},{OLD}", "DODO_PAYMENTS_WEBHOOK_KEY": PROVIDER}
    url = f"http://127.0.0.1:{receiver.server_port}/notices"
    services = [
        Service(options.program, ROOT / "pricing", store, "--notify-url", url, log="info",
                environment=environment).start()
        for _ in range(2 if store.startswith("postgres") else 1)]
    try:
        for place in range(options.count):
            for turn in range(2):
                tell(services[place % len(services)], f"msg_{place}_{turn}", f"customer {place}")
        # One that is killed leaves what it held to the others, or to itself.
        services[-1].kill()
        killed = set(receiver.taken)
        services[-1].start()
        end = time.monotonic() + options.seconds
        while waiting(services[0]) != (0, 0) and time.monotonic() < end:
            time.sleep(0.1)
        left = waiting(services[0])
        check(left == (0, 0), f"{left} notices wait and are dead after {options.seconds} s")
        status, _ = services[0].ask("GET", "/v1/outbox/notice_0")
        check(status == 404, f"a notice that is no more is answered {status}")
    finally:
        for service in services:
            service.stop()
    # What the killed process had sent may have been answered when nobody listened any more.
    problems = [text for text in receiver.problems
                if not any(text.startswith(f"{name} came again") for name in killed)]
    check(not problems, "; ".join(problems[:5]))
    check(len(receiver.taken) == options.count,
          f"{len(receiver.taken)} names for {options.count} customers")
    check(all(len(bodies) == 1 for bodies in receiver.bodies.values()), "a body changed")
    told = {json.loads(next(iter(bodies)))["data"]["customer"] for bodies in receiver.bodies.values()}
    check(told == {f"customer {place}" for place in range(options.count)}, "some were not told")
    again = sum(len(answers) > 1 for answers in receiver.taken.values())
    return (f"{options.count} notices by {len(services)} processes, {again} of them taken more than "
            f"once as answers were lost; {dict(sorted(receiver.moods.items()))}")


if __name__ == "__main__":
    found = arguments(__doc__, count={"type": int, "default": 60}, seconds={"type": int, "default": 400})
    run(lambda: main(found))
