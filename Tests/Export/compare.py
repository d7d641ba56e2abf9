#!/usr/bin/env python3
"""Runs exported queries on databases and compares their answers with the evaluator's.

Reads cards from a JSON Lines file, as `ExportedCardTests` writes them: of each the table of requests,
the answers that are expected, and one query a dialect. Everything but PostgreSQL's comes from PyPI.

    compare.py FILE [--duckdb] [--postgres URL] [--spark]
"""

import argparse
import decimal
import json
import subprocess
import sys

TYPES = {
    "duckdb": {
        "text": "TEXT", "flag": "BOOLEAN", "count": "BIGINT", "quantity": "DECIMAL(24, 9)",
        "number": "DECIMAL(24, 9)", "instant": "TIMESTAMPTZ",
    },
    "postgres": {
        "text": "TEXT", "flag": "BOOLEAN", "count": "BIGINT", "quantity": "NUMERIC",
        "number": "NUMERIC", "instant": "TIMESTAMPTZ",
    },
    "spark": {
        "text": "STRING", "flag": "BOOLEAN", "count": "BIGINT", "quantity": "DECIMAL(24, 9)",
        "number": "DECIMAL(24, 9)", "instant": "TIMESTAMP",
    },
}  # fmt: skip
QUERY = "SELECT id, credits, rule, denied, error FROM ({}) AS answers ORDER BY id"


def literal(value, kind, dialect):
    """A value of a table as an expression."""
    type_ = TYPES[dialect][kind]
    if value is None:
        return f"CAST(NULL AS {type_})"
    if kind == "flag":
        return str(value).upper()
    text = str(value)
    if dialect == "spark":
        text = text.replace("\\", "\\\\").replace("'", "\\'")
    else:
        text = text.replace("'", "''")
    return f"CAST('{text}' AS {type_})"


def quote(name, dialect):
    mark = "`" if dialect == "spark" else '"'
    return mark + name.replace(mark, mark * 2) + mark


def table(card, dialect):
    """The requests as a relation, with a number each."""
    names = ["id"] + [quote(column["name"], dialect) for column in card["columns"]]
    kinds = [column["kind"] for column in card["columns"]]
    rows = []
    for number, row in enumerate(card["rows"]):
        values = [literal(value, kind, dialect) for value, kind in zip(row, kinds)]
        rows.append("(" + ", ".join([str(number)] + values) + ")")
    return f"SELECT * FROM (VALUES {', '.join(rows)}) AS t({', '.join(names)})"


class DuckDB:
    dialect = "duckdb"

    def __init__(self):
        import duckdb

        self.connection = duckdb.connect()

    def answers(self, card):
        self.connection.execute(
            f'CREATE OR REPLACE TABLE "usage" AS {table(card, self.dialect)}'
        )
        query = QUERY.format(card["queries"][self.dialect])
        return self.connection.execute(query).fetchall()


class PostgreSQL:
    dialect = "postgres"

    def __init__(self, url):
        self.url = url

    def answers(self, card):
        query = QUERY.format(card["queries"][self.dialect])
        script = (
            "SET client_min_messages = error;\n"
            f'CREATE TEMP TABLE "usage" AS {table(card, self.dialect)};\n'
            f"SELECT json_build_array(id, credits::text, rule, denied, error) FROM ({query}) AS a;\n"
        )
        run = subprocess.run(
            ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align",
             "--set", "ON_ERROR_STOP=1", self.url],
            input=script, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        if run.returncode != 0:
            raise RuntimeError(run.stderr)
        return [json.loads(line) for line in run.stdout.splitlines()]


class Spark:
    dialect = "spark"

    def __init__(self):
        from pyspark.sql import SparkSession

        self.session = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "1")
            # Exported queries must not depend on the session's zone.
            .config("spark.sql.session.timeZone", "America/New_York")
            .config("spark.log.level", "ERROR")
            .getOrCreate()
        )

    def answers(self, card):
        self.session.sql(table(card, self.dialect)).createOrReplaceTempView("usage")
        query = QUERY.format(card["queries"][self.dialect])
        return [tuple(row) for row in self.session.sql(query).collect()]


def differences(card, answers):
    expected = card["answers"]
    if len(answers) != len(expected):
        yield f"{len(answers)} answers to {len(expected)} requests"
        return
    for (number, credits, rule, denied, error), wanted in zip(answers, expected):
        given = {"credits": None if credits is None else decimal.Decimal(credits),
                 "rule": rule, "denied": denied, "error": error}  # fmt: skip
        if wanted.get("error") == "overflow":
            continue  # The evaluator has less room than a database.
        if wanted["credits"] is not None:
            wanted = wanted | {"credits": decimal.Decimal(wanted["credits"])}
        if given != wanted:
            names = [column["name"] for column in card["columns"]]
            request = dict(zip(names, card["rows"][number]))
            yield f"request {json.dumps(request)}\n  database {given}\n  evaluator {wanted}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--duckdb", action="store_true")
    parser.add_argument("--postgres", metavar="URL")
    parser.add_argument("--spark", action="store_true")
    options = parser.parse_args()
    databases = []
    if options.duckdb:
        databases.append(DuckDB())
    if options.postgres:
        databases.append(PostgreSQL(options.postgres))
    if options.spark:
        databases.append(Spark())
    cards = refused = answered = failures = 0
    with open(options.file, encoding="utf-8") as lines:
        for line in lines:
            card = json.loads(line)
            cards += 1
            for database in databases:
                if database.dialect not in card["queries"]:
                    refused += 1
                    continue
                try:
                    found = list(differences(card, database.answers(card)))
                except Exception as error:
                    found = [f"{type(error).__name__}: {str(error)[:2000]}"]
                answered += len(card["rows"])
                if found:
                    failures += 1
                    if failures <= 5:
                        print(f"{card['name']} on {database.dialect}:", *found[:3], sep="\n")
                        print(card["text"])
    names = ", ".join(database.dialect for database in databases)
    print(f"{cards} cards on {names}: {answered} answers, {refused} refused, {failures} wrong")
    return 1 if failures or not answered or refused * 4 > cards * len(databases) else 0


if __name__ == "__main__":
    sys.exit(main())
