"""Leaves botocore the data of the services that our functions call: `python trim.py DATA_FOLDER`.

A client looks through the folders of all services, and reads the endpoints of all, before it does
anything: a fifth of its start, and most of the layer's size. The library itself stays as it is, and
a client of a service that is not here fails at start, by name.
"""

import json
import shutil
import sys
from pathlib import Path

SERVICES = frozenset({"dynamodb"})


def trim(data: Path) -> None:
    """Takes the folders of all other services away, and their endpoints."""
    for folder in data.iterdir():
        if folder.is_dir() and folder.name not in SERVICES:
            shutil.rmtree(folder)
    file = data / "endpoints.json"
    endpoints = json.loads(file.read_text(encoding="utf-8"))
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in SERVICES}
    # A new file: uv's are often links into its cache.
    file.unlink()
    file.write_text(json.dumps(endpoints, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    trim(Path(sys.argv[1]))
