"""Credit entitlements, customers' balances of them, and entries made by hand in their ledger."""

from decimal import Decimal

from dodo import accounts, paging
from dodo.clock import parse_time, write_time
from dodo.exact import BOUND, plain
from dodo.refusal import Refusal, conflict, invalid, missing, unprocessable
from dodo.shape import fields
from dodo.world import BUSINESS

OPTIONAL = (
    "description", "currency", "expires_after_days", "rollover_percentage", "rollover_timeframe_count",
    "rollover_timeframe_interval", "max_rollover_count", "overage_limit", "price_per_unit",
)  # fmt: skip


def create(world, call):
    body = call.body
    now = write_time(world.clock.now())
    entitlement = {"id": world.ids.make("cde"), "business_id": BUSINESS}
    for name in ("name", "precision", "unit", "rollover_enabled", "overage_enabled"):
        entitlement[name] = body[name]
    entitlement["overage_behavior"] = body.get("overage_behavior") or "forgive_at_reset"
    entitlement.update({name: body.get(name) for name in OPTIONAL})
    check_terms(entitlement)
    entitlement.update(created_at=now, updated_at=now, deleted=False)
    world.entitlements[entitlement["id"]] = entitlement
    return answer(entitlement)


def check_terms(terms):
    """What the published rules ask of an entitlement, or of a product's own version of one."""
    if (terms["rollover_timeframe_count"] is None) != (
        terms["rollover_timeframe_interval"] is None
    ):
        raise unprocessable(
            "rollover_timeframe_count and _interval must both be set or both be null"
        )
    if terms["overage_enabled"] and terms["price_per_unit"] is None:
        raise unprocessable("price_per_unit is required when overage is enabled")
    if terms["price_per_unit"] is not None:
        if terms["currency"] is None:
            raise unprocessable("currency is required when price_per_unit is set")
        if Decimal(terms["price_per_unit"]) < 0:
            raise unprocessable("price_per_unit must not be negative")


def answer(entitlement):
    return {name: value for name, value in entitlement.items() if name != "deleted"}


def find(world, identifier):
    entitlement = world.entitlements.get(identifier)
    if entitlement is None or entitlement["deleted"]:
        raise missing("credit entitlement")
    return entitlement


def read(world, call):
    return answer(find(world, call.params["id"]))


def listing(world, call):
    paging.known_only(call.query, {"deleted", "page_number", "page_size"})
    deleted = paging.flag(call.query, "deleted")
    return paging.page(
        [e for e in world.entitlements.values() if e["deleted"] == deleted], call.query, answer
    )


def patch(world, call):
    """Changes what is given; null leaves a field as it is, and the precision cannot be changed."""
    entitlement = find(world, call.params["id"])
    changed = {
        **entitlement,
        **{name: value for name, value in call.body.items() if value is not None},
    }
    check_terms(changed)
    entitlement.update(changed, updated_at=write_time(world.clock.now()))


def delete(world, call):
    entitlement = world.entitlements.get(call.params["id"])
    if entitlement is not None and entitlement["deleted"]:
        raise Refusal(410, "NOT_FOUND", "credit entitlement is already deleted")
    find(world, call.params["id"])["deleted"] = True


def undelete(world, call):
    entitlement = world.entitlements.get(call.params["id"])
    if entitlement is None:
        raise missing("credit entitlement")
    entitlement["deleted"] = False


# Balances


def _account(world, call):
    find(world, call.params["credit_entitlement_id"])
    key = (call.params["customer_id"], call.params["credit_entitlement_id"])
    account = world.accounts.get(key)
    if account is None:
        raise missing("balance")
    return account


def balance_answer(account):
    updated = account.last_transaction_at or account.created_at
    return {
        "id": account.id,
        "customer_id": account.customer_id,
        "credit_entitlement_id": account.entitlement_id,
        "balance": plain(account.balance),
        "overage": plain(account.overage),
        "last_transaction_at": write_time(account.last_transaction_at),
        "created_at": write_time(account.created_at),
        "updated_at": write_time(updated),
    }


def balance(world, call):
    return balance_answer(_account(world, call))


def balances(world, call):
    paging.known_only(call.query, {"customer_id", "page_number", "page_size"})
    identifier = find(world, call.params["credit_entitlement_id"])["id"]
    found = [
        account
        for account in world.accounts.values()
        if account.entitlement_id == identifier
        and call.query.get("customer_id", account.customer_id) == account.customer_id
    ]
    return paging.page(found, call.query, balance_answer)


def grant_answer(grant):
    return {
        "id": grant.id,
        "credit_entitlement_id": grant.entitlement_id,
        "customer_id": grant.customer_id,
        "source_type": grant.source_type,
        "source_id": grant.source_id,
        "initial_amount": plain(grant.initial),
        "remaining_amount": plain(grant.remaining),
        "rollover_count": grant.rollover_count,
        "is_expired": grant.expired,
        "is_rolled_over": grant.rolled_over,
        "parent_grant_id": grant.parent_id,
        "expires_at": write_time(grant.expires_at),
        "metadata": grant.metadata,
        "created_at": write_time(grant.created_at),
        "updated_at": write_time(grant.updated_at),
    }


def grants(world, call):
    paging.known_only(call.query, {"status", "page_number", "page_size"})
    status = call.query.get("status")
    if status not in (None, "active", "expired", "depleted"):
        raise unprocessable("status is active, expired or depleted")
    found = [grant for grant in _account(world, call).grants if status in (None, grant.status)]
    return paging.page(found, call.query, grant_answer)


def ledger(world, call):
    paging.known_only(
        call.query, {"transaction_type", "start_date", "end_date", "page_number", "page_size"}
    )
    account = _account(world, call)
    start, end = (paging.moment(call.query, name) for name in ("start_date", "end_date"))
    kind = call.query.get("transaction_type")
    found = [
        entry
        for entry in world.entries
        if (entry["customer_id"], entry["credit_entitlement_id"])
        == (account.customer_id, account.entitlement_id)
        and kind in (None, entry["transaction_type"])
        and (start is None or parse_time(entry["created_at"]) >= start)
        and (end is None or parse_time(entry["created_at"]) <= end)
    ]
    return paging.page(found, call.query)


def of_customer(world, call):
    """All balances of one customer."""
    if call.params["customer_id"] not in world.customers:
        raise missing("customer")
    items = []
    for account in world.accounts.values():
        if account.customer_id == call.params["customer_id"]:
            entitlement = world.entitlements[account.entitlement_id]
            items.append(
                {
                    "credit_entitlement_id": account.entitlement_id,
                    "name": entitlement["name"],
                    "unit": entitlement["unit"],
                    "balance": plain(account.balance),
                    "overage": plain(account.overage),
                    "description": entitlement["description"],
                }
            )
    return {"items": items}


def enter(world, call):
    """An entry made by hand: the one way to add or take credits at once."""
    body = call.body
    entitlement = find(world, call.params["credit_entitlement_id"])
    customer_id = call.params["customer_id"]
    if customer_id not in world.customers:
        raise missing("customer")
    amount = Decimal(body["amount"])
    if not 0 < amount < BOUND or -amount.as_tuple().exponent > 28:
        raise invalid("amount is out of bounds")
    is_credit = body["entry_type"] == "credit"
    expires_at = parse_time(body.get("expires_at"))
    if expires_at is not None and (not is_credit or expires_at <= world.clock.now()):
        raise invalid("expires_at is for a credit, and lies ahead")
    key = body.get("idempotency_key")
    if key is not None and key in world.idempotency_keys:
        raise conflict("Idempotency key already exists", "IDEMPOTENCY_KEY_ALREADY_EXISTS")
    account = world.accounts.get((customer_id, entitlement["id"]))
    if not is_credit and (account is None or account.balance < amount):
        raise invalid("insufficient balance", "INSUFFICIENT_BALANCE")
    if key is not None:
        world.idempotency_keys.add(key)
    account = accounts.open_account(world, customer_id, entitlement["id"])
    words = {"description": body.get("reason"), "reference": ("api", key)}
    if is_credit:
        entry = accounts.grant(
            world,
            account,
            amount,
            ("api", key),
            entitlement,
            body.get("metadata") or {},
            expires_at,
            **words,
        )
    else:
        entry = accounts.debit(
            world,
            account,
            amount,
            world.settings["api_debit_type"],
            body.get("metadata") or {},
            **words,
        )
    wanted = fields("CreateLedgerEntryResponse")
    return {
        **{name: value for name, value in entry.items() if name in wanted},
        "entry_type": body["entry_type"],
        "reason": body.get("reason"),
    }


def adjust(world, customer_id, entitlement_id, amount):
    """What an operator does on the provider's dashboard: more or fewer credits, from no grant."""
    account = accounts.open_account(world, customer_id, entitlement_id)
    if amount < 0:
        return accounts.debit(
            world, account, min(-amount, account.balance), "manual_adjustment", {}
        )
    source = ("api", None)
    return accounts.grant(
        world,
        account,
        amount,
        source,
        world.entitlements[entitlement_id],
        {},
        None,
        "manual_adjustment",
    )
