"""The shipped card's decision, and durable usage, on FastAPI, as one would write them by hand.

    uvicorn decisions:app    (RATECARD_USAGE names the SQLite file that keeps usage)
"""
import os
import sqlite3
import uuid
from datetime import datetime, timezone

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel

app = FastAPI()

WEIGHTS = {
    "chat": {"gpt-4o-mini": 1, "gpt-4o": 1, "claude-sonnet": 1},
    "composer": {"gpt-4o-mini": 2, "gpt-4o": 5, "claude-sonnet": 5},
    "agent": {"gpt-4o": 10, "claude-sonnet": 10, "o1": 25},
}
PLAN_CREDITS = {"hobby": 50, "pro": 500, "pro+": 5_000, "ultra": 50_000}
CUSTOMERS = {
    f"customer {n:06}": ("pro", 0 if n % 10 == 0 else 10**12, "slow" if n % 10 == 0 else "premium")
    for n in range(100_000)}
UNKNOWN = (None, None, None)

usage = sqlite3.connect(os.environ.get("RATECARD_USAGE", ":memory:"), check_same_thread=False)
usage.executescript("""
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS usage (
      id TEXT NOT NULL PRIMARY KEY, customer TEXT NOT NULL, credits INTEGER NOT NULL,
      at TEXT NOT NULL, attributes TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS pending (
      customer TEXT NOT NULL PRIMARY KEY, credits INTEGER NOT NULL);
""")


class Request(BaseModel):
    customer: str | None = None
    request_type: str | None = None
    model: str | None = None
    plan: str | None = None
    balance: int | None = None
    current_tier: str | None = None


class Usage(BaseModel):
    id: str
    customer: str
    request_type: str | None = None
    model: str | None = None


def tier_of(balance, plan, current):
    if balance is not None and balance <= 0:
        return "slow", "no credits left"
    if current != "slow":
        return "premium", "premium"
    credits = PLAN_CREDITS.get(plan)
    if balance is None or credits is None:
        return "slow", "slow while unknown"
    return ("slow", "slow until topped up") if balance * 100 < credits * 20 else ("premium", "premium")


def cost_of(kind, model):
    if kind == "tab_completion":
        return 0, "request weights/tab_completion/any"
    cost = WEIGHTS.get(kind, {}).get(model)
    if cost is None:
        return 1, "anything else"
    return cost, f"request weights/{kind}/{model}"


@app.post("/v1/decide")
async def decide(request: Request):
    plan, balance, current = CUSTOMERS.get(request.customer, UNKNOWN)
    tier, tier_rule = tier_of(
        balance if request.balance is None else request.balance, request.plan or plan,
        request.current_tier or current)
    slow = tier == "slow"
    model = "gpt-4o-mini" if slow else "claude-sonnet"
    credits, rule = cost_of(request.request_type, model)
    return {
        "credits": str(credits), "rule": rule, "tier": tier, "tier_rule": tier_rule, "model": model,
        "requested_model": request.model, "queue": "standard" if slow else "priority",
        "fallbacks": [] if slow else ["gpt-4o", "gpt-4o-mini"], "params": {},
        "route": "out of premium requests" if slow else "premium", "adjustments": [],
        "ratecard": "cursor", "version": "0" * 64,
        "at": datetime.now(timezone.utc).isoformat(), "decision": str(uuid.uuid4())}


@app.post("/v1/usage")
async def record(report: Usage):
    credits, _ = cost_of(report.request_type, report.model)
    attributes = report.model_dump_json()
    with usage:
        added = usage.execute(
            "INSERT INTO usage VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (report.id, report.customer, credits, datetime.now(timezone.utc).isoformat(), attributes))
        if added.rowcount == 0:
            (known,) = usage.execute(
                "SELECT attributes FROM usage WHERE id = ?", (report.id,)).fetchone()
            if known != attributes:
                raise HTTPException(409)
        else:
            usage.execute(
                "INSERT INTO pending VALUES (?, ?) "
                "ON CONFLICT (customer) DO UPDATE SET credits = credits + excluded.credits",
                (report.customer, credits))
    return {"event_id": report.id, "credits": str(credits), "recorded": True}
