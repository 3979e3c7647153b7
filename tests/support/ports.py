"""Ports for servers that tests start. Standard library alone: SAM CLI's environment has it too."""

import contextlib
import random
import socket

# Below those that Linux and macOS give to connections, which would take one before it is served.
_PORTS = range(10_000, 32_768)
_random = random.SystemRandom()


def free_port() -> int:
    """A port that nothing listens on just now."""
    while True:
        port = _random.choice(_PORTS)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
