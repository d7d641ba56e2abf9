"""Lists, a page at a time. The first page is page 0."""

from dodo.clock import parse_time
from dodo.refusal import unprocessable

DEFAULT_SIZE = 10
LARGEST_SIZE = 100


def page(items, query, write=lambda item: item):
    """The answer for one page of a list."""
    number = whole(query, "page_number", 0)
    size = whole(query, "page_size", DEFAULT_SIZE)
    if size > LARGEST_SIZE:
        raise unprocessable(f"page_size is at most {LARGEST_SIZE}", "INVALID_REQUEST_PARAMETERS")
    return {"items": [write(item) for item in items[number * size : (number + 1) * size]]}


def whole(query, name, default):
    """A query's number that is not negative."""
    text = query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()):
        raise unprocessable(f"{name} is not a number", "INVALID_REQUEST_PARAMETERS")
    return int(text)


def moment(query, name, refuse=unprocessable):
    """A query's time, or nothing."""
    text = query.get(name)
    if text is None:
        return None
    found = parse_time(text)
    if found is None:
        raise refuse(f"{name} is not a time")
    return found


def flag(query, name):
    """A query's true or false."""
    text = query.get(name, "false")
    if text not in ("true", "false"):
        raise unprocessable(f"{name} is true or false", "INVALID_REQUEST_PARAMETERS")
    return text == "true"


def known_only(query, names):
    """Refuses a query that asks for what the description does not have."""
    for name in query:
        if name not in names:
            raise unprocessable(f"there is no parameter {name}", "INVALID_REQUEST_PARAMETERS")
