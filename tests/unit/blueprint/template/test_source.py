from pathlib import Path

import pytest

from blueprint.template.source import Source, located, member
from blueprint.template.translation import TemplateError

TEXT = """\
# OpenApiVersion: only a comment
Globals:
  Api: {OpenApiVersion: 3.0.1}
Resources:
  Table: &Same
    Type: Some::Kind
    Properties:
      Number: 7
      Yes: true
      None: null
      Name: !Sub "${A}-b"
      Arn: !GetAtt Other.Arn
      Alias: !Ref Other.Alias
      List: [a, !Ref B]
  Again: *Same
  Broken: text
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A small template."""
    file = tmp_path / "template.yaml"
    file.write_text(TEXT)
    return file


def test_tags_are_read_in_their_long_form(template: Path) -> None:
    """As in JSON, so that whoever looks at a template has one form to know."""
    [(_, properties), (_, again)] = Source(template).resources("Some::Kind")
    assert properties == again == {
        "Number": 7,
        "Yes": True,
        "None": None,
        "Name": {"Fn::Sub": "${A}-b"},
        "Arn": {"Fn::GetAtt": ["Other", "Arn"]},
        "Alias": {"Ref": "Other.Alias"},
        "List": ["a", {"Ref": "B"}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("Resources", "Table", "Properties", "Arn"), 12),
        (("Resources", "Table", "Properties", "List", 1), 14),
        (("Resources", "Table", "Properties", "Missing"), 5),
        (("Resources", "Missing", "Properties"), 4),
        (("Resources", "Again"), 15),
        (("Outputs",), 2),
    ],
)
def test_every_place_has_a_line(template: Path, place: tuple[str | int, ...], line: int) -> None:
    """A missing member has that of what would hold it; an alias has its own."""
    assert Source(template).line(*place) == line


def test_what_is_not_there_is_an_empty_map(template: Path) -> None:
    """A template in the middle of an edit can hold anything anywhere."""
    source = Source(template)
    assert source.shared("Api", "OpenApiVersion") == "3.0.1"
    assert source.shared("Function", "Timeout") is None
    assert member(source.data, "Resources", "Broken", "Properties") == {}


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("OpenApiVersion", "template.yaml, line 3: no"),
        ("nowhere", "template.yaml: no"),
        (None, "no"),
    ],
)
def test_an_error_is_told_with_its_line(template: Path, says: str | None, told: str) -> None:
    """Found by words of the template, comments left aside."""
    with pytest.raises(TemplateError) as error, located(template):
        raise TemplateError("no", says)
    assert str(error.value) == told
