#!/bin/sh
# Makes .venv and .venv-sam with exactly the hashed versions of requirements/. Called by `make setup`,
# which skips it while nothing changed. Python 3.13 comes from PATH, else from uv: that of PATH, else
# one from the package index, which any Python 3 can install.
set -eu
# As pip does: the certificates of the system, which know a company's own authority.
export UV_SYSTEM_CERTS=true
cd "$(dirname "$0")/../.."

has_313() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; }

install_uv() { # $1: a virtual environment's Python
    "$1" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
}

find_uv() {
    command -v uv && return
    if [ ! -x .venv-uv/bin/uv ]; then
        echo "Python 3.13 was not found: installing uv, which can fetch it." >&2
        { python3 -m venv --clear .venv-uv && install_uv .venv-uv/bin/python; } >&2 || return
    fi
    echo .venv-uv/bin/uv
}

fetch_313() { # $1: folder
    uv=$(find_uv) && "$uv" venv --quiet --clear --seed --python 3.13 "$1"
}

make_venv() { # $1: folder
    if has_313 "$1/bin/python"; then
        return
    elif has_313 python3.13; then
        python3.13 -m venv --clear "$1"
    elif has_313 python3; then
        python3 -m venv --clear "$1"
    elif ! fetch_313 "$1"; then
        echo "Python 3.13 was not found. Install it so that 'python3.13' is on PATH (python.org, your" \
             "package manager or pyenv), or install uv (pip install uv), which fetches it; then repeat." >&2
        exit 1
    fi
}

echo "Setting up, once: installing the product's packages into .venv ..."
make_venv .venv
install_uv .venv/bin/python
.venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes requirements/dev.txt
# The layer's code and the leak kit's are importable without PYTHONPATH, wherever the project is moved.
printf '../../../../%s\n' layers/core leak-kit/src >.venv/lib/python3.13/site-packages/agentcontainer.pth

echo "Installing SAM CLI's packages into .venv-sam ..."
make_venv .venv-sam
.venv/bin/uv pip sync --quiet --python .venv-sam/bin/python --require-hashes requirements/sam.txt
