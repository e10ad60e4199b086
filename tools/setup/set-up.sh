#!/bin/sh
# set-up.sh PYTHON: make .venv and install exactly what requirements.txt locks.
set -eu
python=${1:?this needs Python 3.11 or newer; none was found on PATH}

# Debian keeps venv in a package of its own.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    tools/setup/install-packages.sh "python$version-venv" || {
        echo "Python $version lacks its venv module." >&2
        exit 1
    }
fi

rm -rf .venv
"$python" -m venv .venv
echo "Installing the Python packages into .venv (about a minute) ..."
.venv/bin/python -m pip install --disable-pip-version-check --require-hashes --no-deps \
    --no-compile --requirement requirements.txt
# pip would compile on one core. What does not compile is template code that nobody imports.
.venv/bin/python -m compileall -q -j 0 .venv/lib >/dev/null || true
.venv/bin/python -m pip check
