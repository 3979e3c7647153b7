"""What a release is: one digest of everything that decides how the deployed functions behave.

The template's `Release`. With the same content it is the same on any machine, and then a deployment
changes nothing; with any other artifact, template or value of a parameter it is another, and every
function gets a new version.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from blueprint.template.source import Source


def release(artifacts: Path, template: Path, parameters: Mapping[str, str]) -> str:
    """The digest of a build with a template, whose comments do not count, and these values."""
    content = {
        "artifacts": digests(artifacts),
        "parameters": dict(parameters),
        "template": Source(template).data,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file below the folders in here, by its path."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for artifact in sorted(folder.iterdir())
        if artifact.is_dir()
        for file in sorted(artifact.rglob("*"))
        if file.is_file()
    }
