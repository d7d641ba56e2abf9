"""Keys, limits and everything that can go wrong between a client and the provider."""

import http.client
import json
import socket
import threading
import time
import unittest

from fixture import ProviderTest, batch, event


class KeyTests(ProviderTest):
    def test_keys(self):
        self.assertEqual(self.call("GET", "/meters", status=401, key=None)["code"], "UNAUTHORIZED")
        for key in ("dodo_live_standin", "dodo_test_standin2", "dodo_test_standi", "é"):
            self.call("GET", "/meters", status=401, key=key.encode().decode("latin-1"))
        self.call(
            "GET",
            "/meters",
            status=401,
            headers={"Authorization": "Basic dodo_test_standin"},
            key=None,
        )
        self.call("GET", "/meters", status=200, key="dodo_test_readonly")
        self.call("POST", "/meters", {}, 403, key="dodo_test_readonly")

    def test_paths_and_methods(self):
        self.assertEqual(self.call("GET", "/nowhere", status=404)["code"], "NOT_FOUND")
        self.assertEqual(
            self.call("DELETE", "/events/ingest", status=405)["code"], "METHOD_NOT_ALLOWED"
        )
        self.call("GET", "/__control/nowhere", status=404, key=None)
        self.call("POST", "/__control/settings", {"surprise": 1}, 400, key=None)


class LimitTests(ProviderTest):
    def setUp(self):
        super().setUp()
        self.control("settings", requests_per_second=40, requests_per_minute=240)

    def asked(self):
        status, _, headers = self.exchange("GET", "/meters")
        return status, {
            name: headers[name] for name in headers if name.startswith(("X-Rate", "Retry"))
        }

    def test_forty_a_second(self):
        found = [self.asked() for _ in range(41)]
        self.assertEqual([status for status, _ in found], [200] * 40 + [429])
        self.assertEqual(found[0][1]["X-RateLimit-Limit"], "40")
        self.assertEqual(found[0][1]["X-RateLimit-Remaining"], "39")
        self.assertEqual(
            found[40][1],
            {"X-RateLimit-Limit": "40", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"},
        )
        self.advance(seconds=0.9)
        self.assertEqual(self.asked()[0], 429)
        self.advance(seconds=0.1)
        self.assertEqual(self.asked()[0], 200)
        self.assertEqual(self.ledger("calls")["turned_away"], 2)

    def test_two_hundred_and_forty_a_minute(self):
        for _ in range(6):
            self.assertEqual({self.asked()[0] for _ in range(40)}, {200})
            self.advance(seconds=1)
        status, headers = self.asked()
        self.assertEqual(
            (status, headers["X-RateLimit-Limit"], headers["X-RateLimit-Reset"]), (429, "240", "54")
        )
        self.advance(seconds=54)
        self.assertEqual(self.asked()[0], 200)

    def test_what_a_refusal_may_say(self):
        self.control("settings", requests_per_second=0, retry_after=7, rate_limit_reset="unix")
        status, headers = self.asked()
        self.assertEqual(
            (status, headers["Retry-After"], headers["X-RateLimit-Reset"]), (429, "7", "1795428001")
        )

    def test_without_a_key_twenty_a_second(self):
        found = [self.exchange("GET", "/meters", key=None)[0] for _ in range(21)]
        self.assertEqual(found, [401] * 20 + [429])


class FaultTests(ProviderTest):
    """Each fault once, and whether the request had its effect all the same."""

    def setUp(self):
        super().setUp()
        self.customer()

    def fault(self, **fields):
        return self.control("faults", path="/events/ingest", times=1, **fields)["id"]

    def send(self, timeout=5):
        return self.exchange("POST", "/events/ingest", batch(event("a")), timeout=timeout)

    def had_effect(self):
        return self.ledger("events")["accepted"] == 1

    def test_a_status_with_and_without_effect(self):
        for status in (408, 429, 500, 502, 503, 504):
            self.fault(kind="status", status=status, retry_after=3)
            found, body, headers = self.send()
            self.assertEqual((found, headers["Retry-After"]), (status, "3"))
            self.assertIn("code", json.loads(body))
        self.assertFalse(self.had_effect())
        self.fault(kind="status", status=500, effect=True)
        self.assertEqual(self.send()[0], 500)
        self.assertTrue(self.had_effect())

    def test_a_reset_before_and_after(self):
        for effect in (False, True):
            self.fault(kind="reset", effect=effect)
            with self.assertRaises(ConnectionResetError):
                self.send()
            self.assertEqual(self.had_effect(), effect)

    def test_silence_after_accepting(self):
        self.fault(kind="silence")
        with self.assertRaises(TimeoutError):
            self.send(timeout=0.05)
        self.assertTrue(self.had_effect())

    def test_silence_can_be_ended(self):
        self.fault(kind="silence", effect=False)
        errors = []

        def wait():
            try:
                self.send()
            except OSError as error:
                errors.append(error)

        thread = threading.Thread(target=wait)
        thread.start()
        while not self.look("faults")["answers"][0]["met"]:
            time.sleep(0.001)
        self.call("DELETE", "/__control/faults", key=None)
        thread.join(5)
        self.assertEqual(len(errors), 1)
        self.assertFalse(self.had_effect())

    def test_nonsense(self):
        self.fault(kind="html")
        status, body, headers = self.send()
        self.assertEqual(
            (status, headers["Content-Type"][:9], body[:9]), (200, "text/html", b"<!doctype")
        )
        self.fault(kind="html", status=502)
        self.assertEqual(self.send()[0], 502)
        self.fault(kind="truncated")
        with self.assertRaises(ValueError):
            json.loads(self.send()[1])
        self.fault(kind="wrong_types")
        self.assertEqual(json.loads(self.send()[1]), {"ingested_count": "many"})
        self.fault(kind="empty")
        self.assertEqual(self.send()[:2], (200, b""))
        self.fault(kind="cut")
        with self.assertRaises(http.client.IncompleteRead):
            self.send()
        self.assertEqual(self.ledger("events")["sendings"], 6)

    def test_a_trickle_arrives_whole(self):
        self.fault(kind="trickle", pause_milliseconds=0)
        self.assertEqual(json.loads(self.send()[1]), {"ingested_count": 1})

    def test_which_requests_a_fault_is_for(self):
        self.control("faults", kind="status", status=400, contains='"poison"')
        self.control(
            "faults", kind="status", status=500, method="GET", path="/events/*", skip=1, times=1
        )
        self.assertEqual(
            self.exchange("POST", "/events/ingest", batch(event("poison"), event("b")))[0], 400
        )
        self.assertEqual(self.send()[0], 200)
        self.assertEqual([self.exchange("GET", "/events/a")[0] for _ in range(3)], [200, 500, 200])
        found = self.look("faults")["answers"]
        self.assertEqual([(fault["met"], fault["left"]) for fault in found], [(1, None), (1, 0)])
        self.call("POST", "/__control/faults", {"kind": "status", "surprise": 1}, 400, key=None)
        self.call("POST", "/__control/faults", {"kind": "surprise"}, 400, key=None)

    def test_chance_is_the_same_every_time(self):
        found = []
        for _ in range(2):
            self.control("forget")
            self.control("faults", kind="status", status=500, probability=0.5, path="/meters")
            found.append([self.exchange("GET", "/meters")[0] for _ in range(20)])
        self.assertEqual(found[0], found[1])
        self.assertEqual(set(found[0]), {200, 500})

    def test_an_outage_ends_by_the_clock(self):
        self.control("outage", seconds=86400)
        self.assertEqual(self.send()[0], 503)
        self.advance(hours=23, minutes=59)
        self.assertEqual(self.exchange("GET", "/meters")[0], 503)
        self.advance(minutes=1)
        self.assertEqual(self.send()[0], 200)

    def test_what_is_refused_is_written_down(self):
        self.exchange("POST", "/events/ingest", batch(event("a", timestamp="2026-11-23T08:00:00Z")))
        found = self.ledger("refusals")[0]
        self.assertEqual((found["call"], found["status"]), ("POST /events/ingest", 400))
        self.assertIn("a: 2026-11-23T08:00:00Z", found["why"])


class TransportTests(ProviderTest):
    def test_one_connection_for_many_requests(self):
        connection = http.client.HTTPConnection(*self.server.server_address, timeout=5)
        self.addCleanup(connection.close)
        headers = {"Authorization": "Bearer dodo_test_standin"}
        sockets = set()
        for _ in range(5):
            connection.request("GET", "/meters", headers=headers)
            connection.getresponse().read()
            sockets.add(connection.sock.getsockname())
        self.assertEqual(len(sockets), 1)

    def test_a_chunked_body(self):
        self.customer()
        body = json.dumps(batch(event("a"))).encode()
        parts = [body[:10], body[10:]]
        connection = http.client.HTTPConnection(*self.server.server_address, timeout=5)
        self.addCleanup(connection.close)
        headers = {"Authorization": "Bearer dodo_test_standin"}
        connection.request("POST", "/events/ingest", iter(parts), headers, encode_chunked=True)
        self.assertEqual(connection.getresponse().status, 200)

    def test_many_clients_at_once_count_every_event_once(self):
        self.customer()
        self.meter()
        events = [event(f"req_{number}", 3) for number in range(200)]
        threads = [
            threading.Thread(target=self.ingest, args=events[start : start + 50])
            for start in range(0, 200, 25)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.ledger("sums")[0]["sum"], "600")
        self.assertEqual(self.ledger("events")["sendings"], 375)

    def test_a_client_that_hangs_up_harms_nobody(self):
        with socket.create_connection(self.server.server_address) as client:
            client.sendall(b"POST /events/ingest HTTP/1.1\r\nContent-Length: 100\r\n\r\n{")
        with socket.create_connection(self.server.server_address) as client:
            client.sendall(b"POST /meters HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{")
        self.call("GET", "/meters", status=200)
        self.assertEqual(self.ledger("calls")["counts"], {"GET /meters 200": 1})


if __name__ == "__main__":
    unittest.main()
