#!/usr/bin/env python3
"""A stand-in for the billing provider Dodo Payments, on loopback. README.md says what it does.

Prints one line, its address, when it is ready; stops at SIGTERM or SIGINT.
"""

import argparse
import os
import signal
import sys
import threading

from dodo import webhooks
from dodo.clock import START, Clock, parse_time
from dodo.server import Server
from dodo.world import World


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0, help="0, the default: any free one")
    parser.add_argument("--seed", type=int, default=0, help="what ids and chance depend on")
    parser.add_argument(
        "--state", metavar="FILE", help="read at the start if it is there, written at the end"
    )
    parser.add_argument(
        "--mode", choices=("test", "live"), default="test", help="whose keys are taken"
    )
    parser.add_argument("--key", help="the key with all rights (default: dodo_MODE_standin)")
    parser.add_argument(
        "--now", help=f"what the clock shows at first (default: {START:%Y-%m-%dT%H:%M:%SZ})"
    )
    parser.add_argument(
        "--follow", action="store_true", help="the clock runs; else it stands until it is moved"
    )
    parser.add_argument("--webhook", metavar="URL", help="an endpoint for all webhooks")
    parser.add_argument(
        "--webhook-secret", metavar="SECRET", help="what its messages are signed with"
    )
    options = parser.parse_args()
    options.start = parse_time(options.now) if options.now else START
    if options.start is None:
        parser.error("--now wants a time like 2026-11-23T10:00:00Z")
    return options


def main():
    options = arguments()
    if options.state and os.path.exists(options.state):
        world = World.load(options.state)
    else:
        world = World(options.seed, options.mode, Clock(options.start, options.follow))
    if options.webhook and all(
        endpoint["url"] != options.webhook for endpoint in world.endpoints.values()
    ):
        webhooks.add_endpoint(world, options.webhook, options.webhook_secret)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    server = Server(world, options.port, options.key)
    server.start()
    print(server.address, flush=True)
    stop.wait()
    server.stop()
    if options.state:
        world.save(options.state)


if __name__ == "__main__":
    sys.exit(main())
