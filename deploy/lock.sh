#!/bin/sh
# Write the hashed lock files anew. They hold versions and hashes, never addresses.
set -eu
cd "$(dirname "$0")/.."
lock="uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes"
lock="$lock --no-emit-index-url --no-emit-find-links --no-header --custom-compile-command deploy/lock.sh"
$lock -o requirements.lock
$lock --group build -o requirements-build.lock
$lock --group dev -o requirements-dev.lock
