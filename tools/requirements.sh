#!/bin/sh
# Pins requirements/*.in, and what the Viewflow peer needs, into *.txt with hashes, free of index
# lines and addresses (docs/decisions/0002).
# One set for Python 3.11 and newer on every machine; needs `uv`, which only this step uses.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)

if ! command -v uv >/dev/null 2>&1; then
    echo "Pinning needs uv. Type: pipx install uv (or pip install uv), then run make again." >&2
    exit 1
fi

for name in requirements/run requirements/build requirements/test \
    benchmarks/peers/viewflow/requirements; do
    folder=$(dirname "$name") file=$(basename "$name")
    cd "$root/$folder"
    uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
        --no-emit-index-url --no-emit-find-links --no-header \
        --constraint "$root/requirements/hold.txt" \
        "$@" "$file.in" --output-file "$file.txt"
done
