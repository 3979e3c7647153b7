from local.dynamodb.limits.ledger import Entry, Ledger

GET = Entry("GetItem", reads=1, writes=0, sent=10, received=100, error=None)
PUT = Entry("PutItem", reads=0, writes=2, sent=50, received=2, error="ThrottlingException")


def test_a_window_holds_what_passes_while_it_is_open() -> None:
    """Several at once each hold their own."""
    ledger = Ledger()
    ledger.record(GET)
    with ledger.window() as outer:
        ledger.record(GET)
        with ledger.window() as inner:
            ledger.record(PUT)
        ledger.record(GET)
    ledger.record(PUT)
    assert outer.entries == [GET, PUT, GET]
    assert inner.entries == [PUT]
    assert ledger.operations == {"GetItem": 3, "PutItem": 2}


def test_a_window_adds_up() -> None:
    """Operations, errors, units and bytes."""
    ledger = Ledger()
    with ledger.window() as window:
        for entry in (GET, GET, PUT):
            ledger.record(entry)
    assert window.operations == {"GetItem": 2, "PutItem": 1}
    assert window.errors == {"ThrottlingException": 1}
    assert (window.reads, window.writes, window.received) == (2, 2, 202)
