#!/bin/sh
# set-up.sh PYTHON: make .venv and install exactly what requirements.txt locks.
set -eu
python=${1:?this needs Python 3.11 or newer; none was found on PATH}

# Debian keeps venv in a package of its own.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    tools/install-packages.sh "python$version-venv" || {
        echo "Python $version lacks its venv module." >&2
        exit 1
    }
fi

rm -rf .venv
"$python" -m venv .venv
echo "Installing the Python packages into .venv (about half a minute) ..."
.venv/bin/python -m pip install --disable-pip-version-check --require-hashes --no-deps \
    --requirement requirements.txt
.venv/bin/python -m pip check
