#!/bin/bash
# The whole job, to be watched: a camera with real video is taken in, sealed, delivered and emptied; then Debian's age and
# sha256sum, not Bodydock, say whether what arrived is what the camera recorded. A second camera, with a file that is not
# what its manifest says, must be held and lose nothing. Last, a recording is handed out, verified by hand, and tampered with.
#
#   Tests/Rigs/demo.sh PROGRAM        ends with 0 only if everything was as it must be
set -euo pipefail

program=$(realpath "${1:?usage: demo.sh PROGRAM}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM
cd "$scratch"

bold='' dim='' plain=''
if [ -t 1 ]; then bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'; fi
wrong=0

heading() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
fail() { printf '  WRONG: %s\n' "$*"; wrong=$((wrong + 1)); }
bodydock() { "$program" "$@"; }

# Shows a command, then runs it.
run() {
    printf '%s$ %s%s\n' "$dim" "$*" "$plain"
    "$@"
}

# Runs a command that must end with the given exit status.
expect() {
    local wanted=$1 status=0
    shift
    run "$@" || status=$?
    [ "$status" = "$wanted" ] || fail "exit status $status instead of $wanted"
}

# The camera's segments, one a line: recording, number, bytes, SHA-256, file; separated by tabs.
segments() {
    jq -r 'select(.type == "segment") | [.recording, .number, .bytes, .sha256, .file] | @tsv' "$1"
}

footage() { find "$1/DCIM" -type f; }
tree() {
    find "$1" -mindepth 1 -printf '%P\t%y\t%s\n' | sort |
        awk -F '\t' '{ printf "%14s  %s\n", $2 == "d" ? "" : $3, $2 == "d" ? $1 "/" : $1 }'
}

# Opens the object in the vault whose name carries this SHA-256 with stock age, as opened.mp4, and compares.
opens() {
    local object
    rm -f opened.mp4
    object=$(find vault -type f -name "*.${1:0:12}*.age" -print -quit)
    [ -n "$object" ] && age -d -i keys/age.key -o opened.mp4 "$object" &&
        sha256sum --check --status <<<"$1  opened.mp4"
}

video() {
    ffprobe -v error -select_streams v:0 -show_entries stream=codec_name,width,height:format=duration -of json opened.mp4 </dev/null |
        jq -er '"\(.streams[0].codec_name) \(.streams[0].width)x\(.streams[0].height), \(.format.duration | tonumber | round) s"'
}

heading '1. Keys and configuration'
run bodydock keys new keys --age
recipient=$(age-keygen -y keys/age.key)
cat >bodydock.yaml <<YAML
dock:
  name: demo-1
state: $scratch/state
sealing:
  recipients: [$recipient]
vaults:
  - name: archive
    type: directory
    path: $scratch/vault
YAML
mkdir -p state vault
run cat bodydock.yaml
run bodydock config check bodydock.yaml

heading '2. A camera with three recordings'
run bodydock camera make camera --video --recordings 3
tree camera
cp camera/BODYDOCK/manifest.jsonl manifest-kept-aside.jsonl

heading '3. Offload: verify, seal, deliver, confirm, and only then erase'
expect 0 bodydock offload --config bodydock.yaml camera

heading '4. What is where now'
echo 'vault:' && tree vault
echo 'camera:' && tree camera
[ -z "$(footage camera)" ] || fail 'footage is left on the camera'
run bodydock status --config bodydock.yaml
expect 0 bodydock ledger verify --config bodydock.yaml

heading '5. Does stock age find in the vault what the camera recorded?'
declare -A count=() good=() shape=()
recordings=()
while IFS=$'\t' read -r recording _ _ listed file; do
    [ -n "${count[$recording]-}" ] || recordings+=("$recording")
    count[$recording]=$((${count[$recording]-0} + 1))
    if opens "$listed" && shape[$recording]=$(video) && [ ! -e "camera/$file" ]; then
        good[$recording]=$((${good[$recording]-0} + 1))
    fi
done < <(segments manifest-kept-aside.jsonl)
[ "${#recordings[@]}" = 3 ] || fail "the manifest lists ${#recordings[@]} recordings instead of 3"
for recording in "${recordings[@]}"; do
    line="$recording: ${good[$recording]-0} of ${count[$recording]} segments match the camera's manifest when opened with age"
    if [ "${good[$recording]-0}" = "${count[$recording]}" ]; then
        echo "  $line (${shape[$recording]}), and are erased from the camera"
    else
        fail "$line and are erased from the camera"
    fi
done

heading '6. A second camera: one file is not what its manifest says'
run bodydock camera make camera-2 --serial BWC0043 --recordings 3 --break hash
footage camera-2 | sort | xargs sha256sum >footage-2.sums
expect 2 bodydock offload --config bodydock.yaml camera-2
run sha256sum --check --quiet footage-2.sums || fail 'footage of a held camera changed or went away'
differing=0
while IFS=$'\t' read -r recording number _ listed file; do
    actual=$(sha256sum "camera-2/$file" | cut -d ' ' -f 1) || true
    if ! opens "$actual"; then
        fail "$recording, segment $number is not in the vault as it is on the camera"
    elif [ "$actual" != "$listed" ]; then
        differing=$((differing + 1))
        echo "  $recording, segment $number: not what the manifest says: delivered as it is, and the camera keeps it"
    else
        echo "  $recording, segment $number: as listed: safe in the vault, and the camera keeps it"
    fi
done < <(segments camera-2/BODYDOCK/manifest.jsonl)
[ "$differing" -gt 0 ] || fail 'no file differs from the manifest: the camera is not broken'
expect 0 bodydock ledger verify --config bodydock.yaml

heading '7. A prosecutor asks for an incident: one file that anybody can verify, with stock tools alone'
expect 0 bodydock evidence export evidence.tar --config bodydock.yaml --incident "BWC0042/${recordings[0]}" \
    --reason 'case 10/123456-26' --requested-by 'the prosecutor'
expect 0 bodydock evidence verify evidence.tar
mkdir -p clean tools
run tar -x -C clean -f evidence.tar
tree clean
# Another desk: nothing but these programs, and the steps of the guide as they would be copied into a terminal.
for tool in age base64 basename basenc bash cat cut dirname find grep head mkdir mktemp od openssl rm sed sha256sum \
    ssh-keygen tail tr wc; do
    ln -s "$(command -v "$tool")" "tools/$tool"
done
awk '/^---$/ { english = 1 } /^[`][`][`]/ { code = !code; next } english && code' clean/evidence/VERIFY.md |
    sed "s#YOUR-KEY-FILE#$scratch/keys/age.key#" >guide.sh
verify() { (cd clean/evidence && env -i PATH="$scratch/tools" bash ../../guide.sh) 2>&1; }
verify | tee guide.log
for step in 2 3 4 5 6 7; do
    grep -qx "step $step: OK" guide.log || fail "step $step of the guide does not give the verdict that it promises"
done
grep -qF "$(bodydock keys list --config bodydock.yaml | grep -o 'ssh-ed25519 [^ ]*' | head -n 1 | ssh-keygen -l -f - | cut -d ' ' -f 2)" \
    guide.log || fail "the first step does not show the dock's key"
expect 0 bodydock evidence verify --identity keys/age.key clean/evidence
echo 'One byte of one file is changed:'
printf x >>"$(find clean/evidence/footage -type f | head -n 1)"
rm -r clean/opened
verify >guide.log
grep -x 'step 3: WRONG' guide.log || fail 'the changed byte is not found by hand'
expect 1 bodydock evidence verify clean/evidence

heading 'Result'
if [ "$wrong" != 0 ]; then
    echo "$wrong of the things above are WRONG"
    exit 1
fi
echo 'The first camera is empty and every segment of it opens from the vault; the second was held and kept every byte;'
echo 'what was handed out is verified with stock tools, and one changed byte is found.'
