import sys
from pathlib import Path

import pytest

from agentcontainer.web.key_caller import KeyCaller
from agentcontainer.web.session_caller import SessionCaller
from blueprint.template.functions import Deployed
from tools.openapi import functions as module
from tools.openapi.functions import functions, set_environment

HANDLER = '''"""What another team adds.

More that no document says.
"""
from agentcontainer.web.resolver import Api
from agentcontainer.web.session_caller import SessionCaller

api = Api(SessionCaller("https://app.agentcontainer.test"), tag="Others")
'''
OTHERS = Deployed("Others", "functions/others_of_a_test", (), ("DashboardApi",), {})


def test_every_resolver_is_found_by_its_kind() -> None:
    """And no authorizer is imported for it, which would connect."""
    paths = {
        kind: {path for one in functions(kind) for _, path in one.api.endpoints}
        for kind in (KeyCaller, SessionCaller)
    }
    assert {"/api/v1/account", "/api/v1/agents"} < paths[KeyCaller]
    assert "/dashboard/v1/api-keys" in paths[SessionCaller]
    assert not paths[KeyCaller] & paths[SessionCaller]


def test_a_new_function_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its routes in the template; its first paragraph explains its tag."""
    folder = tmp_path / OTHERS.folder
    folder.mkdir(parents=True)
    (folder / "handler.py").write_text(HANDLER)
    monkeypatch.setattr(module, "deployed", lambda: [OTHERS])
    monkeypatch.syspath_prepend(tmp_path)
    [found] = functions(SessionCaller)
    assert (found.name, found.about) == ("others_of_a_test", "What another team adds.")
    with pytest.raises(LookupError, match="a KeyCaller"):
        functions(KeyCaller)
    del sys.modules["functions.others_of_a_test.handler"]


def test_handlers_find_the_templates_environment() -> None:
    """A parameter's default, a table's name, whatever a function may ask for; what is set stays."""
    environ = {"KEYS_TABLE": "Mine"}
    set_environment(environ)
    assert environ["KEYS_TABLE"] == "Mine"
    assert (environ["KEY_LIMIT"], environ["AGENTS_TABLE"]) == ("100", "Agents")
    assert environ["DASHBOARD_ORIGIN"]
