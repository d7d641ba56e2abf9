"""What the stand-in's own tests share: a running stand-in, a client, and a receiver of webhooks."""

import http.client
import json
import pathlib
import sys
import threading
import unittest
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from dodo.server import Server
from dodo.world import World

SECRET = "whsec_c3RhbmQtaW4gc2VjcmV0IGZvciB0ZXN0cw=="


def published(name):
    """A file of the published facts, if some folder above the project has them beside it."""
    for folder in pathlib.Path(__file__).resolve().parents:
        found = folder / "shared" / "reference" / name
        if found.is_file():
            return found
    return None


def needs(there, what):
    """Leaves a test out where something is not at hand, and says so even to those who ask for little."""
    if not there:
        print(f"skipped: {what} is not at hand", file=sys.stderr)
    return unittest.skipUnless(there, f"{what} is not at hand")


class Receiver:
    """An endpoint for webhooks; answers with the statuses it is given, then with 200."""

    def __init__(self):
        self.messages = []
        self.statuses = []
        self.before_answering = lambda: None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.messages.append((dict(self.headers.items()), body))
                receiver.before_answering()
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhooks/dodo"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def bodies(self):
        return [json.loads(body, parse_float=Decimal) for _, body in self.messages]

    def types(self):
        return [body["type"] for body in self.bodies()]

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


class ProviderTest(unittest.TestCase):
    """A test against a stand-in that knows nothing yet; its clock stands at 2026-11-23T10:00:00Z."""

    @classmethod
    def setUpClass(cls):
        cls.server = Server(World(seed=1))
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def setUp(self):
        self.control("forget")
        self.control("settings", requests_per_second=None, requests_per_minute=None)

    # Calls

    def exchange(self, method, path, body=None, key="dodo_test_standin", headers=None, timeout=5):
        """One request: the status, the raw body and the headers of its answer."""
        connection = http.client.HTTPConnection(*self.server.server_address, timeout=timeout)
        sent = {"Authorization": f"Bearer {key}", **(headers or {})} if key else dict(headers or {})
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        try:
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            return response.status, response.read(), response.headers
        finally:
            connection.close()

    def call(self, method, path, body=None, status=None, **options):
        """One request that is answered with a status: the body of the answer."""
        found, content, _ = self.exchange(method, path, body, **options)
        answer = json.loads(content, parse_float=Decimal) if content else None
        if status is None:
            self.assertIn(found, (200, 201, 204), answer)
        else:
            self.assertEqual(found, status, answer)
            if status >= 400:
                self.assertEqual(set(answer), {"code", "message"})
        return answer

    def control(self, name, **fields):
        return self.call("POST", f"/__control/{name}", fields, key=None)

    def look(self, name):
        return self.call("GET", f"/__control/{name}", key=None)

    def ledger(self, part):
        return self.look(f"ledger?parts={part}")[part]

    def advance(self, **span):
        seconds = sum(span.get(unit, 0) * size for unit, size in SPANS.items())
        return self.control("clock", advance_seconds=seconds)["now"]

    # Things to sell and to bill

    def customer(self, identifier="cus_1"):
        self.control("customers", customer_id=identifier, email=f"{identifier}@example.com")
        return identifier

    def meter(self, **fields):
        body = {
            "name": "requests",
            "event_name": "ai.request",
            "aggregation": {"type": "sum", "key": "credit_cost"},
            "measurement_unit": "credits",
            **fields,
        }
        return self.call("POST", "/meters", body, 201)["id"]

    def entitlement(self, **fields):
        body = {
            "name": "Premium Requests",
            "precision": 0,
            "unit": "requests",
            "rollover_enabled": False,
            "overage_enabled": False,
            **fields,
        }
        return self.call("POST", "/credit-entitlements", body, 201)["id"]

    def plan(self, entitlement, meter, credits="500", meter_fields=None, **attached):
        """A product billed by use: so many credits a month, and the meter that spends them."""
        link = {
            "meter_id": meter,
            "credit_entitlement_id": entitlement,
            "meter_units_per_credit": "1",
        }
        body = {
            "name": "Pro",
            "tax_category": "saas",
            "price": {
                "type": "usage_based_price",
                "fixed_price": 2000,
                **PRICE,
                **MONTHLY,
                "meters": [{**link, **(meter_fields or {})}],
            },
            "credit_entitlements": [
                {
                    "credit_entitlement_id": entitlement,
                    "credits_amount": credits,
                    "low_balance_threshold_percent": 10,
                    **attached,
                }
            ],
        }
        return self.call("POST", "/products", body, 200)["product_id"]

    def subscribed(self, credits="500", customer="cus_1", entitlement=None, meter=None, **attached):
        """A customer with a plan: the ids of the entitlement and of the subscription."""
        entitlement = entitlement or self.entitlement()
        product = self.plan(entitlement, meter or self.meter(), credits, **attached)
        self.customer(customer)
        bought = self.control("subscribe", customer_id=customer, product_id=product)
        return entitlement, bought["subscription_ids"][0]

    def ingest(self, *events, status=200):
        return self.call("POST", "/events/ingest", batch(*events), status)

    def balance(self, entitlement, customer="cus_1"):
        found = self.call("GET", f"/credit-entitlements/{entitlement}/balances/{customer}")
        return found["balance"], found["overage"]


SPANS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
PRICE = {"currency": "USD", "discount": 0, "purchasing_power_parity": False}
MONTHLY = {
    "payment_frequency_count": 1,
    "payment_frequency_interval": "Month",
    "subscription_period_count": 20,
    "subscription_period_interval": "Year",
}


def event(identifier="req_1", cost=1, **fields):
    """A usage event; `cost` may be the text of a number, which is sent as it is written."""
    metadata = fields.pop("metadata", {"credit_cost": cost})
    return {
        "event_id": identifier,
        "customer_id": "cus_1",
        "event_name": "ai.request",
        "metadata": metadata,
        **fields,
    }


def batch(*events):
    return {"events": list(events)}
