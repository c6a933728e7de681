#!/bin/sh
# Makes the keys and certificates of the tests, anew; they are for nothing else, and protect nothing. Valid until 2120.
# Where it runs: here. Needs openssl 3.
set -e
rm -f *.pem *.p12 *.key
FROM=20200101000000Z
TO=21200101000000Z
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
key() { # file, kind
    case $2 in
        ec) openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" ;;
        rsa) openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$1" ;;
        ed25519) openssl genpkey -algorithm ed25519 -out "$1" ;;
    esac
}
authority() { # name
    key "$1.key" ec
    openssl req -x509 -new -key "$1.key" -subj "/CN=test $1" -days 36500 -out "$1.pem" \
        -addext basicConstraints=critical,CA:true -addext keyUsage=critical,keyCertSign
}
certificate() { # name, kind, authority, names, from, to
    key "$1.key" "$2"
    openssl req -new -key "$1.key" -subj "/CN=test $1" -out "$dir/$1.csr"
    : > "$dir/index"
    printf 'unique_subject=no\n' > "$dir/index.attr"
    openssl rand -hex 8 > "$dir/serial"
    printf '[ca]\ndefault_ca=d\n[d]\ndatabase=%s\nserial=%s\nnew_certs_dir=%s\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n[e]\nsubjectAltName=%s\n' \
        "$dir/index" "$dir/serial" "$dir" "$4" > "$dir/conf"
    openssl ca -batch -config "$dir/conf" -extensions e -in "$dir/$1.csr" -out "$dir/$1.crt" -notext \
        -cert "$3.pem" -keyfile "$3.key" -startdate "$5" -enddate "$6"
    cat "$dir/$1.crt" > "$1.pem"
}
authority ca
authority stranger
HERE=DNS:localhost,IP:127.0.0.1,IP:::1
certificate server ec ca $HERE $FROM $TO
certificate server-rsa rsa ca $HERE $FROM $TO
certificate server-ed25519 ed25519 ca $HERE $FROM $TO
certificate other ec ca DNS:other.test,DNS:*.wild.test $FROM $TO
certificate expired ec ca $HERE 20200101000000Z 20210203000000Z
certificate future ec ca $HERE 21100304000000Z $TO
certificate client ec ca DNS:client.test $FROM $TO
certificate strange-client ec stranger DNS:client.test $FROM $TO
openssl pkcs8 -topk8 -in server.key -passout pass:secret -out encrypted.key
openssl ec -in server.key -out sec1.key
openssl rsa -in server-rsa.key -traditional -out pkcs1.key
openssl rsa -in server-rsa.key -traditional -aes256 -passout pass:secret -out pkcs1-encrypted.key
openssl pkcs12 -export -in server.pem -inkey server.key -certfile ca.pem -passout pass:secret -out server.p12
