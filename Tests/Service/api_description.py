"""Holds /openapi.json against the running service, with schemathesis.

    python3 -m venv .build/schemathesis && .build/schemathesis/bin/pip install schemathesis
    Tests/Service/api_description.py .build/release/ratecard [--examples 200] [--seed N]

Requests are made up from the description, such as it allows and such as it does not, in sequences as
well, and every answer is held against it. All of schemathesis' checks are made; schemathesis.toml says
where a description cannot be as exact as they assume.
"""
import re
import subprocess
import sys

from service import ROOT, Failed, Service, arguments, check, folder, run

TOKEN = "a-token-of-this-check"


def main(options):
    with Service(options.program, ROOT / "pricing", options.store,
                 environment={"RATECARD_API_TOKEN": TOKEN}) as service:
        service.start()
        command = [
            options.schemathesis, "--config-file", str(ROOT / "Tests/Service/schemathesis.toml"),
            "run", f"http://127.0.0.1:{service.port}/openapi.json", "--checks", "all",
            "--header", f"Authorization: Bearer {TOKEN}", "--seed", str(options.seed),
            "--max-examples", str(options.examples), "--no-color"]
        # It leaves a folder of its own behind wherever it runs.
        result = subprocess.run(command, cwd=folder(), capture_output=True, text=True)
        check(service.process.poll() is None, f"the service ended: {service.log()}")
        if result.returncode:
            print(result.stdout, result.stderr)
            raise Failed("the description and the service differ")
        service.stop()
    # Its summary, so that a run that tested nothing cannot pass.
    tested = re.search(r"Tested: (\d+)", result.stdout)
    cases = re.search(r"(\d+) generated", result.stdout)
    check(tested and cases and int(cases[1]) > 500, f"nothing was tested: {result.stdout}")
    return f"{tested[1]} operations, {cases[1]} requests"


if __name__ == "__main__":
    options = arguments(
        __doc__, examples=dict(type=int, default=200),
        schemathesis=dict(default=str(ROOT / ".build/schemathesis/bin/schemathesis")))
    options.store = options.store or f"sqlite:{folder()}/store.db"
    print(f"seed {options.seed}", file=sys.stderr)
    run(lambda: main(options))
