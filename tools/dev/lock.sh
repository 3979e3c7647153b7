#!/bin/sh
# Resolves the dependency groups of pyproject.toml into hashed requirement files: `make lock`.
# The layer is resolved first and binds the others, so that tests meet the versions that are
# deployed. No file names an index: installers use the one they are set up with.
set -eu
export UV_SYSTEM_CERTS=true
cd "$(dirname "$0")/../.."

compile() { # $1: group, $2: file, further arguments: options
    group=$1 file=$2
    shift 2
    .venv/bin/uv pip compile --quiet pyproject.toml --group "$group" --output-file "$file" \
        --universal --python-version 3.13 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$@"
}

compile layer layers/dependencies/requirements.txt
compile dev requirements/dev.txt --constraint layers/dependencies/requirements.txt
compile sam requirements/sam.txt
compile uv requirements/uv.txt --constraint requirements/dev.txt
