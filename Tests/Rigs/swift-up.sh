#!/bin/bash
# A second S3 service for tests, with habits of its own: OpenStack Swift behind its S3 layer (s3api), on loopback, on free ports.
#
#   swift-up.sh FOLDER [PID]
#
# Puts everything it makes into FOLDER (which must not hold anything yet; its file system needs extended attributes), prints the
# service's address as its last line, and stops everything when process PID has ended, however it ended. Without PID, kill the
# processes whose numbers are in FOLDER/*.pid. Access key lab:lab, secret key labsecretlabsecret. Takes a few seconds.
set -euo pipefail
# shellcheck source=Tests/Rigs/rig.sh
. "$(dirname "$(realpath "$0")")/rig.sh"
D=$(realpath -m "${1:?usage: swift-up.sh FOLDER [PID]}")
owner=${2:-}
[ ! -e "$D" ] || [ -z "$(ls -A "$D")" ] || { echo "swift-up.sh: $D is not empty" >&2; exit 64; }

leave_files

for program in swift-ring-builder swift-proxy-server swift-account-server swift-container-server swift-object-server curl; do
    command -v "$program" >/dev/null || {
        echo "swift-up.sh: $program is missing: apt-get install --no-install-recommends swift-proxy swift-account swift-container swift-object curl" >&2
        exit 69
    }
done

stop() { for file in "$D"/*.pid; do kill -KILL "$(cat "$file")" 2>/dev/null || true; done; }
trap 'echo "swift-up.sh: failed; the last words of its logs:" >&2; tail -n 5 "$D"/*.log >&2 || true; stop' ERR

mkdir -p "$D/disks/disk" "$D/cache"
cat > "$D/swift.conf" <<C
[swift-hash]
swift_hash_path_suffix = $(od -An -tx1 -N8 /dev/urandom | tr -d ' \n')
[storage-policy:0]
name = default
default = yes
C
backends=
for kind in account container object; do
    port=$(free_port)
    backends="$backends $port"
    (
        cd "$D"
        swift-ring-builder "$kind.builder" create 4 1 1
        swift-ring-builder "$kind.builder" add "r1z1-127.0.0.1:$port/disk" 1
        swift-ring-builder "$kind.builder" rebalance
    ) >/dev/null
    cat > "$D/$kind.conf" <<C
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $port
workers = 0
user = $(id -un)
swift_dir = $D
devices = $D/disks
mount_check = false
log_level = ERROR
[pipeline:main]
pipeline = $kind-server
[app:$kind-server]
use = egg:swift#$kind
conn_timeout = 60
node_timeout = 60
C
done
port=$(free_port)
cat > "$D/proxy.conf" <<C
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $port
workers = 0
user = $(id -un)
swift_dir = $D
log_level = ERROR
[pipeline:main]
pipeline = catch_errors cache s3api tempauth slo versioned_writes symlink proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
# A busy machine is no failure: by default a backend has half a second to accept a connection, and is left alone for a minute after ten failures.
conn_timeout = 60
node_timeout = 60
recoverable_node_timeout = 60
error_suppression_limit = 1000000
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:9
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_lab_lab = labsecretlabsecret .admin
[filter:slo]
use = egg:swift#slo
[filter:versioned_writes]
use = egg:swift#versioned_writes
allow_object_versioning = true
[filter:symlink]
use = egg:swift#symlink
C
for kind in account container object proxy; do
    setsid "swift-$kind-server" "$D/$kind.conf" </dev/null >"$D/$kind.log" 2>&1 &
    echo $! >"$D/$kind.pid"
    disown
done
# The proxy says 503 for what its backends do not answer yet.
for each in $backends $port; do
    until curl -so /dev/null "http://127.0.0.1:$each/"; do
        for kind in account container object proxy; do kill -0 "$(cat "$D/$kind.pid")"; done
        sleep .1
    done
done

if [ -n "$owner" ]; then
    # A process of its own session with nothing of ours open, so that nobody waits for it.
    # shellcheck disable=SC2016  # expanded by the inner shell
    setsid bash -c 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; kill -KILL $(cat "$2"/*.pid); rm -rf "$2"' \
        watch "$owner" "$D" </dev/null >/dev/null 2>&1 &
    disown
fi
echo "http://127.0.0.1:$port"
