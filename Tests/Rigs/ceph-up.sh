#!/bin/bash
# A real S3 service for tests: one Ceph monitor, one OSD in memory and the S3 gateway, all on loopback, on free ports.
#
#   ceph-up.sh FOLDER [PID [PEM]]
#
# Puts everything it makes into FOLDER (which must not hold anything yet), prints the gateway's address as its last line, and
# stops everything when process PID has ended, however it ended. `ceph-down FOLDER` stops it earlier. With PEM, a file with a
# certificate and its key, the gateway speaks TLS on a second port, and the line before the last is that address.
# Access key labkey, secret key labsecretlabsecret. Takes about 15 s.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
# shellcheck source=Tests/Rigs/rig.sh
. "$here/rig.sh"
D=$(realpath -m "${1:?usage: ceph-up.sh FOLDER [PID [PEM]]}")
owner=${2:-}
pem=${3:+$(realpath "$3")}
[ ! -e "$D" ] || [ -z "$(ls -A "$D")" ] || { echo "ceph-up.sh: $D is not empty" >&2; exit 64; }

leave_files

for program in ceph ceph-mon ceph-osd ceph-authtool monmaptool radosgw radosgw-admin uuidgen curl; do
    command -v "$program" >/dev/null || {
        echo "ceph-up.sh: $program is missing: apt-get install --no-install-recommends ceph-mon ceph-osd radosgw ceph-common uuid-runtime curl" >&2
        exit 69
    }
done

mon_v2=$(free_port); mon_v1=$(free_port); port=$(free_port)
tls=''
if [ -n "$pem" ]; then
    tls_port=$(free_port)
    tls=" ssl_endpoint=127.0.0.1:$tls_port ssl_certificate=$pem ssl_private_key=$pem"
fi

mkdir -p "$D"/{mon,osd,rgw,run,log,crash}
trap 'echo "ceph-up.sh: failed; the last words of its logs:" >&2; tail -n 5 "$D"/log/*.log >&2 || true; "$here/ceph-down" "$D" || true' ERR
cat > "$D/ceph.conf" <<C
[global]
fsid = $(uuidgen)
mon host = [v2:127.0.0.1:$mon_v2,v1:127.0.0.1:$mon_v1]
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
osd pool default size = 1
osd pool default min size = 1
mon allow pool size one = true
osd crush chooseleaf type = 0
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
mon max pg per osd = 2000
mon data avail crit = 1
mon data avail warn = 2
run dir = $D/run
admin socket = $D/run/\$cluster-\$name.\$pid.asok
pid file = $D/run/\$name.pid
log file = $D/log/\$name.log
crash dir = $D/crash
keyring = $D/keyring
setuser match path =
[mon.a]
mon data = $D/mon
[osd.0]
osd data = $D/osd
osd objectstore = memstore
memstore device bytes = 4294967296
[client]
rgw frontends = beast endpoint=127.0.0.1:$port$tls
rgw dns name = localhost
rgw data = $D/rgw
rgw crypt require ssl = false
rgw gc obj min wait = 1
rgw enable apis = s3, admin
C
C=(-c "$D/ceph.conf")
ceph-authtool --create-keyring "$D/keyring" --gen-key -n mon. --cap mon 'allow *' >/dev/null
ceph-authtool "$D/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' >/dev/null
monmaptool --create --fsid "$(sed -n 's/^fsid = //p' "$D/ceph.conf")" \
    --addv a "[v2:127.0.0.1:$mon_v2,v1:127.0.0.1:$mon_v1]" "$D/monmap" >/dev/null
ceph-mon "${C[@]}" --mkfs -i a --monmap "$D/monmap" --keyring "$D/keyring"
ceph-mon "${C[@]}" -i a </dev/null >/dev/null 2>&1
id=$(uuidgen)
key=$(ceph-authtool --gen-print-key)
echo "{\"cephx_secret\": \"$key\"}" | ceph "${C[@]}" osd new "$id" -i - >/dev/null
printf '[osd.0]\n\tkey = %s\n' "$key" >> "$D/keyring"
ceph-osd "${C[@]}" -i 0 --mkfs --osd-uuid "$id" >/dev/null 2>&1
ceph-osd "${C[@]}" -i 0 </dev/null >/dev/null 2>&1
for _ in $(seq 100); do ceph "${C[@]}" osd stat 2>/dev/null | grep -q '1 up' && break; sleep .3; done
radosgw "${C[@]}" -n client.admin </dev/null >/dev/null 2>&1
for _ in $(seq 200); do curl -so /dev/null "http://127.0.0.1:$port/" && break; sleep .3; done
radosgw-admin "${C[@]}" user create --uid=lab --display-name=lab \
    --access-key=labkey --secret-key=labsecretlabsecret >/dev/null 2>&1

if [ -n "$owner" ]; then
    # A process of its own session with nothing of ours open, so that nobody waits for it.
    # shellcheck disable=SC2016  # expanded by the inner shell
    setsid bash -c 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; exec "$2/ceph-down" "$3"' \
        watch "$owner" "$here" "$D" </dev/null >/dev/null 2>&1 &
    disown
fi
[ -z "$pem" ] || echo "https://127.0.0.1:$tls_port"
echo "http://127.0.0.1:$port"
