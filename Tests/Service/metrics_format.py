"""Has Prometheus' own promtool check /metrics, and compares counts with what was asked.

    apt-get download prometheus && dpkg-deb -x prometheus_*.deb .build/prometheus
    Tests/Service/metrics_format.py .build/release/ratecard [--promtool PATH]

The card's name holds what labels have to escape. Traffic of every kind comes first, so that every metric
has samples, and each counter must have gone up by what was sent.
"""
import json
import subprocess
from pathlib import Path

from service import ROOT, TINY, Service, arguments, check, folder, run

NAME = 'tiny "requests" \\ of café'


def card():
    """The card of tiny requests under another name."""
    path = Path(folder())
    text = (TINY / "card.yaml").read_text()
    (path / "card.yaml").write_text(text.replace("name: tiny requests", "name: " + json.dumps(NAME), 1))
    return path


def usage(name, **more):
    return {"id": name, "customer": "c", "model": "gpt-4o-mini", "input_tokens": 1,
            "output_tokens": 2, **more}


def main(options):
    with Service(options.program, card(), options.store) as service:
        service.start()
        before = service.metrics()
        asked = {
            ("/v1/decide", 200): 7, ("/v1/price", 200): 5, ("/v1/price", 422): 3,
            ("/v1/usage", 200): 4, ("/v1/usage", 409): 2, ("/v1/usage", 422): 1,
            ("/v1/decide", 400): 2, ("/v1/decide", 405): 1, ("/v1/decide", 415): 1,
            ("/v1/customers/{id}", 404): 1, ("other", 404): 2}
        request = usage("u")
        del request["id"]
        unpriced = {**request, "model": "none"}
        for ask in [
                *[("POST", "/v1/decide", request, 200)] * 7,
                *[("POST", "/v1/price", request, 200)] * 5,
                *[("POST", "/v1/price", unpriced, 422)] * 3,
                *[("POST", "/v1/usage", usage("one"), 200)] * 3,
                *[("POST", "/v1/usage", usage("one", output_tokens=3), 409)] * 2,
                ("POST", "/v1/usage", [usage("two"), usage("three"), usage("two")], 200),
                ("POST", "/v1/usage", usage("four", model="none"), 422),
                *[("POST", "/v1/decide", "{", 400)] * 2, ("PUT", "/v1/decide", request, 405),
                ("GET", "/v1/customers/nobody", None, 404), *[("GET", "/nothing", None, 404)] * 2]:
            method, path, body, wanted = ask
            status, answer = service.ask(method, path, body)
            check(status == wanted, f"{method} {path} {body} is answered {status} {answer}")
        status, answer = service.ask("POST", "/v1/decide", "{}", Content_Type="text/plain")
        check(status == 415, f"a body of another type is answered {status} {answer}")
        after = service.metrics()
        text = service.ask("GET", "/metrics")[1]
        service.stop()
    result = subprocess.run(
        [options.promtool, "check", "metrics"], input=text, capture_output=True)
    said = (result.stdout + result.stderr).decode().strip()
    check(result.returncode == 0 and not said, f"promtool says: {said}")

    def grown(name):
        return after.get(name, 0) - before.get(name, 0)

    for (path, status), count in asked.items():
        name = f'ratecard_http_requests_total{{endpoint="{path}",status="{status}"}}'
        check(grown(name) == count, f"{count} requests were sent, and {name} grew by {grown(name)}")
    for result, count in {"recorded": 3, "repeated": 3, "conflict": 2, "unpriced": 1}.items():
        name = f'ratecard_usage_total{{result="{result}"}}'
        check(grown(name) == count, f"{count} reports were so, and {name} grew by {grown(name)}")
    check(grown("ratecard_decision_seconds_count") >= 7, "decisions are not measured")
    check(grown("ratecard_outbox_events") == 3, "three events wait, and the metric differs")
    check(grown("ratecard_dead_letters") == 1, "a dead letter waits, and the metric differs")
    label = NAME.replace("\\", "\\\\").replace('"', '\\"')
    check(any(f'ratecard="{label}"' in name for name in after), "the card's name is no label")
    samples = sum(1 for line in text.splitlines() if not line.startswith(b"#"))
    return f"promtool accepts {samples} samples, and {sum(asked.values())} requests are counted"


if __name__ == "__main__":
    options = arguments(
        __doc__, promtool=dict(default=str(ROOT / ".build/prometheus/usr/bin/promtool")))
    options.store = options.store or f"sqlite:{folder()}/store.db"
    run(lambda: main(options))
