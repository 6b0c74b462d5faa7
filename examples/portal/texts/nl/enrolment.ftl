# Een methode toevoegen, en registratie bij het aanmelden.

add-lead = Kies wat u wilt toevoegen.
add-pending = U bent begonnen met het instellen van “{$name}”.
add-pending-go-on = Ga ermee verder
add-app = Verificator-app
add-app-text = Keur een melding goed, of voer een code in die uw telefoon toont.
add-phone = Telefoon
add-phone-text = Ontvang een sms-bericht of een oproep.
add-office-phone = Werktelefoon
add-office-phone-text = Ontvang een oproep op uw werk.
add-alternate-phone = Alternatief telefoonnummer
add-alternate-phone-text = Ontvang een oproep op een andere telefoon.
add-security-key = Beveiligingssleutel
add-security-key-text = Een sleutel of wachtwoordsleutel die u met de pincode ontgrendelt.
add-hardware-token = Hardwaretoken
add-hardware-token-text = Een klein apparaat dat codes toont.
add-phone-sign-in = Aanmelding met de telefoon
add-phone-sign-in-text = Meld u aan met uw verificator-app, zonder wachtwoord.
add-email = E-mailadres
add-email-text = Alleen om uw wachtwoord opnieuw in te stellen.
add-questions = Beveiligingsvragen
add-questions-text = Alleen om uw wachtwoord opnieuw in te stellen.
add-recovery-codes = Herstelcodes
add-recovery-codes-text = Codes om op papier te bewaren, elk één keer te gebruiken.
add-app-password = App-wachtwoord
add-app-password-text = Voor een programma dat niet om een tweede stap kan vragen.

register = Hoe kunnen we u bereiken?
register-lead = {$organisation} vraagt bij het aanmelden om een tweede stap. Kies hoe u die wilt geven; later kunt u meer toevoegen.

enrol-steps = Stappen
enrol-step-choose = Kiezen
enrol-step-set-up = Instellen
enrol-step-test = Proberen
enrol-next = Volgende
enrol-different-method = Ik wil een andere methode instellen
enrol-different-app = Ik wil een andere verificator-app gebruiken
enrol-code-instead = Ik wil codes van de verificator-app gebruiken

enrol-app = Uw verificator-app instellen
enrol-app-get = Installeer {$product} op uw telefoon en houd de telefoon bij de hand. Ga dan hier verder.
enrol-product = de verificator-app
enrol-other-app-get = Installeer een verificator-app op uw telefoon en houd de telefoon bij de hand. Ga dan hier verder.
enrol-app-name = Verificator-app
enrol-other-app-name = Andere verificator-app
enrol-name = Naam
enrol-name-why = Hoe deze telefoon in uw lijst heet.

enrol-phone = Uw telefoon instellen
enrol-office-phone = Uw werktelefoon instellen
enrol-alternate-phone = Een alternatief telefoonnummer instellen
enrol-country = Land of regio
enrol-number = Telefoonnummer
enrol-no-number = Dat is geen telefoonnummer. Controleer het land en het nummer.
enrol-same-number = Het moet het nummer zijn dat al geregistreerd is: {$hint}.
enrol-how = Hoe wilt u het gebruiken?
enrol-text-me = Stuur mij een code per sms
enrol-call-me = Bel mij
enrol-call-text = We bellen dit nummer. Neem op en druk op #.

enrol-email = Uw e-mailadres instellen
enrol-address = E-mailadres
enrol-address-why = Een adres dat u kunt openen zonder u hier aan te melden.
enrol-no-address = Dat is geen e-mailadres.

enrol-phone-sign-in = Aanmelding met de telefoon instellen
enrol-phone-sign-in-text = U meldt zich aan met alleen uw naam, en keurt het op uw telefoon goed met uw vingerafdruk, uw gezicht of de pincode.
enrol-which-app = Welke app?

enrol-scan = De QR-code scannen
enrol-scan-open = Open de verificator-app op uw telefoon.
enrol-scan-add = Kies om een account toe te voegen.
enrol-scan-scan = Scan er deze QR-code mee.
enrol-cannot-scan = Kunt u de QR-code niet scannen?
enrol-type-it = Typ dit in de app. Kies dat codes met de tijd veranderen.
enrol-account = Account
enrol-key = Sleutel
enrol-open-app = Openen in een verificator-app op dit apparaat
enrol-activate = Kopieer deze koppeling naar de app. Ze is één keer te gebruiken, tien minuten lang. In een terminal vraagt de opdracht “authenticator pair” erom.
enrol-activate-outbox = Of plak ze in het Postvak UIT van deze demonstratie, dat een telefoon speelt.
enrol-copy = Kopiëren
enrol-copied = Gekopieerd
enrol-waiting-app = We wachten op uw app …

device = Open dit in de app
device-text = Deze koppeling is voor de verificator-app. Open de app op uw telefoon, kies om een account toe te voegen, en scan de code daar nog een keer mee. Voer in een terminal “authenticator pair” uit en plak het hele adres van deze pagina, met alles wat na de # staat.

enrol-enter-code = De code invoeren
enrol-code = Code
enrol-verify = Verifiëren
enrol-code-app = Voer de code in die uw app nu toont.
enrol-code-sent = We hebben een code gestuurd naar {$hint}. Voer die hier in.
enrol-answer-call = De oproep beantwoorden
enrol-call = We bellen {$hint}. Neem op en druk op #.
enrol-approve = De melding goedkeuren
enrol-approve-text = Keur de melding op uw telefoon goed en voer daar dit getal in.
enrol-approved = Goedgekeurd
enrol-approved-text = Uw telefoon heeft het goedgekeurd.
enrol-scan-first = Scan eerst de QR-code
enrol-scan-first-text = Uw app is nog niet gekoppeld. De QR-code wordt maar één keer getoond.
enrol-look-again = Ik heb de code gescand
enrol-not-sent = Het is niet goedgekeurd
enrol-not-sent-text = Het is op uw telefoon geweigerd, daar is een ander getal ingevoerd, of wat we hebben gestuurd is verlopen. Laat het opnieuw sturen, of stel een andere methode in.
enrol-waiting = We wachten op uw telefoon …
enrol-done-it = Ik heb het gedaan
enrol-send-again = Opnieuw sturen
enrol-call-again = Opnieuw bellen
enrol-notify-again = De melding opnieuw sturen
enrol-sent-again = Het is opnieuw gestuurd.
enrol-start-again = Niet gescand? Begin opnieuw
enrol-not-approved = Uw telefoon heeft het nog niet goedgekeurd.
enrol-wrong-code = Die code is niet geaccepteerd. Voer de nieuwste in.
enrol-misread-key = Uw app berekent andere codes dan opgegeven. Verwijder het account in de app en begin opnieuw met een andere app.

enrol-added = “{$name}” is toegevoegd.
enrol-added-default = “{$name}” is toegevoegd, en is nu uw standaardaanmeldingsmethode.
enrol-failures = Pogingen daarvoor die niet zijn geaccepteerd: {$count}.
enrol-done = U bent klaar
enrol-backup = Een reserve toevoegen?
enrol-backup-why = Als u uw telefoon verliest of een nieuwe krijgt, komt u op een tweede manier binnen.
enrol-still-required = Nog één ding
enrol-still-required-why = {$organisation} vereist ook een van deze methoden.
enrol-app-password = Gebruikt u een ouder e-mailprogramma?
enrol-app-password-why = Programma's die niet om een tweede stap kunnen vragen, hebben een eigen wachtwoord nodig.
enrol-app-password-make = Een app-wachtwoord maken
enrol-not-now = Niet nu
enrol-finish = Naar uw beveiligingsgegevens
