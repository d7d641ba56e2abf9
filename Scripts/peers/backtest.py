"""Prices a large usage log with `ratecard backtest`, DuckDB and Polars: first the same sums, then how long.

    backtest.py RATECARD FOLDER [ROWS] [ROUNDS]

The logs are written to FOLDER once. Of each contender the best of some rounds counts, in which all take
turns; `ratecard` is timed with the start of its process, the others without. Exits 1 where a goal is
missed.
"""

import json
import os
import subprocess
import sys
import time

PROGRAM, FOLDER = os.path.abspath(sys.argv[1]), sys.argv[2]
ROWS = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000_000
ROUNDS = int(sys.argv[4]) if len(sys.argv) > 4 else 5
MODELS, REGIONS = 250, 8

# The rows of both logs; `hash` makes the same of the same number everywhere.
ROW = """
  SELECT strftime(TIMESTAMP '2026-11-01' + to_seconds((i * 2400000 // {rows})::BIGINT),
      '%Y-%m-%dT%H:%M:%SZ') AS at,
    'cus_' || lpad((hash(i) % 100000)::VARCHAR, 6, '0') AS customer,
    ['tab_completion', 'chat', 'composer', 'agent'][(1 + hash(i + 1) % 4)::INTEGER] AS request_type,
    {model} AS model, ['hobby', 'pro', 'pro+', 'ultra'][(1 + hash(i + 3) % 4)::INTEGER] AS plan,
    ['slow', 'premium'][(1 + hash(i + 4) % 2)::INTEGER] AS tier,
    ['us-east-1', 'us-west-2', 'eu-central-1', 'eu-west-1', 'eu-north-1', 'ap-south-1', 'ap-east-1',
      'sa-east-1'][(1 + hash(i + 5) % 8)::INTEGER] AS region,
    (hash(i + 6) % 150000)::BIGINT AS input_tokens, (hash(i + 7) % 4000)::BIGINT AS output_tokens
  FROM range({rows}) rows(i)
"""
SHIPPED_MODEL = """['gpt-4o-mini', 'gpt-4o', 'claude-sonnet', 'o1', 'gemini-2.5-pro',
      'anthropic/claude-sonnet-4-5-20250929'][(1 + hash(i + 2) % 6)::INTEGER]"""
RULE_MODEL = f"'model-' || (hash(i + 2) % {MODELS})::VARCHAR"

WEIGHTS = {
    "chat": {"gpt-4o-mini": 1, "gpt-4o": 1, "claude-sonnet": 1},
    "composer": {"gpt-4o-mini": 2, "gpt-4o": 5, "claude-sonnet": 5},
    "agent": {"gpt-4o": 10, "claude-sonnet": 10, "o1": 25},
}

COLUMNS = {
    "at": "VARCHAR", "customer": "VARCHAR", "request_type": "VARCHAR", "model": "VARCHAR",
    "plan": "VARCHAR", "tier": "VARCHAR", "region": "VARCHAR", "input_tokens": "BIGINT",
    "output_tokens": "BIGINT",
}


def path(name):
    return os.path.join(FOLDER, f"{name}-{ROWS}")


def write_logs():
    """Writes the logs, in a process of its own: what this one holds counts as its children's memory."""
    os.makedirs(FOLDER, exist_ok=True)
    child = os.fork()
    if child == 0:
        write_logs_here()
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0:
        sys.exit("could not write the logs")


def write_logs_here():
    import duckdb
    connection = duckdb.connect()
    for name, model in [("shipped", SHIPPED_MODEL), ("rules", RULE_MODEL)]:
        query = ROW.format(rows=ROWS, model=model)
        forms = [("csv", "FORMAT csv, HEADER")] + ([("jsonl", "FORMAT json")] if name == "shipped" else [])
        for ending, options in forms:
            file = f"{path(name)}.{ending}"
            if os.path.exists(file):
                continue
            connection.execute(f"COPY ({query}) TO '{file}.part' ({options})")
            os.rename(f"{file}.part", file)


# Four rules for each model, each a part of the one before: by model; by request type too; by region, as
# a glob; and for long prompts of some plans. The prices are flat or by token.
def rule_prices(model):
    return {
        "flat": 1 + model % 7, "agent": 2 + model % 11, "europe": (3 + model % 5) / 1000,
        "long": (10 + model % 13) / 1000, "above": 50_000 + 100 * model,
    }


def write_card(folder):
    os.makedirs(folder, exist_ok=True)
    lines = [
        "ratecard: 1", "name: rules", "credit: {decimals: 3}", "attributes:",
        "  input_tokens: count", "  output_tokens: count", "  region: text",
        "plans: {hobby: {}, pro: {}, pro+: {}, ultra: {}}",
        "tiers: [{tier: premium}, {name: empty, tier: slow, when: {balance: {at_most: 0}}}]", "costs:",
    ]
    for model in range(MODELS):
        price, name = rule_prices(model), f"model-{model}"
        lines += [
            f"  - {{name: m{model}, when: {{model: {name}}}, credits: {price['flat']}}}",
            f"  - {{name: a{model}, when: {{model: {name}, request_type: agent}}, credits: {price['agent']}}}",
            f"  - {{name: e{model}, when: {{model: {name}, request_type: agent, region: eu-*}}, "
            f"rates: {{input_tokens: {price['europe']}}}}}",
            f"  - {{name: l{model}, when: {{model: {name}, request_type: agent, region: eu-*, "
            f"plan: [pro, ultra], input_tokens: {{above: {price['above']}}}}}, "
            f"rates: {{input_tokens: {price['europe']}, output_tokens: {price['long']}}}}}",
        ]
    with open(os.path.join(folder, "card.yaml"), "w") as file:
        file.write("\n".join(lines) + "\n")


def duckdb_shipped(reader):
    weights = ", ".join(
        f"('{kind}', '{model}', {cost})" for kind, row in WEIGHTS.items() for model, cost in row.items())
    return f"""
      WITH weights(kind, name, cost) AS (VALUES {weights})
      SELECT sum(CASE WHEN request_type = 'tab_completion' THEN 0 ELSE coalesce(cost, 1) END)::HUGEINT
      FROM {reader} LEFT JOIN weights ON kind = request_type AND name = model
    """


def duckdb_rules(reader):
    rows = []
    for model in range(MODELS):
        price = rule_prices(model)
        rows.append(
            f"('model-{model}', {price['flat'] * 1000}, {price['agent'] * 1000}, "
            f"{round(price['europe'] * 1000)}, {round(price['long'] * 1000)}, {price['above']})")
    return f"""
      WITH prices(name, flat, agent, europe, long, above) AS (VALUES {", ".join(rows)})
      SELECT sum(CASE WHEN request_type <> 'agent' THEN flat WHEN region NOT LIKE 'eu-%' THEN agent
        WHEN plan IN ('pro', 'ultra') AND input_tokens > above
          THEN input_tokens * europe + output_tokens * long
        ELSE input_tokens * europe END)::HUGEINT
      FROM {reader} JOIN prices ON name = model
    """


DUCKDB = """
import json, sys, time, duckdb
query = json.load(sys.stdin)
connection = duckdb.connect(config={"threads": 2})
connection.execute("SET preserve_insertion_order = false; SET enable_progress_bar = false")
start = time.perf_counter()
total = connection.execute(query).fetchone()[0]
print(json.dumps({"total": str(total), "seconds": time.perf_counter() - start}))
"""

POLARS = """
import json, os, sys, time
os.environ["POLARS_MAX_THREADS"] = "2"
import polars as pl
given = json.load(sys.stdin)
types = {name: pl.Int64 if kind == "BIGINT" else pl.String for name, kind in given["columns"].items()}
weights = pl.LazyFrame(given["weights"], schema=["request_type", "model", "cost"], orient="row")
start = time.perf_counter()
log = pl.scan_csv(given["file"], schema=types) if given["csv"] else pl.scan_ndjson(given["file"], schema=types)
cost = pl.when(pl.col("request_type") == "tab_completion").then(0).otherwise(pl.col("cost").fill_null(1))
total = (log.select("request_type", "model").join(weights, on=["request_type", "model"], how="left")
  .select(cost.sum()).collect(engine="streaming").item())
print(json.dumps({"total": str(total), "seconds": time.perf_counter() - start}))
"""


def run(words, given=None):
    """The output of a process, how long it took, its processors' time, and its memory at most, in MiB."""
    start = time.perf_counter()
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    if given is not None:
        process.stdin.write(json.dumps(given).encode())
    process.stdin.close()
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{words[0]} ended with {process.returncode}: {output.decode()}")
    return output, seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def ratecard(card, file, unit=1):
    def measure():
        output, seconds, work, memory = run([PROGRAM, "backtest", card, "--usage", file, "--format", "json"])
        report = json.loads(output)
        assert report["rows"] == ROWS and report["unpriced"] == 0, report
        whole, _, part = report["credits"].partition(".")
        total = int(whole) * unit + int((part + "0" * 9)[:len(str(unit)) - 1] or 0)
        return str(total), seconds, work, memory
    return measure


def peer(script, given):
    def measure():
        output, _, work, memory = run([sys.executable, "-c", script], given)
        answer = json.loads(output.splitlines()[-1])
        return answer["total"], answer["seconds"], work, memory
    return measure


def contests():
    csv, jsonl, rules = (f"{path('shipped')}.csv", f"{path('shipped')}.jsonl", f"{path('rules')}.csv")
    columns = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    def read_csv(file):
        return f"read_csv('{file}', header = true, auto_detect = false, delim = ',', columns = {{{columns}}})"
    def read_json(file):
        wanted = "'request_type': 'VARCHAR', 'model': 'VARCHAR'"
        return f"read_json('{file}', format = 'newline_delimited', columns = {{{wanted}}})"
    weights = [[kind, model, cost] for kind, row in WEIGHTS.items() for model, cost in row.items()]
    def polars(file, is_csv):
        return peer(POLARS, {"file": file, "csv": is_csv, "columns": COLUMNS, "weights": weights})
    card = os.path.join(FOLDER, "rules")
    write_card(card)
    return [
        ("CSV, the shipped card", {"duckdb": 2.5, "polars": 1.5}, {
            "ratecard": ratecard("pricing", csv), "duckdb": peer(DUCKDB, duckdb_shipped(read_csv(csv))),
            "polars": polars(csv, True)}),
        ("CSV, 1,000 rules", {"duckdb": 1.0}, {
            "ratecard": ratecard(card, rules, 1000),
            "duckdb": peer(DUCKDB, duckdb_rules(read_csv(rules)))}),
        ("JSON Lines, the shipped card", {"duckdb": 1.5}, {
            "ratecard": ratecard("pricing", jsonl),
            "duckdb": peer(DUCKDB, duckdb_shipped(read_json(jsonl))), "polars": polars(jsonl, False)}),
    ]


def main():
    write_logs()
    results, missed = [], []
    for title, goals, contenders in contests():
        best = {}
        for _ in range(ROUNDS):
            totals = {}
            for name, measure in contenders.items():
                totals[name], *seen = measure()
                known = best.get(name, seen)
                best[name] = [min(known[0], seen[0]), min(known[1], seen[1]), max(known[2], seen[2])]
            if len(set(totals.values())) != 1:
                sys.exit(f"{title}: the sums differ: {totals}")
        own = best["ratecard"][0]
        print(f"{title}, {ROWS:,} rows, total {totals['ratecard']}")
        for name, (seconds, work, memory) in best.items():
            ratio = seconds / own
            goal = goals.get(name)
            print(
                f"  {name:10} {seconds:7.3f} s  {ROWS / seconds / 1e6:6.1f} M rows/s  {work:7.2f} s of processors"
                f"  {memory:6.0f} MiB"
                + (f"  {ratio:5.2f} x" if name != "ratecard" else "")
                + (f" (goal {goal})" if goal else ""))
            if goal and ratio < goal:
                missed.append(f"{title}: {ratio:.2f} x {name}, not {goal}")
            results.append(
                {"contest": title, "name": name, "rows": ROWS, "seconds": seconds, "processors": work,
                 "mebibytes": memory})
        if best["ratecard"][2] > 64:
            missed.append(f"{title}: {best['ratecard'][2]:.0f} MiB, not 64")
    with open(os.path.join(FOLDER, "results.json"), "w") as file:
        json.dump(results, file, indent=2)
    for line in missed:
        print(f"missed: {line}", file=sys.stderr)
    sys.exit(1 if missed else 0)


main()
