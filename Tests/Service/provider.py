"""The stand-in for the billing provider, and a clock that it shares with the services beside it.

Not a check of its own.
"""
import http.client
import json
import os
import signal
import struct
import subprocess
import time
from contextlib import closing, contextmanager
from datetime import datetime, timezone
from decimal import Decimal
from pathlib import Path

from service import ROOT, check, folder

KEY = "dodo_test_standin"
SECRET = "whsec_Y2hlY2tzIG9mIHRoZSBzZXJ2aWNl"


class Provider:
    """A stand-in in a process of its own. Its clock runs, and can be moved on."""

    def __init__(self, seed):
        now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.process = subprocess.Popen(
            ["python3", "-B", ROOT / "Tests/Provider/standin.py", "--seed", str(seed), "--now", now,
             "--follow"], stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        check(self.url, "the stand-in does not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    @property
    def environment(self):
        """What a service finds it by."""
        return {"DODO_PAYMENTS_API_KEY": KEY, "DODO_PAYMENTS_BASE_URL": self.url,
                "DODO_PAYMENTS_WEBHOOK_KEY": SECRET}

    def ask(self, method, path, body=None):
        with closing(http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=60)) as line:
            line.request(method, path, None if body is None else json.dumps(body),
                         {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
            response = line.getresponse()
            content = response.read()
        check(response.status < 300, f"the stand-in answers {path} with {response.status} {content}")
        return json.loads(content, parse_float=Decimal) if content else None

    def control(self, name, method="POST", **fields):
        """One of the calls that only the stand-in knows."""
        return self.ask(method, f"/__control/{name}", None if method == "GET" else fields)

    def ledger(self, part):
        return self.control(f"ledger?parts={part}", "GET")[part]

    def sell(self, credits, customers, decimals=8, **attached):
        """Sells customers so many credits, which `ai.request` uses up; the ids of credits and product."""
        meter = self.ask("POST", "/meters", {
            "name": "requests", "event_name": "ai.request", "measurement_unit": "credits",
            "aggregation": {"type": "sum", "key": "credit_cost"}})["id"]
        entitlement = self.ask("POST", "/credit-entitlements", {
            "name": "Credits", "precision": decimals, "unit": "credits", "rollover_enabled": False,
            "overage_enabled": False})["id"]
        product = self.ask("POST", "/products", {
            "name": "Pro", "tax_category": "saas",
            "price": {
                "type": "usage_based_price", "fixed_price": 2000, "currency": "USD", "discount": 0,
                "purchasing_power_parity": False, "payment_frequency_count": 1,
                "payment_frequency_interval": "Month", "subscription_period_count": 20,
                "subscription_period_interval": "Year",
                "meters": [{"meter_id": meter, "credit_entitlement_id": entitlement,
                            "meter_units_per_credit": "1"}]},
            "credit_entitlements": [{
                "credit_entitlement_id": entitlement, "credits_amount": str(credits), **attached}]})
        for customer in customers:
            self.add_customer(customer)
            self.control("subscribe", customer_id=customer, product_id=product["product_id"])
        return entitlement, product["product_id"]

    def add_customer(self, customer):
        name = customer.replace(" ", "_")
        self.control("customers", customer_id=customer, email=f"{name}@example.com")


class Clock:
    """The time of a provider and of services, which `jump` moves on for all of them at once."""

    def __init__(self, provider):
        place = Path(folder())
        self._provider, self._file, library = provider, place / "offset", place / "clock.so"
        self._offset = 0
        self._write("wb")
        subprocess.run(
            ["cc", "-O1", "-shared", "-fPIC", "-o", library, ROOT / "Tests/Service/clock.c"],
            check=True)
        self.environment = {"LD_PRELOAD": str(library), "CLOCK_OFFSET": str(self._file)}

    def _write(self, mode):
        # In place: processes have the file mapped.
        with open(self._file, mode) as file:
            file.write(struct.pack("=q", self._offset))

    def jump(self, seconds, services):
        """Nothing is on its way while the clocks differ."""
        with held(services):
            self._offset += seconds
            self._write("r+b")
            self._provider.control("clock", advance_seconds=seconds)


@contextmanager
def held(services):
    """Services that stand still."""
    running = [service.process for service in services if service.process.poll() is None]
    for process in running:
        os.kill(process.pid, signal.SIGSTOP)
    # What they have sent is read by then.
    time.sleep(0.02)
    try:
        yield
    finally:
        for process in running:
            os.kill(process.pid, signal.SIGCONT)
