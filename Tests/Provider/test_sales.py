"""Products, checkouts, customers and what becomes of a subscription."""

import unittest

from fixture import MONTHLY, PRICE, ProviderTest, event


class ProductTests(ProviderTest):
    def product(self, status=200, price=None, **fields):
        price = {"type": "recurring_price", "price": 2000, **PRICE, **MONTHLY, **(price or {})}
        body = {"name": "p", "tax_category": "saas", "price": price, **fields}
        return self.call("POST", "/products", body, status)

    def test_only_a_usage_based_price_has_meters(self):
        self.product()
        self.product(422, price={"meters": []})
        self.product(422, price={"type": "usage_based_price"})
        self.product(422, price={"type": "free"})
        self.product(422, price={"price": 20.5})

    def test_what_a_meter_of_a_price_needs(self):
        meter, entitlement = self.meter(), self.entitlement()
        cases = [
            (
                {
                    "meter_id": meter,
                    "credit_entitlement_id": entitlement,
                    "meter_units_per_credit": "1",
                },
                200,
            ),
            ({"meter_id": meter, "credit_entitlement_id": entitlement}, 422),
            (
                {
                    "meter_id": meter,
                    "credit_entitlement_id": entitlement,
                    "meter_units_per_credit": "0",
                },
                422,
            ),
            (
                {
                    "meter_id": meter,
                    "credit_entitlement_id": entitlement,
                    "meter_units_per_credit": 1,
                },
                422,
            ),
            (
                {
                    "meter_id": meter,
                    "credit_entitlement_id": "cde_none",
                    "meter_units_per_credit": "1",
                },
                404,
            ),
            ({"meter_id": "mtr_none", "price_per_unit": "1"}, 422),
            ({"meter_id": meter, "meter_units_per_credit": "1"}, 422),
            ({"meter_id": meter}, 422),
            ({"meter_id": meter, "price_per_unit": "0"}, 422),
            ({"meter_id": meter, "price_per_unit": "99999.123456789012"}, 200),
            ({"meter_id": meter, "price_per_unit": "100000"}, 422),
            ({"meter_id": meter, "price_per_unit": "0.1234567890123"}, 422),
        ]
        price = {"type": "usage_based_price", "fixed_price": 2000, **PRICE, **MONTHLY}
        for link, status in cases:
            with self.subTest(link):
                body = {"name": "p", "tax_category": "saas", "price": {**price, "meters": [link]}}
                self.call("POST", "/products", body, status)
        self.call("DELETE", f"/meters/{meter}")
        body = {"name": "p", "tax_category": "saas", "price": {**price, "meters": [cases[0][0]]}}
        self.assertEqual(self.call("POST", "/products", body, 422)["code"], "METER_IS_DELETED")

    def test_attached_credits(self):
        ids = [self.entitlement() for _ in range(6)]
        attach = lambda identifier, **fields: {
            "credit_entitlement_id": identifier,
            "credits_amount": "5",
            **fields,
        }
        self.product(credit_entitlements=[attach(identifier) for identifier in ids[:5]])
        self.product(422, credit_entitlements=[attach(identifier) for identifier in ids])
        self.product(422, credit_entitlements=[attach(ids[0]), attach(ids[0])])
        self.product(422, credit_entitlements=[attach(ids[0], credits_amount=5)])
        self.product(422, credit_entitlements=[attach(ids[0], low_balance_threshold_percent=101)])
        self.product(422, credit_entitlements=[attach(ids[0], overage_enabled=True)])
        self.product(404, credit_entitlements=[attach("cde_none")])

    def test_a_product_says_differently_from_its_entitlement(self):
        entitlement = self.entitlement(expires_after_days=30)
        attached = {
            "credit_entitlement_id": entitlement,
            "credits_amount": "5",
            "expires_after_days": 7,
        }
        made = self.product(credit_entitlements=[attached])
        self.assertEqual(made["credit_entitlements"][0]["expires_after_days"], 7)
        path = f"/products/{made['product_id']}"
        self.call(
            "PATCH",
            path,
            {"name": "other", "credit_entitlements": [{**attached, "credits_amount": "6"}]},
        )
        found = self.call("GET", path)
        self.assertEqual(
            (found["name"], found["credit_entitlements"][0]["credits_amount"]), ("other", "6")
        )
        self.call("PATCH", path, {"price": {"type": "one_time_price", "price": 1, **PRICE}}, 422)
        self.call("DELETE", path)
        self.call("DELETE", path, status=410)
        self.assertEqual(self.call("GET", "/products")["items"], [])
        self.call("POST", f"{path}/unarchive")
        self.assertEqual(self.call("GET", "/products?recurring=true")["items"][0]["price"], 2000)


class CheckoutTests(ProviderTest):
    def setUp(self):
        super().setUp()
        self.entitlement_id = self.entitlement()
        self.product = self.plan(self.entitlement_id, self.meter())

    def checkout(self, status=200, quantity=1, item=None, **fields):
        body = {
            "product_cart": [{"product_id": self.product, "quantity": quantity, **(item or {})}],
            "customer": {"email": "developer@example.com"},
            **fields,
        }
        return self.call("POST", "/checkouts", body, status)

    def test_nothing_keeps_two_sessions_from_being_made(self):
        first, second = self.checkout(), self.checkout()
        self.assertNotEqual(first["session_id"], second["session_id"])
        self.assertEqual(
            first["checkout_url"],
            f"https://test.checkout.dodopayments.com/session/{first['session_id']}",
        )
        self.assertEqual(len(self.ledger("checkouts")), 2)

    def test_what_a_session_needs(self):
        self.assertEqual(self.checkout(422, product_cart=[])["code"], "PRODUCT_CART_EMPTY")
        self.assertEqual(self.checkout(422, quantity=2)["code"], "INVALID_QUANTITY")
        addons = {"addons": [{"addon_id": "a", "quantity": 1}]}
        self.assertEqual(
            self.checkout(422, item=addons)["code"], "ADDONS_IN_USAGE_BASED_BILLING_NOT_SUPPORTED"
        )
        self.checkout(422, item={"product_id": "pdt_none"})
        self.checkout(422, customer={"customer_id": "cus_none"})
        self.checkout(422, customer={"email": "nobody"})
        self.checkout(422, customer={"name": "nobody"})
        self.checkout(422, metadata={"k" * 41: "v"})
        self.checkout(422, metadata={"k": "v" * 501})
        self.checkout(422, billing_address={"city": "Berlin"})
        self.checkout(422, subscription_data={"trial_period_days": 10001})
        self.checkout(422, product_cart=[{"product_id": self.product, "quantity": 1}] * 21)

    def test_paying_brings_customer_subscription_and_credits(self):
        session = self.checkout(metadata={"customer": "u_1"})["session_id"]
        self.assertIsNone(self.call("GET", f"/checkouts/{session}")["payment_status"])
        bought = self.control(f"checkouts/{session}/complete")
        self.assertEqual(self.call("GET", f"/checkouts/{session}")["payment_status"], "succeeded")
        customer = self.call("GET", "/customers?email=developer@example.com")["items"][0][
            "customer_id"
        ]
        self.assertEqual(bought["customer_id"], customer)
        found = self.call("GET", f"/subscriptions/{bought['subscription_ids'][0]}")
        self.assertEqual((found["status"], found["metadata"]), ("active", {"customer": "u_1"}))
        self.assertEqual(found["credit_entitlement_cart"][0]["remaining_balance"], "500")
        self.assertEqual(found["meter_credit_entitlement_cart"][0]["meter_units_per_credit"], "1")
        self.assertEqual(self.balance(self.entitlement_id, customer), ("500", "0"))
        listed = self.call("GET", f"/customers/{customer}/credit-entitlements")["items"]
        self.assertEqual(listed[0]["balance"], "500")
        again = self.call("POST", f"/__control/checkouts/{session}/complete", {}, 409, key=None)
        self.assertEqual(again["code"], "CHECKOUT_SESSION_CONSUMED")

    def test_the_same_address_is_the_same_customer_unless_asked_otherwise(self):
        pay = lambda **fields: self.control(
            f"checkouts/{self.checkout(**fields)['session_id']}/complete"
        )["customer_id"]
        first = pay()
        self.assertEqual(pay(), first)
        self.assertNotEqual(pay(feature_flags={"always_create_new_customer": True}), first)
        body = {"email": "developer@example.com", "name": "D"}
        made = [self.call("POST", "/customers", body, 200)["customer_id"] for _ in range(2)]
        self.assertNotEqual(*made)
        self.call("PATCH", f"/customers/{made[0]}", {"name": "E"})
        self.assertEqual(self.call("GET", f"/customers/{made[0]}")["name"], "E")

    def test_a_session_ends_after_a_day_or_a_quarter_of_an_hour(self):
        long, short = self.checkout()["session_id"], self.checkout(confirm=True)["session_id"]
        self.advance(minutes=15)
        self.call("POST", f"/__control/checkouts/{short}/complete", {}, 409, key=None)
        self.advance(hours=23)
        self.control(f"checkouts/{long}/complete")

    def test_a_failed_payment_leaves_the_session_open(self):
        session = self.checkout()["session_id"]
        self.assertEqual(
            self.control(f"checkouts/{session}/complete", outcome="failed")["subscription_ids"], []
        )
        self.assertEqual(self.call("GET", f"/checkouts/{session}")["payment_status"], "failed")
        self.assertEqual(len(self.control(f"checkouts/{session}/complete")["subscription_ids"]), 1)

    def test_other_credits_for_one_session(self):
        other = {"credit_entitlement_id": self.entitlement_id, "credits_amount": "7"}
        session = self.checkout(item={"credit_entitlements": [other]})["session_id"]
        bought = self.control(f"checkouts/{session}/complete")
        self.assertEqual(self.balance(self.entitlement_id, bought["customer_id"])[0], "7")
        self.checkout(422, item={"credit_entitlements": [{**other, "credits_amount": "0"}]})
        self.checkout(
            422,
            item={"credit_entitlements": [{**other, "credit_entitlement_id": self.entitlement()}]},
        )

    def test_a_top_up(self):
        body = {
            "name": "500 more",
            "tax_category": "saas",
            "price": {"type": "one_time_price", "price": 1900, **PRICE},
            "credit_entitlements": [
                {
                    "credit_entitlement_id": self.entitlement_id,
                    "credits_amount": "500",
                    "expires_after_days": 365,
                }
            ],
        }
        pack = self.call("POST", "/products", body, 200)["product_id"]
        self.customer()
        self.control("subscribe", customer_id="cus_1", product_id=pack, quantity=2)
        self.assertEqual(self.balance(self.entitlement_id), ("1000", "0"))
        self.assertEqual(self.call("GET", "/subscriptions")["items"], [])


class SubscriptionTests(ProviderTest):
    def status(self, subscription):
        return self.call("GET", f"/subscriptions/{subscription}")["status"]

    def patch(self, subscription, expected=200, **fields):
        return self.call("PATCH", f"/subscriptions/{subscription}", fields, expected)

    def test_a_period_of_one_month_ends_the_subscription(self):
        entitlement, meter = self.entitlement(), self.meter()
        product = self.plan(entitlement, meter)
        found = self.call("GET", f"/products/{product}")["price"]
        short = {**found, "subscription_period_count": 1, "subscription_period_interval": "Month"}
        self.call("PATCH", f"/products/{product}", {"price": short})
        self.customer()
        subscription = self.control("subscribe", customer_id="cus_1", product_id=product)[
            "subscription_ids"
        ][0]
        self.advance(days=31)
        self.assertEqual(self.status(subscription), "expired")
        self.assertEqual(self.balance(entitlement)[0], "500")

    def test_cancelling_at_the_end_of_the_period(self):
        entitlement, subscription = self.subscribed()
        self.patch(subscription, cancel_at_next_billing_date=True)
        self.advance(days=29)
        self.assertEqual(self.status(subscription), "active")
        self.advance(days=2)
        self.assertEqual(self.status(subscription), "cancelled")
        self.assertEqual(self.balance(entitlement)[0], "500")

    def test_pausing_stands_alone(self):
        _, subscription = self.subscribed()
        self.patch(subscription, 422, status="paused", metadata={})
        self.patch(subscription, 422, status="active")
        self.patch(subscription, 422, status="failed")
        self.assertIsNotNone(self.patch(subscription, status="paused")["paused_at"])
        self.assertEqual(self.patch(subscription, status="active")["status"], "active")
        self.assertEqual(self.patch(subscription, status="cancelled")["status"], "cancelled")

    def test_another_billing_date(self):
        entitlement, subscription = self.subscribed()
        self.patch(subscription, next_billing_date="2026-11-25T10:00:00Z")
        self.patch(subscription, 422, next_billing_date="2026-11-22T10:00:00Z")
        self.advance(days=3)
        self.assertEqual(self.balance(entitlement)[0], "1000")
        self.advance(days=28)
        self.assertEqual(self.balance(entitlement)[0], "1000")
        self.advance(days=1)
        self.assertEqual(self.balance(entitlement)[0], "1500")

    def test_changing_the_plan(self):
        entitlement, subscription = self.subscribed()
        bigger = self.plan(entitlement, self.meter(), "5000", proration_behavior="no_prorate")
        body = {
            "product_id": bigger,
            "quantity": 1,
            "proration_billing_mode": "prorated_immediately",
        }
        path = f"/subscriptions/{subscription}/change-plan"
        self.assertEqual(self.call("POST", path, body, 422)["code"], "UNSUPPORTED_ACTION")
        self.control("settings", change_usage_based_plan="allow")
        self.call("POST", path, body)
        self.assertEqual(self.call("GET", f"/subscriptions/{subscription}")["product_id"], bigger)
        self.assertEqual(self.balance(entitlement)[0], "5500")
        self.control(f"subscriptions/{subscription}", action="hold")
        self.assertEqual(self.call("POST", path, body, 422)["code"], "SUBSCRIPTION_INACTIVE")

    def test_a_plan_changed_in_the_middle_brings_half_its_credits(self):
        entitlement, subscription = self.subscribed()
        bigger = self.plan(entitlement, self.meter(), "5000")
        self.advance(days=15)
        self.control(f"subscriptions/{subscription}", action="change_plan", product_id=bigger)
        self.assertEqual(self.balance(entitlement)[0], "3000")

    def test_a_trial(self):
        entitlement = self.entitlement()
        product = self.plan(
            entitlement, self.meter(), trial_credits="20", trial_credits_expire_after_trial=True
        )
        self.customer()
        body = {
            "product_cart": [{"product_id": product, "quantity": 1}],
            "customer": {"customer_id": "cus_1"},
            "subscription_data": {"trial_period_days": 7},
        }
        session = self.call("POST", "/checkouts", body, 200)["session_id"]
        self.control(f"checkouts/{session}/complete")
        self.assertEqual(self.balance(entitlement)[0], "20")
        self.advance(days=7)
        self.assertEqual(self.balance(entitlement)[0], "500")
        self.assertEqual(
            [payment["total_amount"] for payment in self.ledger("payments")], [0, 2000]
        )

    def test_no_usage_is_charged_to_a_subscription_that_is_not_paid_for(self):
        entitlement, subscription = self.subscribed()
        for action, charged in (
            ("hold", 0),
            ("reactivate", 1),
            ("past_due", 2),
            ("pause", 2),
            ("unpause", 3),
            ("cancel", 3),
        ):
            self.control(f"subscriptions/{subscription}", action=action)
            self.ingest(event(f"while_{action}"))
            self.advance(minutes=1)
            self.assertEqual(self.balance(entitlement)[0], str(500 - charged), action)

    def test_lists(self):
        _, subscription = self.subscribed()
        found = lambda query: [
            item["subscription_id"] for item in self.call("GET", f"/subscriptions?{query}")["items"]
        ]
        self.assertEqual(found("customer_id=cus_1&status=active"), [subscription])
        self.assertEqual(found("status=cancelled"), [])
        self.call("GET", "/subscriptions/sub_none", status=404)
        self.call("GET", "/subscriptions/sub_none/credit-usage", status=404)


if __name__ == "__main__":
    unittest.main()
