#!/bin/sh
# Checks worker.sh: exit code 0 where all is well.
cd "$(dirname "$0")" || exit 1
expected='<a>
<b c>'
got=$(printf 'a\nb c\n' | sh worker.sh)
if [ "$got" = "$expected" ]; then
  echo 'ok'
else
  printf 'FAILED: expected\n%s\ngot\n%s\n' "$expected" "$got"
  exit 1
fi
