#!/bin/sh
# install-packages.sh NAME...: install Debian packages where this user may, else say how.
set -eu
if ! command -v apt-get >/dev/null; then
    echo "Please install what Debian calls: $*" >&2
    exit 1
fi
missing=
for name; do
    dpkg-query --show --showformat '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed ||
        missing="$missing $name"
done
[ "$missing" ] || exit 0
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root=sudo
else
    echo "Please run: sudo apt-get install$missing" >&2
    exit 1
fi
echo "Installing with apt-get:$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update --quiet
$as_root apt-get install --yes --no-install-recommends $missing
