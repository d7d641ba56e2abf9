"""Answers millions of requests and watches the memory, which must not grow.

    Tests/Service/long_run.py .build/release/ratecard [--millions 10] [--store ADDRESS]

wrk asks for decisions of 100,000 known customers over 64 connections, and reports usage with one request
of fifty. The first million warms up. From then on memory may grow by 4 MiB and a twentieth; every request
must be answered with 200, and all usage be in the store.
"""
import time

from service import ROOT, Ledger, Service, arguments, check, folder, run, wrk

CUSTOMERS = 100_000
SECONDS = 10


def main(options):
    ledger = Ledger(options.store)
    with Service(options.program, ROOT / "pricing", options.store) as service:
        service.start()
        service.stop()
        ledger.add_customers(CUSTOMERS)
        service.start()
        idle = service.memory()[0]
        asked, seconds, lap = 0, 0, 0
        warm, seen = None, []
        while asked < options.millions * 1_000_000:
            found = wrk(service.port, SECONDS, "mixed", lap)
            check(found["failed"] == 0, f"{found['failed']} of {found['requests']} requests failed")
            lap += 1
            asked += found["requests"]
            seconds += found["microseconds"] / 1e6
            seen.append(service.memory()[0])
            if warm is None and asked > min(1, options.millions / 2) * 1_000_000:
                warm = seen[-1]
        grown = seen[-1] - warm
        said = (f"{asked / 1e6:.1f} million requests at {asked / seconds:.0f}/s; memory "
                f"{idle >> 10} MiB idle, {warm >> 10} warm, {seen[-1] >> 10} at the end")
        check(len(seen) > 1, "too few requests to tell")
        check(grown < 4096 + warm / 20, f"memory grows: {[kib >> 10 for kib in seen]}; {said}")
        # wrk leaves its last requests behind, which are still recorded.
        time.sleep(2)
        recorded = service.metrics()['ratecard_usage_total{result="recorded"}']
        service.stop()
        stored = int(ledger.rows("SELECT count(*) FROM ratecard_usage")[0][0])
        check(stored == recorded > 0, f"{recorded} events are counted, and {stored} stored")
    return f"{said}; {stored} events"


if __name__ == "__main__":
    options = arguments(__doc__, millions=dict(type=float, default=10))
    options.store = options.store or f"sqlite:{folder()}/store.db"
    run(lambda: main(options))
