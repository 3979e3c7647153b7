"""Every planted fault, by what it would break."""

from tests.faults.account_leaks import LISTS, THINGS, together
from tests.faults.fault import CORE, Edit, Fault

VERIFICATION = (
    Fault(
        "the authorizer reads what may be stale",
        (
            Edit(
                f"{CORE}/dynamodb/lean/client.py",
                '"ConsistentRead": True,',
                '"ConsistentRead": False,',
            ),
        ),
        ("tests/unit/agentcontainer/dynamodb/lean/test_client.py",),
    ),
    Fault(
        "the checksum of a token is skipped",
        (
            Edit(
                f"{CORE}/keys/token.py",
                "return text if checksum(body) == given else None",
                "return text if given and body else None",
            ),
        ),
        ("tests/unit/agentcontainer/keys/test_token.py",),
    ),
    Fault(
        "a Deny becomes an exception",
        (
            Edit(
                "functions/authorizer/handler.py",
                'return policy("Deny",',
                'raise RuntimeError("Deny",',
            ),
        ),
        ("tests/unit/functions/test_authorizer.py",),
    ),
    Fault(
        "a handler does not look at the kind of its caller",
        (
            Edit(
                f"{CORE}/auth/principal.py",
                '    if context.get("kind") != KEY:\n',
                '    if "keyId" not in context:\n',
            ),
        ),
        ("tests/unit/agentcontainer/auth/test_principal.py",),
    ),
    Fault(
        "a route demands no scope",
        (
            Edit(
                "functions/agents/handler.py",
                '@api.endpoint("GET", _AGENTS, scope="agents:read")',
                '@api.endpoint("GET", _AGENTS)',
            ),
        ),
        ("tests/contract/test_routes.py",),
    ),
    Fault(
        "a route that changes keys is open to every member",
        (
            Edit(
                "functions/api_keys/handler.py",
                '@api.endpoint("PATCH", _KEY, admin_only=True, errors=[FinalState])',
                '@api.endpoint("PATCH", _KEY, errors=[FinalState])',
            ),
        ),
        ("tests/contract/test_routes.py",),
    ),
    Fault(
        "a key from before a field is not read",
        (
            Edit(
                f"{CORE}/keys/items.py",
                '"revision": key.revision,',
                '"revision": key.revision,\n        "added": 0,',
            ),
            Edit(
                f"{CORE}/keys/items.py",
                'revision=item["revision"],',
                'revision=item["revision"] + item["added"],',
            ),
        ),
        ("tests/unit/agentcontainer/test_fields.py::test_what_is_stored_already_is_still_read",),
    ),
)

CHANGES = (
    Fault(
        "a change does not look at the revision",
        (
            Edit(
                f"{CORE}/keys/store.py",
                'where={"revision": old.revision},',
                'where={"id": old.id},',
            ),
        ),
        ("tests/unit/agentcontainer/keys/test_store.py",),
    ),
    Fault(
        "a closed account takes new keys",
        (Edit(f"{CORE}/keys/store.py", '_OPEN = {"closedAt": ABSENT}', "_OPEN: dict = {}"),),
        ("tests/unit/agentcontainer/accounts/test_store.py",),
    ),
    Fault(
        "a grace lasts beyond the key's expiry",
        (
            Edit(
                f"{CORE}/keys/key.py",
                "deadline = now + grace if self.expires_at is None else "
                "min(now + grace, self.expires_at)",
                "deadline = now + grace",
            ),
        ),
        ("tests/unit/agentcontainer/keys/test_key.py",),
    ),
)

BY_TESTS = (*VERIFICATION, *CHANGES)
"""Those that tests of the copy find."""

BY_FUZZING = (together("things of others", THINGS), together("lists of others", LISTS))
"""Those that fuzzing finds in a product that runs from the copy: tests/integration/fuzz."""

ALL = (*BY_TESTS, *BY_FUZZING)
