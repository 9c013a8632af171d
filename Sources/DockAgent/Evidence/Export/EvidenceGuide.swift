import DockCore

/// `VERIFY.md` of a bundle: how anybody checks it by hand, in Dutch and English. The commands are the same in both, and the tests run them:
/// each step says `step N: OK` or `step N: WRONG`.
struct EvidenceGuide {
    let dock: String
    let fingerprint: String
    let form: EvidenceDisclosed.Form

    /// The whole text.
    var text: String { page(.dutch) + "\n---\n\n" + page(.english) }

    private func page(_ words: GuideWords) -> String {
        let steps = commands.enumerated().map { number, commands in
            let step = words.steps[number]
            return """
                ## \(number + 1). \(step.title)

                ```sh
                \(commands)
                ```

                \(filled(step.meaning))


                """
        }
        return filled(words.opening) + "\n\n" + steps.joined() + words.contents + "\n"
    }

    private func filled(_ text: String) -> String {
        text.replacing("{dock}", with: dock).replacing("{fingerprint}", with: fingerprint)
    }

    /// What is typed, step by step; the last one only where the footage is sealed.
    var commands: [String] {
        [key, list, files, records, footage, ledger] + (form == .opened ? [] : [opening])
    }

    // MARK: The steps

    private var key: String {
        """
        ssh-keygen -l -f dock.pub
        """
    }

    /// Believes the key of the first step alone.
    private var list: String {
        """
        signer=$(mktemp); echo "\(dock) $(cut -d ' ' -f 1,2 dock.pub)" > "$signer"
        ssh-keygen -Y verify -f "$signer" -I \(dock) -n evidence@bodydock -s SHA256SUMS.sig < SHA256SUMS &&
          echo 'step 2: OK' || echo 'step 2: WRONG'
        """
    }

    private var files: String {
        """
        sha256sum --check --quiet --strict SHA256SUMS &&
          test "$(find . ! -type d | wc -l)" -eq "$(($(wc -l < SHA256SUMS) + 2))" &&
          echo 'step 3: OK' || echo 'step 3: WRONG'
        """
    }

    /// Each record by the key that counted when it was written: a custody record when the ledger says, a statement when it says itself.
    private var records: String {
        """
        wrong=
        for file in dockings/*/*.json clocks/*.json; do
          case $file in
            */custody.json) kind=custody; at=$(sed -n 's/^extra //p' "${file%json}proof" | base64 -d | sed 's/^{"at":"\\([^"]*\\)".*/\\1/') ;;
            */coverage.json) kind=coverage; at=$(sed 's/.*,"stated":"\\([^"]*\\)".*/\\1/' "$file") ;;
            *) kind=clock; at= ;;
          esac
          at=$(printf %s "$at" | tr -cd 0-9 | cut -c 1-14)
          TZ=UTC ssh-keygen -Y verify ${at:+-O verify-time=$at} -f allowed_signers -I \(dock) -n "$kind@bodydock" -s "$file.sig" < "$file" ||
            wrong="$wrong $file"
        done
        test -z "$wrong" && echo 'step 4: OK' || echo "step 4: WRONG:$wrong"
        """
    }

    /// Every file of footage is one that a signed record tells of.
    private var footage: String {
        """
        wrong=$(grep '  footage/' \(form == .opened ? BundleName.sums : BundleName.opened) | while read -r hash file; do
          grep -q -F "\\"sha256\\":\\"$hash\\"" dockings/*/custody.json || echo "$file"
        done)
        test -z "$wrong" && echo 'step 5: OK' || echo "step 5: WRONG: $wrong"
        """
    }

    /// The entry of each custody record is in the ledger that the dock has signed for (RFC 6962, section 2.1.1; c2sp.org/tlog-proof).
    private var ledger: String {
        """
        hex() { base64 -d | od -An -v -tx1 | tr -d ' \\n'; }
        join() { (printf '\\001'; printf %s "$1$2" | tr a-f A-F | basenc --base16 -d) | sha256sum | cut -c 1-64; }
        in_ledger() (
          proof=$1; work=$(mktemp -d); trap 'rm -r "$work"' EXIT
          (printf '\\060\\052\\060\\005\\006\\003\\053\\145\\160\\003\\041\\000'; cut -d ' ' -f 2 dock.pub | base64 -d | tail -c 32) > "$work/key"
          sed '1,/^$/d' "$proof" > "$work/checkpoint"
          sed '/^$/,$d' "$work/checkpoint" > "$work/text"
          sed '1,/^$/d' "$work/checkpoint" | head -n 1 | cut -d ' ' -f 3 | base64 -d | tail -c 64 > "$work/signature"
          openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key" -rawin -in "$work/text" -sigfile "$work/signature" || exit 1
          sed -n 's/^extra //p' "$proof" | base64 -d > "$work/entry"
          grep -q -F "$(sha256sum < "${proof%proof}json" | cut -c 1-64)" "$work/entry" || exit 1
          index=$(sed -n 's/^index //p' "$proof"); last=$(($(sed -n 2p "$work/text") - 1))
          test "$index" -le "$last" || exit 1
          hash=$( (printf '\\000'; cat "$work/entry") | sha256sum | cut -c 1-64)
          for line in $(sed '1,/^index /d; /^$/,$d' "$proof"); do
            other=$(echo "$line" | hex); test "$last" -gt 0 || exit 1
            if [ $((index % 2)) = 1 ] || [ "$index" = "$last" ]; then
              hash=$(join "$other" "$hash")
              while [ $((index % 2)) = 0 ] && [ "$index" != 0 ]; do index=$((index / 2)); last=$((last / 2)); done
            else
              hash=$(join "$hash" "$other")
            fi
            index=$((index / 2)); last=$((last / 2))
          done
          test "$last" = 0 && test "$hash" = "$(sed -n 3p "$work/text" | hex)"
        )
        wrong=
        for proof in dockings/*/custody.proof; do in_ledger "$proof" || wrong="$wrong $proof"; done
        test -z "$wrong" && echo 'step 6: OK' || echo "step 6: WRONG:$wrong"
        """
    }

    /// What only the owner of a key can do.
    private var opening: String {
        """
        key=YOUR-KEY-FILE
        opened=$(dirname "$PWD")/opened; list=$PWD/\(BundleName.opened)
        find footage -name '*.age' | while read -r file; do
          mkdir -p "$opened/$(dirname "$file")" && age --decrypt -i "$key" -o "$opened/${file%.age}" "$file"
        done
        (cd "$opened" && sha256sum --check --quiet --strict "$list") && echo 'step 7: OK' || echo 'step 7: WRONG'
        """
    }
}
