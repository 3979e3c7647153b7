from tools.compatibility.changelog import announced, unannounced
from tools.compatibility.operations import Break

CHANGELOG = """\
# Changelog

## Unreleased

### Added
- `POST /api/v1/things`.

### Breaking
- `GET /api/v1/agents` has no `archived` any more; the `servers` moved.

### Fixed
- `PUT /api/v1/things`.

## 1.0.0

### Breaking
- `DELETE /api/v1/agents/{agentId}` ended.
"""


def test_only_the_next_release_announces() -> None:
    """Under "Breaking"; what an earlier one said is in the released document already."""
    assert announced(CHANGELOG) == {"GET /api/v1/agents", "servers"}
    assert announced("# Changelog\n\n## Unreleased\n\n### Added\n- `GET /x`\n") == set()
    assert announced("# Changelog\n") == set()


def test_what_is_announced_may_break() -> None:
    """The rest is left over."""
    hidden = Break("POST /api/v1/agents", "is gone")
    found = [Break("GET /api/v1/agents", "is gone"), Break("", "server x: is gone"), hidden]
    assert unannounced(found, CHANGELOG) == [hidden]
