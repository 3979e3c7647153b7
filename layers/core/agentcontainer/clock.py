"""Times: aware UTC datetimes inside, epoch milliseconds in items, RFC 3339 on the wire."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def utc_now() -> datetime:
    """The present, cut to the millisecond that items and answers can hold."""
    return from_millis(to_millis(datetime.now(UTC)))


def to_millis(moment: datetime) -> int:
    """Whole milliseconds since the Unix epoch, rounded down."""
    return (moment - _EPOCH) // _MILLISECOND


def from_millis(millis: int) -> datetime:
    """The UTC datetime of epoch milliseconds, exact (no float in between)."""
    return _EPOCH + millis * _MILLISECOND


def to_seconds(moment: datetime) -> int:
    """Whole seconds since the Unix epoch, rounded down."""
    return to_millis(moment) // 1000


def to_rfc3339(moment: datetime) -> str:
    """As callers see it: UTC, milliseconds, `Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
