from moto.dynamodb.parsing.reserved_keywords import ReservedKeywords

from local.dynamodb.limits.reserved_words import reserved_words


def test_the_list_is_the_documented_one() -> None:
    """573 words, in upper case, among them those that our items would need."""
    assert reserved_words() == set(ReservedKeywords.get_reserved_keywords())
    assert len(reserved_words()) == 573
    assert {"NAME", "STATUS", "TTL", "COUNTERS"} - reserved_words() == {"COUNTERS"}
