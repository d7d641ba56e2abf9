"""What is accepted as usage, what refuses a whole batch, and how it is counted."""

import json
import unittest
from decimal import Decimal

from fixture import ProviderTest, batch, event


class IngestTests(ProviderTest):
    def setUp(self):
        super().setUp()
        self.customer()

    def accepted(self):
        return self.ledger("events")["accepted"]

    def test_counts_a_batch_and_reads_it_back(self):
        sent = event("req_1", 25, timestamp="2026-11-23T10:00:00Z")
        self.assertEqual(self.ingest(sent, event("req_2")), {"ingested_count": 2})
        found = self.call("GET", "/events/req_1")
        self.assertEqual(found["metadata"], {"credit_cost": 25})
        self.assertEqual(found["timestamp"], "2026-11-23T10:00:00.000000Z")
        self.call("GET", "/events/REQ_1", status=404)
        self.call("GET", "/events/req%5F2", status=200)

    def test_a_thousand_fit_and_one_more_does_not(self):
        many = [event(f"req_{number}") for number in range(1001)]
        self.ingest(*many, status=422)
        self.assertEqual(self.ingest(*many[:1000])["ingested_count"], 1000)
        self.ingest(status=422)

    def test_an_id_twice_in_a_batch_refuses_it_all(self):
        self.ingest(event("a"), event("b"), event("a"), status=400)
        self.assertEqual(self.accepted(), 0)
        self.ingest(event("a"), event("A"))

    def test_an_earlier_id_is_ignored_whatever_comes_with_it(self):
        self.ingest(event("a", 5))
        self.assertEqual(self.ingest(event("a", 7), event("b"))["ingested_count"], 1)
        self.assertEqual(self.call("GET", "/events/a")["metadata"], {"credit_cost": 5})
        found = self.ledger("events")
        self.assertEqual((found["sendings"], found["sent_with_other_content"]), (3, ["a"]))
        self.control("settings", ingested_count="all")
        self.assertEqual(self.ingest(event("a", 5))["ingested_count"], 1)

    def test_an_unknown_customer_refuses_it_all(self):
        for status in (400, 404, 422):
            self.control("settings", unknown_customer_status=status)
            self.ingest(event("a"), event("b", customer_id="cus_2"), status=status)
        self.assertEqual(self.accepted(), 0)

    def test_time_window_with_its_edges(self):
        cases = {
            "2026-11-23T09:00:00Z": 200,
            "2026-11-23T08:59:59.999999Z": 400,
            "2026-11-23T10:05:00Z": 200,
            "2026-11-23T10:05:00.000001Z": 400,
            "2026-11-23T11:30:00+02:00": 200,
            "2026-11-23T10:00:00": 400,
            "2026-11-23": 400,
            "yesterday": 400,
            "2026-02-30T10:00:00Z": 400,
        }
        for number, (time, status) in enumerate(cases.items()):
            with self.subTest(time):
                self.ingest(event(f"req_{number}", timestamp=time), status=status)
        self.ingest(event("none", timestamp=None))
        self.assertEqual(
            self.call("GET", "/events/none")["timestamp"], "2026-11-23T10:00:00.000000Z"
        )

    def test_an_hour_later_even_a_known_id_is_too_old(self):
        sent = event("a", timestamp="2026-11-23T10:00:00Z")
        self.ingest(sent)
        self.advance(hours=1, seconds=1)
        self.ingest(sent, status=400)
        self.assertEqual(self.call("GET", "/events/a")["event_id"], "a")

    def test_metadata_rules(self):
        pairs = {f"key_{number}": number for number in range(50)}
        cases = [
            (pairs, 200),
            ({**pairs, "one_more": 1}, 400),
            ({"k" * 100: 1}, 200),
            ({"k" * 101: 1}, 400),
            ({"k": "v" * 500}, 200),
            ({"k": "v" * 501}, 400),
            ({"k": "é" * 500}, 200),
            ({"k": {}}, 422),
            ({"k": []}, 422),
            ({"k": None}, 422),
            ({"k": True, "l": "text", "m": -3, "n": 0.5}, 200),
            ({"k": 2**63}, 200),
            (None, 200),
            ([], 422),
        ]
        for number, (metadata, status) in enumerate(cases):
            with self.subTest(status=status, metadata=str(metadata)[:40]):
                self.ingest(event(f"req_{number}", metadata=metadata), status=status)

    def test_malformed_and_misshapen_bodies(self):
        for text in (
            "",
            "{",
            "[]",
            '{"events":{}}',
            '{"events":[{"event_id":"a"}]}',
            '{"events":[1]}',
            "\xff",
            "NaN",
        ):
            with self.subTest(text):
                self.call("POST", "/events/ingest", text.encode("latin-1"), 422)
        self.ingest({**event(), "surprise": 1}, status=422)
        self.control("settings", unknown_fields="ignore")
        self.ingest({**event(), "surprise": 1})
        self.ingest(event(""), status=400)

    def test_a_body_too_large(self):
        self.control("settings", max_body_bytes=200)
        self.ingest(event("a", metadata={"k": "v" * 300}), status=413)

    def test_pages_count_from_nought(self):
        self.ingest(*[event(f"req_{number:02}") for number in range(25)])
        names = lambda query: [
            item["event_id"] for item in self.call("GET", f"/events{query}")["items"]
        ]
        self.assertEqual(names(""), names("?page_number=0&page_size=10"))
        self.assertEqual(names("?page_number=2"), [f"req_{number}" for number in range(20, 25)])
        self.assertEqual(names("?page_number=3"), [])
        self.assertEqual(len(names("?page_size=100")), 25)
        for query in ("?page_size=101", "?page_number=-1", "?page_number=x", "?surprise=1"):
            self.call("GET", f"/events{query}", status=422)

    def test_filters(self):
        self.customer("cus_2")
        self.ingest(event("a"), event("b", customer_id="cus_2"), event("c", event_name="other"))
        meter = self.meter(
            filter={
                "conjunction": "and",
                "clauses": [{"key": "credit_cost", "operator": "less_than", "value": 1}],
            }
        )
        names = lambda query: [
            item["event_id"] for item in self.call("GET", f"/events{query}")["items"]
        ]
        self.assertEqual(names("?customer_id=cus_2"), ["b"])
        self.assertEqual(names("?event_name=other"), ["c"])
        self.assertEqual(names(f"?meter_id={meter}"), [])
        self.assertEqual(names("?start=2026-11-23T10:00:01Z"), [])
        self.assertEqual(names("?end=2026-11-23T10:00:01Z"), ["a", "b", "c"])
        self.call("GET", "/events?start=yesterday", status=400)
        self.call("GET", f"/events?meter_id={meter}&event_name=other", status=400)
        self.call("GET", "/events?meter_id=mtr_none", status=404)


class SumTests(ProviderTest):
    def setUp(self):
        super().setUp()
        self.customer()
        self.meter()

    def total(self):
        sums = self.ledger("sums")
        return (sums[0]["count"], sums[0]["sum"]) if sums else None

    def send(self, *numbers):
        """Sends numbers as they are written."""
        events = [
            json.dumps(event(f"req_{index}_{number}", "?")) for index, number in enumerate(numbers)
        ]
        text = ",".join(item.replace('"?"', number) for item, number in zip(events, numbers))
        self.call("POST", "/events/ingest", '{"events":[' + text + "]}")

    def test_sums_are_exact(self):
        self.send(*["0.1"] * 10, "0.000000000001", "1000000000000", "1E-2", "2.50")
        self.assertEqual(self.total(), (14, "1000000000003.510000000001"))

    def test_digits_that_a_double_would_lose(self):
        self.send("0.12345678901234567890")
        self.assertEqual(self.total(), (1, "0.1234567890123456789"))
        self.assertEqual(len(self.ledger("events")["losing_digits_in_a_double"]), 1)
        self.assertEqual(
            self.call("GET", "/events")["items"][0]["metadata"]["credit_cost"],
            Decimal("0.1234567890123456789"),
        )
        self.control("settings", numbers="double")
        self.assertEqual(self.total(), (1, "0.12345678901234568"))

    def test_a_text_is_no_number(self):
        self.ingest(event("a", "150"), event("b", True), event("c", metadata={}), event("d", 2))
        self.assertEqual(self.total(), (1, "2"))
        self.control("settings", sum_strings=True)
        self.assertEqual(self.total(), (2, "152"))

    def test_numbers_beyond_a_double_are_refused(self):
        self.call(
            "POST",
            "/events/ingest",
            json.dumps(batch(event("a", "?"))).replace('"?"', "1e400"),
            422,
        )


class MeterTests(ProviderTest):
    def test_what_makes_a_meter(self):
        self.meter(aggregation={"type": "count"})
        body = {"name": "m", "event_name": "e", "measurement_unit": "u"}
        for aggregation in ({"type": "sum"}, {"type": "unique"}, {"key": "k"}, "sum"):
            self.call("POST", "/meters", {**body, "aggregation": aggregation}, 422)
        clause = {"key": "k", "operator": "equals", "value": 1}
        nest = lambda clauses: {"conjunction": "or", "clauses": clauses}
        self.meter(filter=nest([nest([nest([clause])])]))
        for clauses in (
            [clause] * 11,
            [],
            [nest([nest([nest([clause])])])],
            [{**clause, "key": ""}],
        ):
            self.call(
                "POST",
                "/meters",
                {**body, "aggregation": {"type": "count"}, "filter": nest(clauses)},
                422,
            )

    def test_archiving(self):
        meter = self.meter()
        self.assertIsNone(self.call("DELETE", f"/meters/{meter}", status=204))
        self.assertEqual(self.call("GET", "/meters")["items"], [])
        self.assertEqual(len(self.call("GET", "/meters?archived=true")["items"]), 1)
        self.call("POST", f"/meters/{meter}/unarchive")
        self.assertEqual(self.call("GET", "/meters")["items"][0]["id"], meter)

    def test_filters_of_meters(self):
        self.customer()
        cases = [
            ("model", "equals", "o1", ["a"]),
            ("model", "not_equals", "o1", ["b", "c"]),
            ("model", "contains", "gpt", ["b"]),
            ("model", "does_not_contain", "gpt", ["a", "c"]),
            ("cost", "greater_than", 5, ["b"]),
            ("cost", "greater_than_or_equals", 5, ["a", "b"]),
            ("cost", "less_than_or_equals", 5, ["a"]),
            ("fast", "equals", True, ["a"]),
            ("cost", "equals", True, []),
        ]
        self.ingest(
            event("a", metadata={"model": "o1", "cost": 5, "fast": True}),
            event("b", metadata={"model": "gpt-4o", "cost": 5.5, "fast": 1}),
            event("c", metadata={}),
        )
        for key, operator, value, expected in cases:
            with self.subTest(key=key, operator=operator):
                clause = {"key": key, "operator": operator, "value": value}
                meter = self.meter(filter={"conjunction": "and", "clauses": [clause]})
                found = self.call("GET", f"/events?meter_id={meter}")["items"]
                self.assertEqual([item["event_id"] for item in found], expected)


if __name__ == "__main__":
    unittest.main()
