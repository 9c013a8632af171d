#!/bin/bash
# Installs the Debian packages that a target of the Makefile needs. When they are all there it does nothing, in
# milliseconds and without network. Needs root or sudo only when something is missing.
#
#   packaging/setup.sh build|demo|test|dock|board|fuzz|lint|bench
set -euo pipefail
export LC_ALL=C

# set      package                 who needs it
readonly PACKAGES='
build      ca-certificates         swift build: fetches the packages of Package.swift
build      git                     swift build: fetches the packages of Package.swift
build      binutils                swift build: the linker
build      libc6-dev               swift build: headers and start files of the C library
build      libstdc++-12-dev        swift build: Foundation links with it
build      pkg-config              swift build: finds the four libraries below
build      libudev-dev             CUdev
build      libcurl4-openssl-dev    CCurl
build      libssl-dev              COpenSSL
build      libsqlite3-dev          GRDB
demo       ffmpeg                  makes and probes the video of the demo camera
demo       age                     opens the sealed segments
demo       jq                      reads the manifest of the demo camera
demo       openssh-client          verifies what was handed out
demo       openssl                 verifies what was handed out
test       age                     DockSealTests, DockAgentTests: opens and writes sealed segments
test       ffmpeg                  CameraMakerTests, DockIntakeTests, DockAgentTests: real video, and what ffprobe says of it
test       openssh-client          DockLedgerTests, DockSealTests: ssh-keygen as the other side
test       openssl                 DockSealTests, DockDeliveryTests: digests and keys as the other side
test       coreutils               DockIntakeTests: sha256sum and md5sum as the other side
test       strace                  DockDeliveryTests, DockAgentTests: fault injection and the order of system calls
test       ceph-mon                DockDeliveryTests: the S3 server
test       ceph-osd                DockDeliveryTests: the S3 server
test       radosgw                 DockDeliveryTests: the S3 server
test       ceph-common             DockDeliveryTests: the S3 server
test       uuid-runtime            DockDeliveryTests: the S3 server
test       swift-proxy             DockDeliveryTests: another S3 server
test       swift-account           DockDeliveryTests: another S3 server
test       swift-container         DockDeliveryTests: another S3 server
test       swift-object            DockDeliveryTests: another S3 server
test       curl                    DockDeliveryTests: waits for the S3 server
test       iproute2                DockDeliveryTests: a link of its own, thin and breakable
test       nftables                DockDeliveryTests: what that link loses
test       python3                 DockIntakeTests: the file system below
test       python3-fusepy          DockIntakeTests, DockDevicesTests: a file system that answers EIO; its module is called fusepy there
test       libfuse2                DockIntakeTests, DockDevicesTests, DockAgentTests: what fusepy loads
test       sqlite3                 DockLedgerTests, DockAgentTests: reads and damages ledgers from outside
test       bsdutils                DockAgentTests: script, a terminal on which age asks for passphrases
test       e2fsprogs               DockIntakeTests, DockDevicesTests: file systems on loop devices
test       mount                   DockIntakeTests, DockDevicesTests, DockAgentTests: small and read-only disks
dock       python3                 the virtual dock itself
dock       qemu-system-x86         the computer, with its USB controller and disks
dock       qemu-utils              a fresh root disk for each run
dock       debootstrap             its Debian
dock       busybox-static          its first process
dock       cpio                    the archive around that
dock       kmod                    depmod: its drivers
dock       e2fsprogs               its disks, and cameras with ext4
dock       dosfstools              cameras with FAT32
dock       mtools                  cameras with FAT32: their files, with their times
dock       exfatprogs              cameras with exFAT
dock       exfat-fuse              cameras with exFAT: their files
dock       mount                   cameras with exFAT; the vault of a dock without power
dock       util-linux              losetup
uplink     iproute2                the other end of the wire
uplink     openssl                 certificates
uplink     ceph-mon                the S3 server
uplink     ceph-osd                the S3 server
uplink     radosgw                 the S3 server
uplink     ceph-common             the S3 server
uplink     uuid-runtime            the S3 server
uplink     curl                    asks the S3 server what it holds
test       util-linux              DockIntakeTests, DockDevicesTests: losetup, blkid, blockdev, unshare
test       umockdev                DockDevicesTests: a machine whose devices are only described
test       udev                    DockDevicesTests: udevadm says what udev makes of a device
test       systemd                 DockAgentTests: systemd-analyze checks the units and the timer
test       tzdata                  DockAgentTests: the local time of other places
test       nginx-light             DockAgentTests: shows the board on a network
test       procps                  DockSystemTests: pgrep
test       dosfstools              DockDevicesTests: makes and checks FAT
test       exfatprogs              DockDevicesTests: makes and checks exFAT
board      chromium                a browser
board      chromium-driver         drives it
board      fonts-dejavu-core       its letters
board      python3                 the rig
board      python3-selenium        the other side of the driver
board      python3-venv            a place for axe-core
board      poppler-utils           shows what the report prints
fuzz       python3                 the rig
fuzz       python3-venv            a place for Schemathesis
lint       shellcheck              shell scripts
bench      python3                 the benchmark itself
bench      time                    peak memory
bench      openssl                 peer, and the rates of the floor
bench      age                     peer
bench      rclone                  peer
bench      restic                  peer
bench      awscli                  peer
bench      curl                    the floor of uploads
bench      iproute2                links between network namespaces
bench      procps                  sysctl
bench      ceph-mon                a real S3 server
bench      ceph-osd                a real S3 server
bench      radosgw                 a real S3 server
bench      ceph-common             a real S3 server
bench      uuid-runtime            a real S3 server
'

packages_of() {
    awk -v sets=" $* " 'NF && index(sets, " " $1 " ") { print $2 }' <<<"$PACKAGES" | sort -u
}

case ${1-} in
build | lint) mapfile -t wanted < <(packages_of "$1") ;;
demo) mapfile -t wanted < <(packages_of build demo dock) ;;
dock) mapfile -t wanted < <(packages_of build dock uplink) ;;
test | board | fuzz | bench) mapfile -t wanted < <(packages_of build "$1") ;;
*)
    echo "usage: $0 build|demo|test|dock|board|fuzz|lint|bench" >&2
    exit 64
    ;;
esac

if ! command -v dpkg-query >/dev/null; then
    echo "$0: this is not Debian; if something is missing, install what is here called: ${wanted[*]}" >&2
    exit 0
fi

mapfile -t missing < <(
    dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p' | sort -u |
        comm -13 - <(printf '%s\n' "${wanted[@]}")
)
[ "${#missing[@]}" != 0 ] || exit 0

as_root=()
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "$0: packages are missing. As root, run: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi

apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

echo "installing: ${missing[*]}"
# Old lists may still do when the mirror cannot be reached; the install below says so if they do not.
apt update || echo "$0: the package lists could not be refreshed" >&2
apt install --yes --no-install-recommends "${missing[@]}" >/dev/null
