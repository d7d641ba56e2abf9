"""Checkout sessions, and what happens when a customer pays one."""

from datetime import timedelta
from decimal import Decimal

from dodo import accounts, customers, payments, products, subscriptions, webhooks
from dodo.clock import write_time
from dodo.refusal import conflict, missing, unprocessable

LIFETIME = timedelta(hours=24)
CONFIRMED_LIFETIME = timedelta(minutes=15)


def create(world, call):
    """A session. There is no idempotency key: asking twice makes two."""
    body = call.body
    if not body["product_cart"]:
        if body.get("product_collection_id") is None:
            raise unprocessable("product_cart is empty", "PRODUCT_CART_EMPTY")
        raise unprocessable("product collections are not part of the stand-in")
    for item in body["product_cart"]:
        _check_item(world, item)
    customer = body.get("customer") or {}
    if "customer_id" in customer and customer["customer_id"] not in world.customers:
        raise unprocessable("customer does not exist")
    if "@" not in customer.get("email", "@"):
        raise unprocessable("email is no e-mail address")
    identifier = world.ids.make("cks")
    now = world.clock.now()
    world.sessions[identifier] = {
        "id": identifier,
        "request": body,
        "created_at": now,
        "expires_at": now + (CONFIRMED_LIFETIME if body.get("confirm") else LIFETIME),
        "payment_id": None,
        "consumed": False,
    }
    return {
        "session_id": identifier,
        "checkout_url": f"https://{world.mode}.checkout.dodopayments.com/session/{identifier}",
    }


def _check_item(world, item):
    product = world.products.get(item["product_id"])
    if product is None or product["archived"]:
        raise unprocessable("a product of the cart does not exist")
    if product["price"]["type"] == "usage_based_price":
        if item["quantity"] != 1:
            raise unprocessable(
                "Only 1 quantity allowed in usage based price products", "INVALID_QUANTITY"
            )
        if item.get("addons"):
            raise unprocessable(
                "add-ons in usage based billing are not supported",
                "ADDONS_IN_USAGE_BASED_BILLING_NOT_SUPPORTED",
            )
    attached = {mapping["credit_entitlement_id"] for mapping in product["credit_entitlements"]}
    for override in item.get("credit_entitlements") or []:
        if override["credit_entitlement_id"] not in attached:
            raise unprocessable("a credit entitlement of the cart is not attached to its product")
        if Decimal(override["credits_amount"]) <= 0:
            raise unprocessable("credits_amount must be more than 0")


def find(world, identifier):
    session = world.sessions.get(identifier)
    if session is None:
        raise missing("checkout session")
    return session


def read(world, call):
    session = find(world, call.params["id"])
    payment = world.payments.get(session["payment_id"])
    customer = payment["customer"] if payment else session["request"].get("customer") or {}
    return {
        "id": session["id"],
        "created_at": write_time(session["created_at"]),
        "payment_id": session["payment_id"],
        "payment_status": payment["status"] if payment else None,
        "customer_email": customer.get("email"),
        "customer_name": customer.get("name"),
    }


def complete(world, identifier, outcome="succeeded", email=None, name=None):
    """The customer pays, or fails to. Answers the ids of everything that came of it."""
    session = find(world, identifier)
    if session["consumed"]:
        raise conflict("the session was paid before", "CHECKOUT_SESSION_CONSUMED")
    if world.clock.now() >= session["expires_at"]:
        raise conflict("the session has expired", "CHECKOUT_SESSION_EXPIRED")
    customer = _customer(world, session["request"], email, name)
    if outcome == "failed":
        failed = payments.pay(world, customer, 0, "USD", {}, status="failed")
        session["payment_id"] = failed["payment_id"]
        webhooks.emit(world, "payment.failed", ("payment", failed["payment_id"]))
        return {
            "customer_id": customer["customer_id"],
            "payment_id": failed["payment_id"],
            "subscription_ids": [],
        }
    session["consumed"] = True
    made, payment = [], None
    for item in session["request"]["product_cart"]:
        payment, subscription = _sell(world, customer, session["request"], item)
        if subscription is not None:
            made.append(subscription["subscription_id"])
    session["payment_id"] = payment["payment_id"]
    return {
        "customer_id": customer["customer_id"],
        "payment_id": payment["payment_id"],
        "subscription_ids": made,
    }


def _customer(world, request, email, name):
    wanted = request.get("customer") or {}
    if "customer_id" in wanted:
        return customers.find(world, wanted["customer_id"])
    email = email or wanted.get("email")
    if email is None:
        raise unprocessable("nobody gave an e-mail address")
    always_new = (request.get("feature_flags") or {}).get("always_create_new_customer")
    known = None if always_new else customers.by_email(world, email)
    return known or customers.add(
        world, email, name or wanted.get("name") or email, wanted.get("phone_number")
    )


def _sell(world, customer, request, item):
    product = products.find(world, item["product_id"])
    metadata = dict(request.get("metadata") or {})
    mappings = products.bought_credits(product, item)
    price = product["price"]
    amount = price.get("price", price.get("fixed_price"))
    if not product["is_recurring"]:
        payment = payments.pay(
            world, customer, amount * item["quantity"], price["currency"], metadata
        )
        webhooks.emit(world, "payment.succeeded", ("payment", payment["payment_id"]))
        for mapping in mappings:
            account = accounts.open_account(
                world, customer["customer_id"], mapping["credit_entitlement_id"]
            )
            source = ("one_time", payment["payment_id"])
            accounts.grant(
                world, account, Decimal(mapping["credits_amount"]), source, mapping, metadata,
                accounts.expiry(world, mapping), reference=("payment", payment["payment_id"]),
            )  # fmt: skip
        return payment, None
    trial = (request.get("subscription_data") or {}).get("trial_period_days")
    return subscriptions.start(
        world, customer, product, item["quantity"], mappings, metadata, request, trial
    )
