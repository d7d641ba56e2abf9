"""Customers. Nothing makes their e-mail addresses unique: creating one twice makes two."""

from dodo import paging
from dodo.clock import parse_time, write_time
from dodo.refusal import missing, unprocessable
from dodo.world import BUSINESS


def add(world, email, name, phone_number=None, metadata=None, identifier=None):
    """A customer with a given id or one of its own."""
    if "@" not in email:
        raise unprocessable("email is no e-mail address")
    customer = {
        "customer_id": identifier or world.ids.make("cus"),
        "business_id": BUSINESS,
        "email": email,
        "name": name,
        "phone_number": phone_number,
        "metadata": metadata or {},
        "created_at": write_time(world.clock.now()),
    }
    world.customers[customer["customer_id"]] = customer
    return customer


def create(world, call):
    body = call.body
    return add(world, body["email"], body["name"], body.get("phone_number"), body.get("metadata"))


def find(world, identifier):
    customer = world.customers.get(identifier)
    if customer is None:
        raise missing("customer")
    return customer


def read(world, call):
    return find(world, call.params["customer_id"])


def patch(world, call):
    customer = find(world, call.params["customer_id"])
    customer.update({name: value for name, value in call.body.items() if value is not None})
    return customer


def listing(world, call):
    query = call.query
    paging.known_only(
        query, {"email", "name", "created_at_gte", "created_at_lte", "page_number", "page_size"}
    )
    start, end = (paging.moment(query, name) for name in ("created_at_gte", "created_at_lte"))
    found = [
        customer
        for customer in world.customers.values()
        if query.get("email", customer["email"]) == customer["email"]
        and query.get("name", customer["name"]) == customer["name"]
        and (start is None or parse_time(customer["created_at"]) >= start)
        and (end is None or parse_time(customer["created_at"]) <= end)
    ]
    return paging.page(found, query)


def by_email(world, email):
    """The first customer with an address, or nothing."""
    return next(
        (customer for customer in world.customers.values() if customer["email"] == email), None
    )


def brief(customer):
    """A customer as subscriptions and payments show them."""
    return {
        name: customer[name]
        for name in ("customer_id", "email", "name", "phone_number", "metadata")
    }
