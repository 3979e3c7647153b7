"""Every disguise in which the leak kit promises to find a key, as docs/leaks.md lists them."""

import base64
import json
import quopri
from collections.abc import Callable
from urllib.parse import quote

Disguise = Callable[[str], bytes]


def _notebook(**cell: object) -> bytes:
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], **cell}]
    return json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}, indent=1).encode()


def _split(between: str) -> Disguise:
    """In three pieces, one of which begins in the prefix."""
    return lambda key: f"{key[:5]}{between}{key[5:25]}{between}{key[25:]}\n".encode()


def _standard(before: str) -> Disguise:
    return lambda key: base64.b64encode(f"{before}{key}\n".encode())


def _between_non_ascii(key: str) -> bytes:
    """Neighbours that give base64's two characters outside letters and digits."""
    return base64.b64encode("ÿ>".encode() + key.encode() + b"\xff\xff\xff~??>>")


def _url_safe(key: str) -> bytes:
    encoded = _between_non_ascii(key).translate(bytes.maketrans(b"+/", b"-_"))
    assert b"_" in encoded
    return encoded


def _docker_config(key: str) -> bytes:
    """A Kubernetes secret: base64 of a file that has the password in base64."""
    auth = base64.b64encode(f"robot:{key}".encode()).decode()
    config = json.dumps({"auths": {"registry.test": {"auth": auth}}})
    return b"data:\n  .dockerconfigjson: " + base64.b64encode(config.encode())


DISGUISES: dict[str, Disguise] = {
    "plain": lambda key: f"key = '{key}'\n".encode(),
    "`.env`": lambda key: f'DEBUG=1\nAGENTCONTAINER_API_KEY="{key}"\n'.encode(),
    "header in a URL": lambda key: f"curl 'https://x.test/?h=Bearer%20{key}&a=b'".encode(),
    "URL, escaped": lambda key: quote(key).replace("_", "%5F").encode(),
    "URL, escaped twice": lambda key: quote(key.replace("_", "%5f")).encode(),
    "URL, every character escaped": lambda key: "".join(f"%{ord(c):02X}" for c in key).encode(),
    "JSON, escaped": lambda key: json.dumps({"key": key}).replace("_", r"\u005f").encode(),
    "HTML, escaped": lambda key: key.replace("_", "&#95;").encode(),
    "Markdown, escaped": lambda key: key.replace("_", r"\_").encode(),
    "notebook, source": lambda key: _notebook(source=[f"KEY = '{key}'\n", "call(KEY)"]),
    "notebook, output": lambda key: _notebook(outputs=[{"text": [f"using {key}\n"]}]),
    "notebook, split": lambda key: _notebook(source=[f"KEY = '{key[:20]}\\\n", f"{key[20:]}'"]),
    "base64": _standard(""),
    "base64, one further": _standard("x"),
    "base64, two further": _standard("xy"),
    "base64 between other bytes": _between_non_ascii,
    "base64, URL-safe": _url_safe,
    "base64, wrapped": lambda key: base64.encodebytes(f"machine:{'x' * 30}:{key}".encode()),
    "base64 twice": _docker_config,
    "base64 of UTF-16": lambda key: base64.b64encode(f"$k = '{key}'".encode("utf-16-le")),
    "hexadecimal": lambda key: rf"\x{key.encode().hex()}".encode(),
    "UTF-16": lambda key: f"ключ = {key}\n".encode("utf-16"),
    "UTF-16, big-endian": lambda key: b"\xfe\xff" + f"ключ = {key}\n".encode("utf-16-be"),
    "UTF-16 without a mark": lambda key: f"key = {key}\r\n".encode("utf-16-le"),
    "UTF-16 behind ASCII": lambda key: b"DEBUG=1\n" + f"KEY={key}\r\n".encode("utf-16-le"),
    "UTF-32": lambda key: f"key = {key}\n".encode("utf-32"),
    "split by a line end": _split("\n"),
    "split by CR LF": _split("\r\n"),
    "split and indented": _split("\n        "),
    "split, continued": _split("\\\n"),
    "split, strings joined": _split("' +\n    '"),
    "split, quoted mail": _split("\n> "),
    "split, comment": _split("\n# "),
    "split, patch": _split("\n+"),
    "split in a JSON string": _split(r"\r\n\t"),
    "quoted-printable": lambda key: quopri.encodestring(f"{'x' * 50} {key}".encode()),
    "invisible characters": _split("\u200b"),
}
