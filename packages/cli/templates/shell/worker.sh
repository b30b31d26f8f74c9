#!/bin/sh
# One line in, one line out, for as long as there are lines. What goes wrong is said on stderr.
while IFS= read -r line; do
  printf '<%s>\n' "$line"
done
