/// What stands around the commands of an ``EvidenceGuide``, in one language.
struct GuideWords {
    /// What a step is for, and what it must say.
    struct Step {
        let title: String
        let meaning: String
    }

    let opening: String
    let steps: [Step]
    let contents: String
}

extension GuideWords {
    static let dutch = GuideWords(
        opening: """
            # Controleer deze beelden

            Deze map bevat beelden van bodycams met alles wat bewijst waar ze vandaan komen. U hebt er geen Bodydock voor nodig: alleen `ssh-keygen`,
            `sha256sum`, `openssl` en voor versleutelde beelden `age`, die op iedere Linux-computer staan of er gratis voor zijn. Open een terminal in
            deze map, en voer de stappen in volgorde uit: kopieer telkens het hele blok, plak het in de terminal en druk op Enter. Iedere stap eindigt met
            `OK` of met `WRONG` (fout). Ziet u ergens `WRONG`, dan is de map niet zoals hij is uitgegeven: gebruik hem dan niet, en vraag hem opnieuw op.
            """,
        steps: [
            Step(
                title: "Is dit de sleutel van het dock?",
                meaning: """
                    Er hoort één regel te staan, met daarin `{fingerprint}`. **Vergelijk die code met de code die u langs een andere weg van de
                    gemeente hebt gekregen** (telefonisch, op papier). Zonder die vergelijking bewijzen de volgende stappen alleen dat alles bij elkaar hoort.
                    """),
            Step(
                title: "Is de lijst van bestanden ondertekend door het dock?",
                meaning: """
                    Er hoort `Good "evidence@bodydock" signature for {dock}` te staan, en `step 2: OK`.
                    """),
            Step(
                title: "Is elk bestand zoals het is uitgegeven, en ligt er niets bij?",
                meaning: """
                    Er hoort alleen `step 3: OK` te staan. Anders wordt het bestand genoemd dat ontbreekt of veranderd is.
                    """),
            Step(
                title: "Zijn de verslagen ondertekend?",
                meaning: """
                    Voor elk verslag hoort er een regel te staan die met `Good` begint, en dan `step 4: OK`. `WRONG` noemt verslagen die niet kloppen, of die met een
                    sleutel zijn ondertekend die op dat moment niet (meer) gold. Hiervoor is OpenSSH 9.1 (2022) of nieuwer nodig.
                    """),
            Step(
                title: "Horen de beelden bij die verslagen?",
                meaning:
                    "Er hoort `step 5: OK` te staan: van elk beeldbestand is in een ondertekend verslag vastgelegd welke inhoud het heeft."
            ),
            Step(
                title: "Staan de verslagen in het logboek van het dock?",
                meaning: """
                    Er hoort voor elke teruggave van een camera `Signature Verified Successfully` te staan, en dan `step 6: OK`: het logboek, waarvan het dock
                    de stand heeft ondertekend, bevat het verslag. Die ondertekende stand ligt ook in de archieven van de gemeente; wie het logboek
                    later verandert, valt daardoor op.
                    """),
            Step(
                title: "Open de beelden",
                meaning: """
                    De beelden zijn versleuteld met [age](https://age-encryption.org). Vul achter `key=` de naam van uw sleutelbestand in. De geopende beelden
                    komen in de map `opened` naast deze map. Er hoort `step 7: OK` te staan: dan zijn het precies de bytes die van de camera zijn gelezen.
                    """),
        ],
        contents: """
            ## Wat staat waar

            - `cover.html`: een voorblad om af te drukken.
            - `export.json`: wat is gevraagd, door wie, waarom, en welk bestand welke opname is.
            - `footage/`: de beelden, per camera, dag en opname.
            - `dockings/…/custody.json`: wat er met elk bestand is gebeurd: wanneer en hoe gecontroleerd (`verification`), waar bewaard (`receipts`),
              wat opviel (`findings`), en hoe de camera is gewist (`erasure`).
            - `dockings/…/coverage.json`: per opname of alles er was (`isComplete`), ook de seconden vóór de knop (`preRecord`), of precies wat ontbreekt
              (`gaps`); ondertekend toen het origineel nog op de camera stond.
            - `dockings/…/custody.proof`: het bewijs dat het verslag in het logboek staat.
            - `clocks/….json`: hoeveel de klok van de camera afweek. `recorded` is de tijd zoals de camera die schreef; `corrected` is wanneer dat echt was,
              niet eerder dan `earliest` en niet later dan `latest`. Opgenomen tijden zijn nooit veranderd.
            """)

    static let english = GuideWords(
        opening: """
            # Verify this footage

            This folder holds footage of body-worn cameras with everything that proves where it comes from. You do not need Bodydock for it: only `ssh-keygen`,
            `sha256sum`, `openssl` and for sealed footage `age`, which every Linux computer has or can have for free. Open a terminal in this folder, and
            take the steps in order: copy the whole block, paste it into the terminal and press Enter. Each step ends with `OK` or with `WRONG`. If you see
            `WRONG` anywhere, the folder is not as it was handed out: do not use it, and ask for it again.
            """,
        steps: [
            Step(
                title: "Is this the key of the dock?",
                meaning: """
                    There must be one line, with `{fingerprint}` in it. **Compare that code with the one that the municipality gave you by another
                    way** (by telephone, on paper). Without that comparison the next steps only prove that everything belongs together.
                    """),
            Step(
                title: "Is the list of files signed by the dock?",
                meaning: """
                    It must say `Good "evidence@bodydock" signature for {dock}`, and `step 2: OK`.
                    """),
            Step(
                title: "Is each file as it was handed out, and does nothing lie beside them?",
                meaning:
                    "It must say `step 3: OK` and nothing else. Otherwise it names the file that is missing or changed."
            ),
            Step(
                title: "Are the records signed?",
                meaning: """
                    For each record there must be a line that begins with `Good`, and then `step 4: OK`. `WRONG` names records that do not hold, or
                    were signed with a key that did not count (any more) at that time. This needs OpenSSH 9.1 (2022) or later.
                    """),
            Step(
                title: "Does the footage belong to those records?",
                meaning: "It must say `step 5: OK`: a signed record tells of each file of footage which content it has."
            ),
            Step(
                title: "Are the records in the dock's ledger?",
                meaning: """
                    For each return of a camera it must say `Signature Verified Successfully`, and then `step 6: OK`: the ledger, whose state the dock has signed,
                    holds the record. That signed state lies in the archives of the municipality too; whoever changes the ledger later is found out by it.
                    """),
            Step(
                title: "Open the footage",
                meaning: """
                    The footage is encrypted with [age](https://age-encryption.org). Put the name of your key file behind `key=`. The opened footage goes to the
                    folder `opened` beside this one. It must say `step 7: OK`: then these are exactly the bytes that were read from the camera.
                    """),
        ],
        contents: """
            ## What is where

            - `cover.html`: a cover page to print.
            - `export.json`: what was asked for, by whom, why, and which file is which recording.
            - `footage/`: the footage, by camera, day and recording.
            - `dockings/…/custody.json`: what happened to each file: when and how it was verified (`verification`), where it is kept (`receipts`), what was
              found (`findings`), and how the camera was erased (`erasure`).
            - `dockings/…/coverage.json`: of each recording whether all of it was there (`isComplete`), with the seconds before the button (`preRecord`), or
              exactly what is missing (`gaps`); signed while the original was still on the camera.
            - `dockings/…/custody.proof`: the proof that the record is in the ledger.
            - `clocks/….json`: how far the camera's clock was off. `recorded` is the time as the camera wrote it; `corrected` is when that really was, not
              before `earliest` and not after `latest`. Recorded times were never changed.
            """)
}
