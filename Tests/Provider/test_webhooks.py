"""Webhooks: which are sent, what they say, how they are signed, and when they are sent again."""

import base64
import itertools
import json
import unittest
import unittest.mock
from datetime import datetime, timezone

from dodo.signature import BadSignature, key_of, sign, verify
from fixture import SECRET, ProviderTest, Receiver, event, needs, published

try:
    import standardwebhooks
    from standardwebhooks import webhooks as official
except ImportError:
    standardwebhooks = None

NOW = int(datetime(2026, 11, 23, 10, tzinfo=timezone.utc).timestamp())


class DeliveryTest(ProviderTest):
    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        self.addCleanup(self.receiver.stop)
        self.endpoint = self.control("endpoints", url=self.receiver.url, secret=SECRET)["id"]

    def settle(self):
        return self.control("settle")

    def deliveries(self):
        return [
            (item["attempt"], item["at"][11:19], item["status"])
            for item in self.ledger("webhooks")["deliveries"]
        ]


class MessageTests(DeliveryTest):
    def test_a_purchase(self):
        self.subscribed()
        self.settle()
        self.assertEqual(
            self.receiver.types(), ["payment.succeeded", "subscription.active", "credit.added"]
        )
        payment, subscription, credit = (body["data"] for body in self.receiver.bodies())
        self.assertEqual((payment["payload_type"], payment["total_amount"]), ("Payment", 2000))
        self.assertEqual(
            (subscription["payload_type"], subscription["status"]), ("Subscription", "active")
        )
        self.assertEqual(credit["payload_type"], "CreditLedgerEntry")
        self.assertEqual(
            (credit["amount"], credit["is_credit"], credit["balance_after"]), ("500", True, "500")
        )

    def test_a_low_balance_is_told_once_for_each_crossing(self):
        entitlement, _ = self.subscribed("100")
        path = f"/credit-entitlements/{entitlement}/balances/cus_1/ledger-entries"
        low = lambda: [
            body["data"]["available_balance"]
            for body in self.receiver.bodies()
            if "low" in body["type"]
        ]
        for name, cost, expected in (("a", 90, []), ("b", 1, ["9"]), ("c", 1, ["9"])):
            self.ingest(event(name, cost))
            self.advance(minutes=1)
            self.assertEqual(low(), expected)
        self.call("POST", path, {"entry_type": "credit", "amount": "10"}, 201)
        self.call("POST", path, {"entry_type": "debit", "amount": "9"}, 201)
        self.settle()
        self.assertEqual(low(), ["9", "9"])
        found = next(body["data"] for body in self.receiver.bodies() if "low" in body["type"])
        self.assertEqual((found["threshold_percent"], found["threshold_amount"]), (10, "10"))
        self.control("settings", balance_low="every_deduction")
        self.call("POST", path, {"entry_type": "debit", "amount": "1"}, 201)
        self.settle()
        self.assertEqual(low(), ["9", "9", "8"])

    def test_a_late_notice_of_a_low_balance_shows_the_balance_of_now(self):
        for setting, expected in (("delivery", ["5", "105"]), ("event", ["5", "5"])):
            self.control("settings", balance_low_data=setting)
            entitlement, _ = self.subscribed("100", customer=f"cus_{setting}")
            path = f"/credit-entitlements/{entitlement}/balances/cus_{setting}/ledger-entries"
            self.settle()
            self.receiver.messages.clear()
            self.receiver.statuses = [200, 503]
            self.call("POST", path, {"entry_type": "debit", "amount": "95"}, 201)
            self.settle()
            self.call("POST", path, {"entry_type": "credit", "amount": "100"}, 201)
            self.advance(seconds=5)
            low = [body["data"] for body in self.receiver.bodies() if "low" in body["type"]]
            self.assertEqual([data["available_balance"] for data in low], expected)

    def test_a_receiver_may_ask_back_before_it_answers(self):
        entitlement, subscription = self.subscribed()
        self.settle()
        found = []
        self.receiver.before_answering = lambda: found.append(
            self.call("GET", f"/subscriptions/{subscription}/credit-usage")["items"][0]["balance"]
        )
        self.ingest(event("a", 100))
        self.advance(minutes=1)
        self.assertEqual(found, ["400"])

    def test_amounts_as_numbers(self):
        self.control("settings", webhook_amounts="numbers")
        self.subscribed()
        self.settle()
        self.assertEqual(self.receiver.bodies()[2]["data"]["amount"], 500)

    def test_a_renewal_in_either_order(self):
        for order, expected in (
            ("renewed_first", ["payment.succeeded", "subscription.renewed", "credit.added"]),
            ("credits_first", ["payment.succeeded", "credit.added", "subscription.renewed"]),
        ):
            self.control("settings", renewal_order=order)
            _, subscription = self.subscribed(customer=f"cus_{order}")
            self.settle()
            self.receiver.messages.clear()
            self.control(f"subscriptions/{subscription}", action="renew")
            self.settle()
            self.assertEqual(self.receiver.types(), expected)
        renewed = self.receiver.bodies()[2]["data"]
        self.assertIn("payment_id", renewed)

    def test_every_event_of_a_subscription(self):
        _, subscription = self.subscribed()
        self.settle()
        for action, event_name, status in (
            ("past_due", "past_due", "past_due"),
            ("hold", "on_hold", "on_hold"),
            ("pause", "paused", "paused"),
            ("unpause", "unpaused", "active"),
            ("update", "updated", "active"),
            ("cancel", "cancelled", "cancelled"),
            ("fail", "failed", "failed"),
            ("expire", "expired", "expired"),
        ):
            self.receiver.messages.clear()
            self.control(f"subscriptions/{subscription}", action=action)
            self.settle()
            body = self.receiver.bodies()[0]
            self.assertEqual(
                (body["type"], body["data"]["status"]), (f"subscription.{event_name}", status)
            )

    def test_the_data_are_those_of_the_delivery(self):
        self.receiver.statuses = [200, 503, 200]
        _, subscription = self.subscribed()
        self.settle()
        self.control(f"subscriptions/{subscription}", action="cancel")
        self.advance(seconds=5)
        late = [body for body in self.receiver.bodies() if body["type"] == "subscription.active"]
        self.assertEqual([body["data"]["status"] for body in late], ["active", "cancelled"])
        self.assertEqual(late[0]["timestamp"], late[1]["timestamp"])

    def test_a_message_made_up(self):
        self.control("webhooks/send", type="future.thing", data={"payload_type": "Thing"})
        self.settle()
        self.assertEqual(self.receiver.types(), ["future.thing"])

    def test_an_operator_changes_a_balance(self):
        entitlement, _ = self.subscribed()
        self.control(
            "adjust", customer_id="cus_1", credit_entitlement_id=entitlement, amount="-75.5"
        )
        self.settle()
        data = self.receiver.bodies()[-1]["data"]
        self.assertEqual(
            (data["transaction_type"], data["balance_after"]), ("manual_adjustment", "424.5")
        )


class RetryTests(DeliveryTest):
    def send(self, kind="a.thing"):
        self.control("webhooks/send", type=kind, data={})
        self.settle()

    def test_eight_attempts_on_the_published_schedule(self):
        self.receiver.statuses = [500, 404, 301, 400, 503, 500, 500, 500]
        self.send()
        self.advance(days=3)
        self.assertEqual(
            [(attempt, at) for attempt, at, _ in self.deliveries()],
            [
                (1, "10:00:00"), (2, "10:00:05"), (3, "10:05:05"), (4, "10:35:05"), (5, "12:35:05"), (6, "17:35:05"),
                (7, "03:35:05"), (8, "13:35:05"),
            ],
        )  # fmt: skip
        self.assertEqual(len({headers["webhook-id"] for headers, _ in self.receiver.messages}), 1)
        self.assertEqual(
            len({headers["webhook-timestamp"] for headers, _ in self.receiver.messages}), 8
        )

    def test_success_on_the_fourth_attempt_is_the_end(self):
        self.receiver.statuses = [500, 500, 500, 204]
        self.send()
        self.advance(days=3)
        self.assertEqual([status for _, _, status in self.deliveries()], [500, 500, 500, 204])

    def test_nobody_at_home(self):
        self.receiver.stop()
        self.control("endpoints", url="http://127.0.0.1:1/")
        self.send()
        found = self.ledger("webhooks")["deliveries"]
        self.assertTrue(all(item["error"] for item in found))

    def test_dropped_duplicated_delayed(self):
        self.control("webhook-faults", kind="drop", type="credit.*", times=1)
        self.control("webhook-faults", kind="duplicate", type="a.thing", copies=3)
        self.control("webhook-faults", kind="delay", type="b.thing", seconds=90)
        self.send("credit.added")
        self.send("a.thing")
        self.send("b.thing")
        self.send("credit.added")
        self.assertEqual(self.receiver.types(), ["a.thing"] * 3 + ["credit.added"])
        self.assertEqual(len({headers["webhook-id"] for headers, _ in self.receiver.messages}), 2)
        self.advance(seconds=90)
        self.assertEqual(self.receiver.types()[-1], "b.thing")

    def test_every_order_of_three(self):
        for order in itertools.permutations(range(3)):
            self.receiver.messages.clear()
            self.control("webhook-faults", kind="hold", times=3)
            for kind in ("a", "b", "c"):
                self.send(kind)
            self.assertEqual(self.receiver.types(), [])
            self.control("webhooks/release", order=list(order))
            self.settle()
            self.assertEqual(self.receiver.types(), ["abc"[index] for index in order])

    def test_random_delays_reorder_the_same_way_every_time(self):
        orders = []
        for _ in range(2):
            self.control("forget")
            self.control("endpoints", url=self.receiver.url, secret=SECRET)
            self.receiver.messages.clear()
            self.control("webhook-faults", kind="delay", seconds=[0, 3600])
            for number in range(8):
                self.send(str(number))
            self.advance(hours=1)
            orders.append(self.receiver.types())
        self.assertEqual(orders[0], orders[1])
        self.assertNotEqual(orders[0], sorted(orders[0]))

    def test_sent_again_by_hand(self):
        self.send()
        identifier = self.receiver.messages[0][0]["webhook-id"]
        self.control("webhooks/replay", webhook_id=identifier)
        self.settle()
        self.assertEqual(
            [headers["webhook-id"] for headers, _ in self.receiver.messages], [identifier] * 2
        )


class EndpointTests(DeliveryTest):
    def test_the_published_calls(self):
        made = self.call(
            "POST", "/webhooks", {"url": self.receiver.url, "filter_types": ["credit.added"]}, 200
        )
        secret = self.call("GET", f"/webhooks/{made['id']}/secret")["secret"]
        self.assertTrue(key_of(secret))
        listed = self.call("GET", "/webhooks?limit=1")
        self.assertEqual((len(listed["data"]), listed["done"]), (1, False))
        self.assertTrue(
            self.call("GET", f"/webhooks?limit=1&iterator={listed['iterator']}")["done"]
        )
        self.call("DELETE", f"/webhooks/{self.endpoint}")
        self.subscribed()
        self.settle()
        self.assertEqual(self.receiver.types(), ["credit.added"])
        self.call("PATCH", f"/webhooks/{made['id']}", {"disabled": True})
        self.assertTrue(self.call("GET", f"/webhooks/{made['id']}")["disabled"])
        self.call("GET", "/webhooks/ep_none", status=404)
        self.call("POST", "/webhooks", {"url": "x", "filter_types": ["nothing.known"]}, 422)
        body = {"url": "http://127.0.0.1/", "idempotency_key": "k"}
        self.call("POST", "/webhooks", body, 200)
        self.call("POST", "/webhooks", body, 409)

    def test_both_secrets_sign_for_a_day(self):
        old, new = SECRET, self.control(f"endpoints/{self.endpoint}/rotate")["secret"]
        self.control("webhooks/send", type="a", data={})
        self.settle()
        self.advance(hours=24)
        self.control("webhooks/send", type="b", data={})
        self.settle()
        (first, body), (second, later) = self.receiver.messages
        for secret in (old, new):
            verify(secret, first, body, NOW)
        verify(new, second, later, NOW + 86400)
        with self.assertRaises(BadSignature):
            verify(old, second, later, NOW + 86400)


class SignatureTests(DeliveryTest):
    def test_secrets_that_are_none(self):
        for secret in ("", "whsec_", "whsec_!!!!", "whsec_c3Rh!bmQt", "whsec_c3R"):
            with self.assertRaises(BadSignature):
                key_of(secret)

    def test_what_is_sent_can_be_verified(self):
        self.subscribed()
        self.settle()
        for headers, body in self.receiver.messages:
            verify(SECRET, headers, body, NOW)
            with self.assertRaises(BadSignature):
                verify(SECRET, headers, body + b" ", NOW)

    @needs(standardwebhooks, "the package standardwebhooks")
    def test_the_official_package_agrees(self):
        self.subscribed()
        self.settle()
        with frozen(NOW):
            for headers, body in self.receiver.messages:
                standardwebhooks.Webhook(SECRET).verify(body, headers)
        mine = sign(SECRET, "msg_1", NOW, b'{"a":1}')
        theirs = standardwebhooks.Webhook(SECRET).sign(
            "msg_1", datetime.fromtimestamp(NOW, timezone.utc), '{"a":1}'
        )
        self.assertEqual(mine, theirs)

    @needs(published("webhook-vectors.json"), "webhook-vectors.json")
    def test_the_published_vectors(self):
        vectors = json.loads(published("webhook-vectors.json").read_text())
        for setup in vectors["secret_setup"]:
            with self.assertRaises(BadSignature):
                key_of(setup["secret"])
        for vector in vectors["vectors"]:
            if vector["expect"] == "implementation-defined":
                continue
            with self.subTest(vector["name"]):
                body = base64.b64decode(vector["body_base64"])
                arguments = (vector["secret"], vector["headers"], body, vector["now"])
                self.assertEqual(accepts(verify, *arguments), vector["expect"] == "accept")

    @needs(
        standardwebhooks and published("webhook-vectors.json"),
        "webhook-vectors.json or standardwebhooks",
    )
    def test_the_official_package_on_the_published_vectors(self):
        for vector in json.loads(published("webhook-vectors.json").read_text())["vectors"]:
            if vector["expect"] == "implementation-defined" or "not JSON" in vector["name"]:
                continue
            with self.subTest(vector["name"]), frozen(vector["now"]):
                body = base64.b64decode(vector["body_base64"])
                official_verify = standardwebhooks.Webhook(vector["secret"]).verify
                self.assertEqual(
                    accepts(official_verify, body, vector["headers"]), vector["expect"] == "accept"
                )


def accepts(verifier, *arguments):
    """Whether a verifier is content; the official one also raises errors of other kinds."""
    try:
        verifier(*arguments)
    except Exception:  # noqa: BLE001
        return False
    return True


def frozen(seconds):
    """Stops the clock that the official package looks at."""

    class Frozen(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.fromtimestamp(seconds, tz)

    return unittest.mock.patch.object(official, "datetime", Frozen)


if __name__ == "__main__":
    unittest.main()
