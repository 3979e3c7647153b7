from typing import Any

from tools.openapi.links import add_links


def operation(name: str, status: str) -> dict[str, Any]:
    """One with a success."""
    return {"operationId": name, "summary": name, "responses": {status: {}}}


PATHS = {
    "/things": {"get": operation("list", "200"), "post": operation("make", "201")},
    "/things/{thingId}": {"get": operation("get", "200"), "delete": operation("end", "204")},
    "/things/{thingId}/end": {"post": operation("stop", "200")},
    "/things/{thingId}/parts": {"get": operation("listParts", "200")},
    "/things/{thingId}/parts/{partId}": {"get": operation("getPart", "200")},
    "/thingsandmore/{id}": {"get": operation("other", "200")},
}


def test_ids_that_an_answer_gives_lead_to_what_takes_them() -> None:
    """What is made, to everything below it; a list's first, to what reads it; no further."""
    add_links(PATHS)

    def links(path: str, method: str, status: str) -> dict[str, Any]:
        answer = PATHS[path][method]["responses"][status]
        return {name: link["parameters"] for name, link in answer.get("links", {}).items()}

    made = {"thingId": "$response.body#/id"}
    first = {"thingId": "$response.body#/data/0/id"}
    assert links("/things", "post", "201") == dict.fromkeys(
        ["get", "end", "stop", "listParts"], made
    )
    assert links("/things", "get", "200") == dict.fromkeys(["get", "listParts"], first)
    assert links("/things/{thingId}/parts", "get", "200") == {
        "getPart": {"thingId": "$request.path.thingId", "partId": "$response.body#/data/0/id"}
    }
    assert links("/things/{thingId}", "get", "200") == {}
    assert links("/things/{thingId}/end", "post", "200") == {}
