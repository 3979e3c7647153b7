import random
import subprocess
import sys
from collections.abc import Iterator

import pytest

from ac_scan.token import ALPHABET
from tests.integration.leak_kit.kit import RUN

STRINGS = 22_000_000
_BATCH = 100_000
_CHARACTERS = 38
# Of 256 bytes the first 248 fall evenly on 62 characters; the others are left out.
_BASE62 = bytes(ALPHABET[byte % 62] for byte in range(256))
_UNEVEN = bytes(range(248, 256))


def random_strings(count: int, seed: int) -> Iterator[bytes]:
    """Lines of `ac_live_` and 38 random characters, in batches; the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count // _BATCH):
        drawn = b""
        while len(drawn) < _BATCH * _CHARACTERS:
            drawn += chance.randbytes(_BATCH * _CHARACTERS).translate(_BASE62, _UNEVEN)
        ends = range(0, _BATCH * _CHARACTERS, _CHARACTERS)
        yield b"".join(b"ac_live_%b\n" % drawn[end : end + _CHARACTERS] for end in ends)


@pytest.mark.prove
def test_chance_makes_no_keys(key: str) -> None:
    """In 1 GB of the right form at most two pass (0.0004 expected); the real one is found."""
    sent = 0
    with subprocess.Popen(
        [sys.executable, RUN, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as scan:
        assert scan.stdin is not None
        assert scan.stdout is not None
        for batch in random_strings(STRINGS, seed=1):
            sent += scan.stdin.write(batch)
        scan.stdin.write(key.encode())
        scan.stdin.close()
        printed = scan.stdout.read().decode().splitlines()
    assert sent > 1_000_000_000
    assert printed[-1].startswith(f"standard input:{STRINGS + 1}: ")
    assert len(printed) - 1 <= 2
