#!/usr/bin/env python3
"""Drives the stand-in with the provider's own client, which must understand every answer.

Needs the packages dodopayments 1.123.0 and standardwebhooks 1.1.0; `Scripts/check provider` installs
them beside the build. The client checks answers against its own types here, which it does not
do for its users, and retries nothing.
"""

import json
import pathlib
import subprocess
import sys
from datetime import datetime, timezone

import httpx
from dodopayments import (
    APIStatusError, AuthenticationError, BadRequestError, ConflictError, DodoPayments, InternalServerError,
    NotFoundError, PermissionDeniedError, RateLimitError, UnprocessableEntityError,
)  # fmt: skip
from standardwebhooks import Webhook

from fixture import MONTHLY, PRICE, SECRET, Receiver

PROGRAM = pathlib.Path(__file__).with_name("standin.py")


class Story:
    """A stand-in, the official client for it, and the checks in the order they build on each other."""

    def __init__(self, address, receiver):
        self.address = address
        self.receiver = receiver
        self.client = self.with_key("dodo_test_standin")

    def with_key(self, key):
        return DodoPayments(
            bearer_token=key,
            base_url=self.address,
            max_retries=0,
            timeout=10,
            _strict_response_validation=True,
        )

    def control(self, name, **fields):
        return httpx.post(f"{self.address}/__control/{name}", json=fields).raise_for_status().json()

    def refused(self, kind, call, *arguments, **fields):
        """The error that a call of the client raises."""
        try:
            call(*arguments, **fields)
        except kind as error:
            assert set(error.body) == {"code", "message"}, error.body
            return error
        raise AssertionError(f"{kind.__name__} was not raised")

    # What is set up at the provider

    def check_meters(self):
        self.meter = self.client.meters.create(
            name="ai.request",
            event_name="ai.request",
            aggregation={"type": "sum", "key": "credit_cost"},
            measurement_unit="credits",
        )
        assert self.client.meters.retrieve(self.meter.id) == self.meter
        assert [meter.id for meter in self.client.meters.list(page_number=0).items] == [
            self.meter.id
        ]
        other = self.client.meters.create(
            name="long",
            event_name="ai.request",
            aggregation={"type": "count"},
            measurement_unit="requests",
            filter={
                "conjunction": "and",
                "clauses": [{"key": "model", "operator": "equals", "value": "o1"}],
            },
        )
        self.client.meters.archive(other.id)
        assert len(self.client.meters.list(page_number=0, archived=True).items) == 1
        self.client.meters.unarchive(other.id)
        self.refused(UnprocessableEntityError, self.client.meters.create, name="x", event_name="x",
                     aggregation={"type": "sum"}, measurement_unit="x")  # fmt: skip

    def check_entitlements(self):
        entitlements = self.client.credit_entitlements
        self.entitlement = entitlements.create(
            name="Premium Requests",
            precision=0,
            unit="Premium Requests",
            expires_after_days=30,
            rollover_enabled=False,
            overage_enabled=True,
            price_per_unit="0.04",
            currency="USD",
            overage_behavior="invoice_at_billing",
        )
        entitlements.update(self.entitlement.id, description="what a plan brings")
        assert entitlements.retrieve(self.entitlement.id).description == "what a plan brings"
        assert entitlements.list(page_number=0).items[0].id == self.entitlement.id

    def check_products(self):
        products = self.client.products
        self.product = products.create(
            name="Pro",
            tax_category="saas",
            price={
                "type": "usage_based_price",
                "fixed_price": 2000,
                **PRICE,
                **MONTHLY,
                "meters": [
                    {
                        "meter_id": self.meter.id,
                        "credit_entitlement_id": self.entitlement.id,
                        "meter_units_per_credit": "1",
                    }
                ],
            },
            credit_entitlements=[
                {
                    "credit_entitlement_id": self.entitlement.id,
                    "credits_amount": "500",
                    "low_balance_threshold_percent": 10,
                }
            ],
        )
        self.pack = products.create(
            name="100 more",
            tax_category="saas",
            price={"type": "one_time_price", "price": 400, **PRICE},
            credit_entitlements=[
                {"credit_entitlement_id": self.entitlement.id, "credits_amount": "100"}
            ],
        )
        products.update(self.product.product_id, name="Pro plan")
        assert products.retrieve(self.product.product_id).name == "Pro plan"
        assert len(products.list(page_number=0).items) == 2

    def check_webhook_endpoints(self):
        made = self.client.webhooks.create(url=self.receiver.url, filter_types=["credit.added"])
        assert self.client.webhooks.retrieve_secret(made.id).secret.startswith("whsec_")
        assert self.client.webhooks.retrieve(made.id).url == self.receiver.url
        assert [webhook.id for webhook in self.client.webhooks.list().data] == [made.id]
        self.client.webhooks.update(made.id, disabled=True)
        self.client.webhooks.delete(made.id)
        self.refused(NotFoundError, self.client.webhooks.retrieve, made.id)
        self.control("endpoints", url=self.receiver.url, secret=SECRET)

    # A sale and what follows

    def check_checkout(self):
        session = self.client.checkout_sessions.create(
            product_cart=[{"product_id": self.product.product_id, "quantity": 1}],
            customer={"email": "developer@example.com"},
            return_url="https://yourapp.com/dashboard",
            metadata={"customer": "u_1"},
        )
        bought = self.control(f"checkouts/{session.session_id}/complete")
        self.customer_id, self.subscription_id = (
            bought["customer_id"],
            bought["subscription_ids"][0],
        )
        assert (
            self.client.checkout_sessions.retrieve(session.session_id).payment_status == "succeeded"
        )
        self.refused(
            UnprocessableEntityError, self.client.checkout_sessions.create, product_cart=[]
        )

    def check_customers(self):
        made = self.client.customers.create(email="other@example.com", name="Other")
        assert self.client.customers.retrieve(made.customer_id).email == "other@example.com"
        self.client.customers.update(made.customer_id, name="Another")
        found = self.client.customers.list(page_number=0, email="developer@example.com").items
        assert [customer.customer_id for customer in found] == [self.customer_id]

    def check_subscriptions(self):
        found = self.client.subscriptions.retrieve(self.subscription_id)
        assert found.status == "active" and found.metadata == {"customer": "u_1"}
        assert found.credit_entitlement_cart[0].remaining_balance == "500"
        listed = self.client.subscriptions.list(page_number=0, customer_id=self.customer_id).items
        assert [item.subscription_id for item in listed] == [self.subscription_id]
        self.client.subscriptions.update(self.subscription_id, metadata={"customer": "u_2"})

    def check_usage(self):
        events = [
            {
                "event_id": f"req_{number:03}",
                "customer_id": self.customer_id,
                "event_name": "ai.request",
                "metadata": {"request_type": "agent", "model": "o1", "credit_cost": 25},
            }
            for number in range(25)
        ]
        assert self.client.usage_events.ingest(events=events).ingested_count == 25
        assert self.client.usage_events.ingest(events=events).ingested_count == 0
        self.refused(BadRequestError, self.client.usage_events.ingest, events=events[:1] * 2)
        stranger = {**events[0], "event_id": "req_x", "customer_id": "cus_none"}
        self.refused(BadRequestError, self.client.usage_events.ingest, events=[stranger])
        self.refused(UnprocessableEntityError, self.client.usage_events.ingest, events=[])
        assert self.client.usage_events.retrieve("req_007").metadata["credit_cost"] == 25
        self.refused(NotFoundError, self.client.usage_events.retrieve, "req_x")

    def check_pages(self):
        """By hand: the client's own walk asks for the pages 0, 2, 3 and so leaves one out."""
        names = []
        for number in range(3):
            page = self.client.usage_events.list(
                page_number=number, page_size=10, meter_id=self.meter.id
            )
            names += [event.event_id for event in page.items]
        assert names == [f"req_{number:03}" for number in range(25)], names

    def check_credits(self):
        """25 events of 25: 500 from the plan, 125 as overage."""
        self.control("clock", advance_seconds=60)
        used = self.client.subscriptions.retrieve_credit_usage(self.subscription_id).items[0]
        assert (used.balance, used.overage, used.limit_reached) == ("0", "125", False), used
        balances = self.client.credit_entitlements.balances
        where = {"credit_entitlement_id": self.entitlement.id}
        assert balances.retrieve(self.customer_id, **where).overage == "125"
        assert len(balances.list(self.entitlement.id, page_number=0).items) == 1
        self.control("subscribe", customer_id=self.customer_id, product_id=self.pack.product_id)
        entry = balances.create_ledger_entry(
            self.customer_id,
            **where,
            entry_type="debit",
            amount="1.5",
            idempotency_key="k1",
            reason="late usage",
        )
        assert (entry.balance_before, entry.balance_after) == ("100", "98.5"), entry
        self.refused(ConflictError, balances.create_ledger_entry, self.customer_id, **where, entry_type="debit",
                     amount="1.5", idempotency_key="k1")  # fmt: skip
        self.refused(BadRequestError, balances.create_ledger_entry, self.customer_id, **where, entry_type="debit",
                     amount="99")  # fmt: skip
        kinds = [
            item.transaction_type
            for item in balances.list_ledger(self.customer_id, **where, page_number=0).items
        ]
        assert kinds == [
            "credit_added",
            "credit_deducted",
            "overage_charged",
            "credit_added",
            "manual_adjustment",
        ], kinds
        assert (
            len(
                balances.list_grants(
                    self.customer_id, **where, page_number=0, status="active"
                ).items
            )
            == 1
        )
        assert (
            self.client.customers.list_credit_entitlements(self.customer_id).items[0].balance
            == "98.5"
        )

    def check_subscription_states(self):
        self.client.subscriptions.update(self.subscription_id, status="paused")
        self.client.subscriptions.update(self.subscription_id, status="active")
        self.control(f"subscriptions/{self.subscription_id}", action="renew")
        changed = self.client.subscriptions.update(
            self.subscription_id, cancel_at_next_billing_date=True
        )
        assert changed.cancel_at_next_billing_date
        self.refused(
            UnprocessableEntityError, self.client.subscriptions.change_plan, self.subscription_id,
            product_id=self.product.product_id, quantity=1, proration_billing_mode="prorated_immediately",
        )  # fmt: skip

    def check_webhooks(self):
        """Every message passes both official packages and becomes a type of the client's."""
        self.control("settle")
        types = set(self.receiver.types())
        wanted = {
            "payment.succeeded", "subscription.active", "subscription.updated", "subscription.paused",
            "subscription.unpaused", "subscription.renewed", "credit.added", "credit.deducted",
            "credit.overage_charged", "credit.overage_reset", "credit.balance_low", "credit.manual_adjustment",
        }  # fmt: skip
        assert types == wanted, types ^ wanted
        for headers, body in self.receiver.messages:
            Webhook(SECRET).verify(body, headers)
            event = self.client.webhooks.unwrap(body.decode(), headers=headers, key=SECRET)
            assert event.type == json.loads(body)["type"]
            # The union of all webhooks takes anything; its members, built strictly, do not.
            type(event).model_validate(json.loads(body), strict=False)

    def check_errors(self):
        self.refused(AuthenticationError, self.with_key("wrong").meters.list, page_number=0)
        self.refused(
            PermissionDeniedError,
            self.with_key("dodo_test_readonly").customers.create,
            email="a@b",
            name="a",
        )
        self.control("faults", kind="status", status=503, times=1)
        self.refused(InternalServerError, self.client.meters.list, page_number=0)
        self.refused(APIStatusError, self.client.products.retrieve, "pdt_none")
        self.control("settings", requests_per_second=1)
        self.control("clock", advance_seconds=1)
        self.client.meters.list(page_number=0)
        error = self.refused(RateLimitError, self.client.meters.list, page_number=0)
        assert error.response.headers["X-RateLimit-Remaining"] == "0"

    def run(self):
        """Every check in turn; the number of those that failed."""
        checks = [name for name in Story.__dict__ if name.startswith("check_")]
        failed = 0
        for name in checks:
            try:
                getattr(self, name)()
                print(f"ok      {name.removeprefix('check_')}")
            except Exception as error:  # noqa: BLE001 - the other checks are to run all the same
                failed += 1
                print(f"FAILED  {name.removeprefix('check_')}: {type(error).__name__}: {error}")
                if error.__cause__ is not None:
                    print(f"        {error.__cause__}")
        print(f"{len(checks) - failed} passed, {failed} failed")
        return failed


def main():
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    process = subprocess.Popen(
        [sys.executable, PROGRAM, "--now", now], stdout=subprocess.PIPE, text=True
    )
    receiver = Receiver()
    try:
        story = Story(process.stdout.readline().strip(), receiver)
        story.control("settings", requests_per_second=None, requests_per_minute=None)
        return 1 if story.run() else 0
    finally:
        receiver.stop()
        process.terminate()
        process.wait(10)


if __name__ == "__main__":
    sys.exit(main())
