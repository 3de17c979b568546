#!/usr/bin/env bash
# Every scenario of badmx against a sender, in one loop over what each expects.
#
# The sender here is curl, which demands TLS, a trusted chain and the right name: policy `verify`.
# Put your own in the place of deliver().
#
#     BADMX=badmx ./test_gateway.sh
set -uo pipefail
badmx=${BADMX:-badmx}
policy=verify

# What this sender is known to do otherwise: it takes the common name where there are no alternative
# names, and nothing at all behind the answer to STARTTLS.
declare -A different=([cn-only-no-san]=deliver [reply-injected-after-starttls]=refuse
  [revoked-leaf]=deliver [revoked-leaf-stapled]=deliver [revocation-list-expired]=deliver
  [two-paths-one-trusted]=refuse)

# deliver HOST PORT TLS NAME TRUST
deliver() {
  local scheme=smtp
  [ "$3" = implicit ] && scheme=smtps
  printf 'Subject: a test\r\n\r\nHello.\r\n' |
    curl --silent --max-time 5 "$scheme://$4:$2/client.test" --resolve "$4:$2:$1" --ssl-reqd \
      --cacert "$5" --mail-from a@client.test --mail-rcpt b@badmx.test --upload-file -
}

# The servers end when our end of their standard input closes, however this script ends.
folder=$(mktemp -d)
mkfifo "$folder/stdin"
"$badmx" serve --all --ready-file "$folder/ready.json" --exit-with-stdin <"$folder/stdin" >/dev/null &
server=$!
exec 3>"$folder/stdin"
trap 'exec 3>&-; wait "$server"; rm -rf "$folder"' EXIT
until [ -e "$folder/ready.json" ]; do  # it is written whole, once all servers listen
  kill -0 "$server" 2>/dev/null || { echo "badmx serve ended" >&2; exit 1; }
  sleep 0.05
done

failed=0
while IFS=$'\t' read -r scenario host port tls name trust expected; do
  expected=${different[$scenario]:-$expected}
  if deliver "$host" "$port" "$tls" "$name" "$trust"; then found=deliver; else found=refuse; fi
  if [ "$found" = "$expected" ]; then
    echo "ok      $scenario"
  else
    echo "FAILED  $scenario: expected $expected, found $found"
    failed=1
  fi
done < <(python3 -c '
import json, sys
for name, server in json.load(open(sys.argv[1]))["scenarios"].items():
    print(name, *(server[key] for key in ("host", "port", "tls", "name", "trust")),
          server["expect"][sys.argv[2]], sep="\t")' "$folder/ready.json" "$policy")
exit "$failed"
