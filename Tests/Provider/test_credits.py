"""What happens to credits: use, expiry, rollover, overage, renewal and entries made by hand."""

import unittest

from fixture import ProviderTest, event


class UsageTests(ProviderTest):
    def entries(self):
        return [
            (
                entry["transaction_type"],
                entry["amount"],
                entry["balance_after"],
                entry["overage_after"],
            )
            for entry in self.ledger("entries")
        ]

    def test_credits_come_at_once_and_usage_takes_them_later(self):
        entitlement, _ = self.subscribed()
        self.assertEqual(self.balance(entitlement), ("500", "0"))
        self.ingest(event("a", 25), event("b", 10.5))
        self.assertEqual(self.balance(entitlement), ("500", "0"))
        self.advance(seconds=59)
        self.assertEqual(self.balance(entitlement), ("500", "0"))
        self.advance(seconds=1)
        self.assertEqual(self.balance(entitlement), ("464.5", "0"))
        self.assertEqual(self.entries()[1:], [("credit_deducted", "35.5", "464.5", "0")])
        self.assertEqual(self.ledger("charges")["totals"][0]["credits"], "35.5")

    def test_units_per_credit(self):
        entitlement = self.entitlement()
        product = self.plan(entitlement, self.meter(), "10", {"meter_units_per_credit": "4"})
        self.customer()
        self.control("subscribe", customer_id="cus_1", product_id=product)
        self.ingest(event("a", 5))
        self.advance(minutes=1)
        self.assertEqual(self.balance(entitlement), ("8.75", "0"))

    def test_without_overage_it_stops_at_nought(self):
        entitlement, subscription = self.subscribed("30")
        self.ingest(event("a", 100))
        self.advance(minutes=1)
        self.assertEqual(self.balance(entitlement), ("0", "0"))
        self.assertEqual(self.ledger("charges")["totals"][0]["uncollected"], "70")
        used = self.call("GET", f"/subscriptions/{subscription}/credit-usage")["items"][0]
        self.assertEqual(
            (used["balance"], used["limit_reached"], used["remaining_headroom"]), ("0", True, None)
        )

    def test_overage_up_to_its_limit(self):
        terms = {
            "overage_enabled": True,
            "price_per_unit": "4",
            "currency": "USD",
            "overage_limit": 50,
        }
        entitlement, subscription = self.subscribed("30", entitlement=self.entitlement(**terms))
        self.ingest(event("a", 40))
        self.advance(minutes=1)
        self.assertEqual(
            self.entries()[1:],
            [("credit_deducted", "30", "0", "0"), ("overage_charged", "10", "0", "10")],
        )
        used = self.call("GET", f"/subscriptions/{subscription}/credit-usage")["items"][0]
        self.assertEqual(
            (used["overage"], used["remaining_headroom"], used["limit_reached"]),
            ("10", "40", False),
        )
        self.ingest(event("b", 100))
        self.advance(minutes=1)
        self.assertEqual(self.balance(entitlement), ("0", "50"))
        self.assertEqual(self.ledger("charges")["totals"][0]["uncollected"], "60")
        self.assertTrue(self.ledger("accounts")[0]["consistent"])

    def test_events_of_nobody_who_pays(self):
        self.customer("cus_2")
        self.subscribed()
        self.ingest(
            event("a", customer_id="cus_2"), event("b", event_name="AI.request"), event("c", "5")
        )
        self.advance(minutes=1)
        self.assertEqual(self.ledger("events")["fates"], {"unmetered": 2, "without_number": 1})

    def test_a_meter_that_counts_and_one_that_keeps_the_highest(self):
        for kind, expected in (("count", "497"), ("max", "491"), ("last", "493")):
            with self.subTest(kind):
                self.control("forget")
                meter = self.meter(aggregation={"type": kind, "key": "credit_cost"})
                entitlement, _ = self.subscribed(meter=meter)
                self.ingest(event("a", 5), event("b", 9))
                self.advance(minutes=1)
                self.ingest(event("c", 7))
                self.advance(minutes=1)
                # `last` has charged 9 when 7 comes, and gives nothing back.
                self.assertEqual(
                    self.balance(entitlement)[0], "491" if kind == "last" else expected
                )

    def test_a_free_threshold_is_ignored_unless_asked_for(self):
        for setting, expected in (("ignored", "490"), ("applied", "497")):
            self.control("forget")
            self.control("settings", free_threshold=setting)
            entitlement = self.entitlement()
            product = self.plan(entitlement, self.meter(), meter_fields={"free_threshold": 7})
            self.customer()
            self.control("subscribe", customer_id="cus_1", product_id=product)
            for name in ("a", "b"):
                self.ingest(event(name, 5))
                self.advance(minutes=1)
            self.assertEqual(self.balance(entitlement)[0], expected)


class GrantTests(ProviderTest):
    def grants(self, entitlement):
        found = self.call("GET", f"/credit-entitlements/{entitlement}/balances/cus_1/grants")[
            "items"
        ]
        return [
            (grant["source_type"], grant["remaining_amount"], grant["is_expired"])
            for grant in found
        ]

    def enter(self, entitlement, status=201, customer="cus_1", **body):
        return self.call(
            "POST",
            f"/credit-entitlements/{entitlement}/balances/{customer}/ledger-entries",
            body,
            status,
        )

    def test_the_oldest_grant_gives_first(self):
        for order, expected in (("oldest", ["490", "20"]), ("earliest_expiring", ["500", "10"])):
            self.control("forget")
            self.control("settings", grant_order=order)
            entitlement, _ = self.subscribed()
            self.enter(
                entitlement, entry_type="credit", amount="20", expires_at="2026-12-01T00:00:00Z"
            )
            self.ingest(event("a", 10))
            self.advance(minutes=1)
            self.assertEqual([remaining for _, remaining, _ in self.grants(entitlement)], expected)

    def test_usage_across_two_grants_makes_two_entries(self):
        entitlement, _ = self.subscribed("30")
        self.enter(entitlement, entry_type="credit", amount="20")
        self.ingest(event("a", 40))
        self.advance(minutes=1)
        taken = [
            entry["amount"]
            for entry in self.ledger("entries")
            if entry["transaction_type"] == "credit_deducted"
        ]
        self.assertEqual(taken, ["30", "10"])

    def test_expiry(self):
        entitlement, _ = self.subscribed(entitlement=self.entitlement(expires_after_days=10))
        self.ingest(event("a", 100))
        self.advance(days=10)
        self.assertEqual(self.balance(entitlement), ("0", "0"))
        self.assertEqual(self.ledger("entries")[-1]["amount"], "400")
        self.assertEqual(self.grants(entitlement), [("subscription", "0", True)])
        query = f"/credit-entitlements/{entitlement}/balances/cus_1/ledger?transaction_type=credit_expired"
        self.assertEqual(len(self.call("GET", query)["items"]), 1)

    def test_rollover_of_a_share_and_only_once(self):
        terms = {
            "rollover_enabled": True,
            "rollover_percentage": 75,
            "max_rollover_count": 1,
            "expires_after_days": 10,
        }
        entitlement, _ = self.subscribed("200", entitlement=self.entitlement(**terms))
        self.advance(days=10)
        self.assertEqual(self.balance(entitlement), ("150", "0"))
        kinds = [
            (entry["transaction_type"], entry["amount"]) for entry in self.ledger("entries")[1:]
        ]
        self.assertEqual(
            kinds,
            [
                ("credit_rolled_over", "150"),
                ("rollover_forfeited", "50"),
                ("credit_expired", "150"),
            ],
        )
        self.assertEqual(self.grants(entitlement)[1], ("rollover", "150", False))
        self.advance(days=10)
        self.assertEqual(self.balance(entitlement), ("0", "0"))
        self.assertEqual(self.ledger("entries")[-1]["transaction_type"], "rollover_forfeited")
        self.assertTrue(self.ledger("accounts")[0]["consistent"])

    def test_rollover_for_a_span_of_time(self):
        terms = {
            "rollover_enabled": True, "rollover_percentage": 100, "expires_after_days": 5, "max_rollover_count": 1,
            "rollover_timeframe_count": 1, "rollover_timeframe_interval": "Week",
        }  # fmt: skip
        entitlement, _ = self.subscribed("200", entitlement=self.entitlement(**terms))
        self.advance(days=11)
        self.assertEqual(self.balance(entitlement)[0], "200")
        self.advance(days=1)
        self.assertEqual(self.balance(entitlement)[0], "0")

    def test_entries_made_by_hand(self):
        entitlement = self.entitlement()
        self.customer()
        self.call("GET", f"/credit-entitlements/{entitlement}/balances/cus_1", status=404)
        self.enter(entitlement, 400, entry_type="debit", amount="1")
        made = self.enter(
            entitlement, entry_type="credit", amount="20.25", reason="sorry", idempotency_key="k1"
        )
        self.assertEqual(
            (made["balance_before"], made["balance_after"], made["reason"]), ("0", "20.25", "sorry")
        )
        self.enter(entitlement, 409, entry_type="credit", amount="20.25", idempotency_key="k1")
        self.enter(entitlement, 400, entry_type="debit", amount="20.26", idempotency_key="k2")
        self.enter(entitlement, entry_type="debit", amount="20", idempotency_key="k2")
        self.assertEqual(self.balance(entitlement), ("0.25", "0"))
        self.assertEqual(self.ledger("entries")[-1]["transaction_type"], "manual_adjustment")
        self.enter(
            entitlement, 400, entry_type="debit", amount="0.1", expires_at="2026-12-01T00:00:00Z"
        )
        self.enter(entitlement, entry_type="debit", amount="0.25")
        for body in (
            {"entry_type": "credit", "amount": "0"},
            {"entry_type": "credit", "amount": "-1"},
            {"entry_type": "credit", "amount": "10000000000"},
            {"entry_type": "credit", "amount": "0." + "0" * 28 + "1"},
            {"entry_type": "credit", "amount": "0.1", "expires_at": "2026-11-01T00:00:00Z"},
        ):
            self.enter(entitlement, 400, **body)
        self.enter(entitlement, 422, entry_type="credit", amount=5)
        self.enter(entitlement, 404, customer="cus_none", entry_type="credit", amount="5")
        self.enter("cde_none", 404, entry_type="credit", amount="5")

    def test_what_makes_an_entitlement(self):
        body = {
            "name": "n",
            "precision": 0,
            "unit": "u",
            "rollover_enabled": False,
            "overage_enabled": False,
        }
        for wrong in (
            {"precision": 11},
            {"name": ""},
            {"name": "n" * 256},
            {"description": "d" * 1001},
            {"unit": ""},
            {"unit": "u" * 51},
            {"overage_enabled": True},
            {"overage_enabled": True, "price_per_unit": "1"},
            {"rollover_timeframe_count": 1},
            {"rollover_percentage": 101},
            {"price_per_unit": 1},
        ):
            with self.subTest(wrong):
                self.call("POST", "/credit-entitlements", {**body, **wrong}, 422)
        made = self.call("POST", "/credit-entitlements", body, 201)
        self.assertEqual(made["overage_behavior"], "forgive_at_reset")
        path = f"/credit-entitlements/{made['id']}"
        self.call("PATCH", path, {"precision": 2}, 422)
        self.assertIsNone(self.call("PATCH", path, {"name": "other", "expires_after_days": 30}))
        self.assertEqual(self.call("GET", path)["expires_after_days"], 30)
        self.call("DELETE", path)
        self.call("GET", path, status=404)
        self.call("DELETE", path, status=410)
        self.call("POST", f"{path}/undelete")
        self.call("GET", path)


class RenewalTests(ProviderTest):
    def overdrawn(self, behaviour):
        terms = {
            "overage_enabled": True,
            "price_per_unit": "4",
            "currency": "USD",
            "overage_behavior": behaviour,
        }
        entitlement, subscription = self.subscribed("30", entitlement=self.entitlement(**terms))
        self.ingest(event("a", 40))
        self.advance(minutes=1)
        return entitlement, subscription

    def test_a_new_period_brings_credits(self):
        entitlement, subscription = self.subscribed()
        before = self.call("GET", f"/subscriptions/{subscription}")
        self.assertEqual(before["next_billing_date"], "2026-12-23T10:00:00.000000Z")
        self.control("clock", now="2026-12-23T10:00:00Z")
        after = self.call("GET", f"/subscriptions/{subscription}")
        self.assertEqual(after["previous_billing_date"], before["next_billing_date"])
        self.assertEqual(after["next_billing_date"], "2027-01-23T10:00:00.000000Z")
        self.assertEqual(self.balance(entitlement), ("1000", "0"))
        self.assertEqual(len(self.ledger("payments")), 2)

    def test_overage_at_the_end_of_a_period(self):
        cases = {
            "forgive_at_reset": (("30", "0"), 0),
            "invoice_at_billing": (("30", "0"), 1),
            "carry_deficit": (("30", "10"), 0),
            "carry_deficit_auto_repay": (("20", "0"), 0),
        }
        for behaviour, (balance, invoices) in cases.items():
            with self.subTest(behaviour):
                self.control("forget")
                entitlement, _ = self.overdrawn(behaviour)
                self.assertEqual(self.balance(entitlement), ("0", "10"))
                self.advance(days=30)
                self.assertEqual(self.balance(entitlement), balance)
                self.assertEqual(
                    [invoice["amount"] for invoice in self.ledger("invoices")], ["40"] * invoices
                )
                self.assertTrue(self.ledger("accounts")[0]["consistent"])

    def test_usage_just_before_the_end_belongs_to_the_old_credits(self):
        entitlement, _ = self.subscribed(entitlement=self.entitlement(expires_after_days=30))
        self.control("clock", now="2026-12-23T09:59:50Z")
        self.ingest(event("a", 100))
        self.control("clock", now="2026-12-23T10:02:00Z")
        self.assertEqual(self.balance(entitlement), ("500", "0"))
        self.assertEqual(
            [entry["amount"] for entry in self.ledger("entries")], ["500", "100", "400", "500"]
        )

    def test_overage_just_before_the_end_is_invoiced_with_its_period(self):
        entitlement, _ = self.overdrawn("invoice_at_billing")
        self.control("clock", now="2026-12-23T09:59:50Z")
        self.ingest(event("b", 5))
        self.control("clock", now="2026-12-23T10:02:00Z")
        self.assertEqual(self.balance(entitlement), ("30", "0"))
        self.assertEqual([invoice["units"] for invoice in self.ledger("invoices")], ["15"])

    def test_the_end_of_a_month(self):
        self.control("clock", now="2027-01-31T10:00:00Z")
        _, subscription = self.subscribed()
        dates = []
        for _ in range(3):
            dates.append(
                self.call("GET", f"/subscriptions/{subscription}")["next_billing_date"][:10]
            )
            self.control("clock", now=f"{dates[-1]}T10:00:00Z")
        self.assertEqual(dates, ["2027-02-28", "2027-03-31", "2027-04-30"])

    def test_a_top_up_repays_a_deficit_only_when_it_should(self):
        for behaviour, expected in (
            ("carry_deficit", ("5", "10")),
            ("carry_deficit_auto_repay", ("0", "5")),
        ):
            self.control("forget")
            entitlement, _ = self.overdrawn(behaviour)
            path = f"/credit-entitlements/{entitlement}/balances/cus_1/ledger-entries"
            self.call("POST", path, {"entry_type": "credit", "amount": "5"}, 201)
            self.assertEqual(self.balance(entitlement), expected)


if __name__ == "__main__":
    unittest.main()
