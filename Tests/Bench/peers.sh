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
    "$0" verify-batch "$@"
    while [ $# -gt 0 ]; do
        age -r "$recipient" -o "$out/${2##*/}.age" "$2"
        shift 2
    done
    ;;
verify) # SOURCE SUMS: two batches of files at a time
    cd "$2"
    xargs -P 2 -n 64 "$0" verify-batch <"$3"
    ;;
verify-batch) # DIGEST FILE pairs
    shift
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
    ;;
s3-rclone) # SOURCE SUMS FOOTAGE CONFIG: verify all, then copy through the remote «vault» (crypt over s3); one PUT a file is fastest here
    "$0" verify "$2" "$3"
    cd "$2"
    rclone copy --config "$5" --transfers 4 --checkers 4 --no-traverse --s3-upload-cutoff 4G --s3-no-check-bucket "$4" vault:
    ;;
s3-restic) # SOURCE FOOTAGE REPOSITORY PASSWORD-FILE: four connections, and footage does not compress
    cd "$2"
    restic backup --quiet --no-cache --compression off -o s3.connections=4 --repo "$4" --password-file "$5" "$3"
    ;;
s3-age-aws) # SOURCE SUMS RECIPIENT ENDPOINT BUCKET: two files at a time
    cd "$2"
    xargs -P 2 -n 2 "$0" s3-age-aws-one "$4" "$5" "$6" <"$3"
    ;;
s3-age-aws-one) # RECIPIENT ENDPOINT BUCKET DIGEST FILE
    "$0" verify-batch "$5" "$6"
    age -r "$2" "$6" | aws --endpoint-url "$3" s3 cp --only-show-errors --expected-size "$(stat -c %s "$6")" - "s3://$4/${6##*/}.age"
    ;;
s3-floor) # FOLDER: ready files, by four lists for curl
    printf '%s\n' "$2"/*.curl | xargs -P 4 -n 1 curl --silent --show-error --fail --output /dev/null --config
    ;;
copy) # SOURCE FOOTAGE OUT: one copy, for the floor
    cp -r --reflink=never "$2/$3" "$4"
    ;;
*)
    exit 64
    ;;
esac
