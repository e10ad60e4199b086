#!/bin/sh
# find-python.sh [PYTHON]: print the Python to set up with: the one given, else the first on PATH,
# if it is one for which all that is locked has wheels (`make lock` holds that). Else say which to use.
known="3.15 3.14 3.13 3.12 3.11"
will_do='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 16))'

find_one() {
    for name in python3 $(printf 'python%s ' $known); do
        "$name" -c "$will_do" 2>/dev/null && echo "$name" && return
    done
    return 1
}

if [ -z "${1:-}" ]; then
    find_one && exit
    echo "This needs Python 3.11, 3.12, 3.13, 3.14 or 3.15; none of them was found on PATH." >&2
    exit 1
fi
"$1" -c "$will_do" 2>/dev/null && echo "$1" && exit
is=$("$1" -c 'import sys; print("is Python %d.%d" % sys.version_info[:2])' 2>/dev/null) || is="does not run"
found=$(find_one) && instead=" Try: make PYTHON=$found"
echo "$1 $is; this needs Python 3.11, 3.12, 3.13, 3.14 or 3.15.${instead:-}" >&2
exit 1
