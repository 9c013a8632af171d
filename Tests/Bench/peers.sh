#!/bin/sh
# The peers, as somebody who knows them would write them down. Each verifies SUMS (lines of sha256sum, names relative to
# SOURCE, without spaces) unless the tool has no such step, and leaves encrypted copies in a local folder.
set -eu

case $1 in
sums-age) # SOURCE SUMS OUT RECIPIENT: verify all, then seal one after the other
    cd "$2"
    sha256sum --check --quiet --strict "$3"
    cut -c 67- "$3" | while read -r file; do age -r "$5" -o "$4/${file##*/}.age" "$file"; done
    ;;
sums-rclone) # SOURCE SUMS FOOTAGE CONFIG: verify all, then copy through the remote «vault» (crypt over a local folder)
    cd "$2"
    sha256sum --check --quiet --strict "$3"
    rclone copy --config "$5" --transfers 2 --checkers 2 --no-traverse "$4" vault:
    ;;
restic) # SOURCE FOOTAGE REPOSITORY PASSWORD-FILE: footage does not compress, so it is not tried
    cd "$2"
    restic backup --quiet --no-cache --compression off --repo "$4" --password-file "$5" "$3"
    ;;
pipeline) # SOURCE SUMS OUT RECIPIENT: digest, compare and seal; two batches of files at a time
    cd "$2"
    files=$(wc -l <"$3")
    batch=$(((files + 3) / 4))
    [ "$batch" -lt 16 ] || batch=16
    xargs -P 2 -n $((2 * batch)) "$0" pipeline-batch "$4" "$5" <"$3"
    ;;
pipeline-batch) # OUT RECIPIENT then DIGEST FILE pairs: one openssl for the whole batch, its start costs more than a small file
    out=$2 recipient=$3
    shift 3
    files='' expected=''
    while [ $# -gt 0 ]; do
        files="$files $2"
        expected="$expected$1 *$2
"
        shift 2
    done
    # shellcheck disable=SC2086 # names without spaces
    actual=$(openssl dgst -sha256 -r $files)
    [ "$actual
" = "$expected" ]
    for file in $files; do age -r "$recipient" -o "$out/${file##*/}.age" "$file"; done
    ;;
copy) # SOURCE FOOTAGE OUT: one copy, for the floor
    cp -r --reflink=never "$2/$3" "$4"
    ;;
*)
    exit 64
    ;;
esac
