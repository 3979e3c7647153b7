"""Draws a report as bars: `python -m bench.report.plot REPORT.json`, SVG to standard output."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

_WIDTH, _LEFT, _BAR, _GAP, _TOP = 820, 290, 20, 8, 34
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600 }
.note { fill: #57606a }
.bar { fill: #afb8c1 }
.ours { fill: #1f883d }
.quartiles { stroke: #24292f; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .note { fill: #9198a1 }
  .bar { fill: #484f58 }
  .quartiles { stroke: #e6edf3 }
}
"""


def draw(report: dict[str, Any]) -> str:
    """The authorizers' cold start and request, as ratios to the reference; lines are quartiles."""
    compared = [subject for subject in report["subjects"] if "warm" in subject]
    parts: list[str] = []
    y = 0
    for figure, title in (
        ("cold", "Cold start: import, connect, first verified call"),
        ("warm", "A request, once it is warm"),
    ):
        parts.append(f'<text class="title" x="0" y="{y + 16}">{title}</text>')
        widest = max(subject[figure][2] for subject in compared)
        y += _TOP - _GAP
        for subject in compared:
            parts += _bar(subject, figure, y, (_WIDTH - _LEFT - 60) / widest)
            y += _BAR + _GAP
        y += _GAP
    parts.append(f'<text class="note" x="0" y="{y + 14}">{escape(_note(report))}</text>')
    height = y + 22
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" role="img">\n'
        f"<title>Processor time of authorizers, as ratios to boto3</title>\n"
        f"<style>{_STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _bar(subject: dict[str, Any], figure: str, y: int, scale: float) -> Iterator[str]:
    low, middle, high = (value * scale for value in subject[figure])
    kind = "bar ours" if subject["name"] == "authorizer" else "bar"
    line, text = y + _BAR / 2, y + 15
    yield f'<text x="0" y="{text}">{escape(subject["title"])}</text>'
    yield (
        f'<rect class="{kind}" x="{_LEFT}" y="{y}" width="{middle:.1f}" height="{_BAR}" rx="2"/>'
    )
    yield (
        f'<line class="quartiles" x1="{_LEFT + low:.1f}" y1="{line}" x2="{_LEFT + high:.1f}" '
        f'y2="{line}"/>'
    )
    yield f'<text x="{_LEFT + high + 8:.1f}" y="{text}">{subject[figure][1]:.2f}</text>'


def _note(report: dict[str, Any]) -> str:
    rounds = report["rounds"]
    return (
        f"Processor time over TLS to a stub on the same machine, boto3 = 1. Median, quartiles; "
        f"{rounds['cold']} and {rounds['warm']} rounds. make bench"
    )


if __name__ == "__main__":
    sys.stdout.write(draw(json.loads(Path(sys.argv[1]).read_text())))
