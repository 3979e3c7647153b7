"""The words that stand for themselves in no expression of DynamoDB's."""

from functools import cache
from importlib.metadata import distribution
from pathlib import Path


@cache
def reserved_words() -> frozenset[str]:
    """The 573 of "Reserved words in DynamoDB" of the Developer Guide, in upper case.

    From moto's copy of the list, without loading moto, which takes a second.
    """
    file = distribution("moto").locate_file("moto/dynamodb/parsing/reserved_keywords.txt")
    return frozenset(Path(str(file)).read_text(encoding="ascii").split())
