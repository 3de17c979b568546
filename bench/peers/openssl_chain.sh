#!/bin/sh
# The same chain by openssl commands, the way guides show it: a key, a request, a signature.
#   openssl_chain.sh ec|rsa DIR [COUNT]
# Leaves leaf.pem leaf.key chain.pem (leaf and intermediate) root.pem in DIR.
set -eu
kind=$1
dir=$2
count=${3:-1}
mkdir -p "$dir"
cd "$dir"

case $kind in
  ec) key="-algorithm EC -pkeyopt ec_paramgen_curve:P-256" ;;
  rsa) key="-algorithm RSA -pkeyopt rsa_keygen_bits:2048" ;;
  *) echo "openssl_chain.sh: ec or rsa, not $kind" >&2; exit 64 ;;
esac

cat >root.cnf <<'CNF'
[req]
distinguished_name = name
prompt = no
x509_extensions = root
[name]
CN = badmx bench root
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
nameConstraints = critical,permitted;DNS:bench.test,permitted;DNS:localhost
[intermediate]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:mx.bench.test,DNS:localhost
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CNF

for _ in $(seq "$count"); do
  # shellcheck disable=SC2086  # $key is several words
  {
    openssl genpkey -quiet $key -out root.key
    openssl genpkey -quiet $key -out intermediate.key
    openssl genpkey -quiet $key -out leaf.key
  }
  openssl req -x509 -config root.cnf -key root.key -days 2920 -out root.pem
  openssl req -new -config root.cnf -subj "/CN=badmx bench intermediate" -key intermediate.key \
    -out intermediate.csr
  openssl x509 -req -in intermediate.csr -CA root.pem -CAkey root.key -days 2920 \
    -extfile root.cnf -extensions intermediate -out intermediate.pem 2>log
  openssl req -new -config root.cnf -subj "/CN=mx.bench.test" -key leaf.key -out leaf.csr
  openssl x509 -req -in leaf.csr -CA intermediate.pem -CAkey intermediate.key -days 90 \
    -extfile root.cnf -extensions leaf -out leaf.pem 2>log
done
cat leaf.pem intermediate.pem >chain.pem
