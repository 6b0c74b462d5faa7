# De pagina zelf.
info-missing = Uw organisatie vraagt meer dan u hebt geregistreerd. Niets van wat u hebt geregistreerd is hier goed voor:
info-proposed = Voeg een van deze toe:
info-backup = U hebt maar één apparaat. Voeg nog een methode toe, zodat u zich kunt aanmelden als u het kwijtraakt. Dat kan zijn:
info-campaign = Stel een veiliger methode in: { $method }
info-campaign-why = Uw organisatie vraagt u dit. Het duurt een minuut.
info-campaign-left =
    { $count ->
        [0] Uitstellen kan niet meer.
        [1] U kunt het nog één keer uitstellen.
       *[other] U kunt het nog { $count } keer uitstellen.
    }
info-campaign-add = Instellen
info-campaign-later = Niet nu
info-reconfirm = Klopt dit nog?
info-reconfirm-why = Kijk uw methoden na. Bent u met elk daarvan nog te bereiken?
info-reconfirm-yes = Ja, het klopt
info-reconfirm-no = Nee, wijzigen
info-reconfirmed = Dank u. Uw beveiligingsgegevens zijn bevestigd.
info-default = Standaardaanmeldingsmethode
info-change = Wijzigen
info-methods = Uw methoden
info-methods-why = Houd er minstens twee, zodat u zich kunt aanmelden als u er een kwijtraakt.
info-methods-none = Er is nog niets geregistreerd.
info-add = Methode toevoegen
info-is-default = Standaard
info-last-used = Laatst gebruikt op { $time }
info-never-used = Nooit gebruikt
info-state-locked = Vergrendeld
info-state-disabled = Uitgeschakeld
info-state-expired = Verlopen
info-state-used = Opgebruikt
info-state-pending = Nog niet getest
info-state-off = Niet bruikbaar
info-rename = Naam wijzigen
info-remove = Verwijderen
info-codes = Herstelcodes
info-codes-left = Nog { $count } van de 10
info-codes-why = Elk is één keer te gebruiken, als u niets anders bij de hand hebt.
info-codes-make = Codes maken
info-codes-new = Nieuwe codes maken
info-app-passwords = App-wachtwoorden
info-app-passwords-why = Voor oude clients die geen tweede stap kunnen vragen.
info-app-passwords-make = App-wachtwoord maken
info-password = Wachtwoord
info-password-why = Als u het wijzigt, wordt u overal elders afgemeld.
info-devices = Onthouden apparaten
info-devices-why = Hierop wordt u niet om een tweede stap gevraagd.
info-devices-forget = Alle vergeten
info-device-since = Sinds { $time }
info-device-until = Tot { $time }
info-device-forget = Vergeten
info-device-forgotten = Daar wordt u voortaan om een tweede stap gevraagd.
info-failures = Mislukte pogingen
info-failures-why = Was u dat niet? Wijzig dan uw wachtwoord.
info-failures-all = Alle activiteit
info-sign-out = Overal afmelden
info-sign-out-why = Beëindigt al uw sessies, ook deze, en vergeet onthouden apparaten.
info-save = Opslaan
info-cancel = Annuleren
info-back = Terug naar beveiligingsgegevens

# De standaard.
info-default-change = Standaardmethode wijzigen
info-default-why = Hiermee begint het aanmelden. U kunt elke keer nog een andere kiezen.
info-default-none = Niets van wat u hebt geregistreerd kan de standaard zijn. Voeg eerst een andere methode toe.
info-default-changed = Uw standaardaanmeldingsmethode is gewijzigd.

# De naam.
info-name = Naam
info-name-hint = Hoogstens 64 tekens, bijvoorbeeld “Mijn nieuwe telefoon”.
info-name-invalid = Dat kan geen naam zijn. Gebruik 1 tot 64 zichtbare tekens.
info-renamed = De naam is gewijzigd.

# Verwijderen.
info-remove-sure = Wilt u dit echt verwijderen? Dit zijn de gevolgen:
info-remove-default = Uw standaardaanmeldingsmethode wordt: { $default }.
info-remove-nothing-left = U hebt dan geen methode meer voor: { $purpose }.
info-remove-register = U moet bij de volgende aanmelding een andere methode registreren.
info-remove-again = Het kan niet ongedaan worden gemaakt. Om de methode weer te gebruiken, moet u deze opnieuw registreren.
info-remove-codes = Geen van deze codes is dan nog te gebruiken. Het kan niet ongedaan worden gemaakt.
info-remove-app-password = De client met dit wachtwoord krijgt geen toegang meer. Het kan niet ongedaan worden gemaakt.
info-remove-phone = Het account blijft in de app op uw telefoon staan. Verwijder het daar ook.
info-remove-elsewhere = U wordt overal elders afgemeld, en onthouden apparaten worden vergeten.
info-remove-yes = Ja, verwijderen
info-remove-no = Nee, behouden
info-remove-denied = Dit kan nu niet worden verwijderd.
info-remove-remedies = Een van deze zou helpen:
info-removed = De methode is verwijderd.
info-removed-default = De methode is verwijderd. Uw standaardaanmeldingsmethode is nu: { $default }.

# Herstelcodes.
codes-make = Herstelcodes maken
codes-what = U krijgt tien codes om af te drukken of op te schrijven. Als u uw telefoon of sleutel niet bij u hebt, meldt u zich met een daarvan aan.
codes-once = Ze worden één keer getoond. Bewaar ze waar niemand anders ze vindt, en niet op uw telefoon.
codes-old = U hebt nog { $count } bruikbare codes. Die vervallen als u nieuwe maakt.
codes-made = Uw herstelcodes
codes-keep = Druk ze nu af of schrijf ze op: ze worden niet nog eens getoond. Elk is één keer te gebruiken.
codes-old-void = De codes die u eerder had, zijn vervallen. Vernietig ze.
codes-kept = Ik heb ze bewaard
codes-print = Afdrukken
copy = Kopiëren
copied = Gekopieerd

# App-wachtwoorden.
app-password-make = Een app-wachtwoord maken
app-password-what = Voor een client die geen tweede stap kan vragen, zoals een oud e-mailprogramma. Gebruik er een per client, zodat u er een kunt verwijderen zonder de andere.
app-password-name = Naam van de client
app-password-name-hint = Bijvoorbeeld “Mail op de oude tablet”. Onder deze naam vindt u het terug als u het wilt verwijderen.
app-password-made = Uw app-wachtwoord
app-password-keep = Typ het nu in de client, in plaats van uw wachtwoord. Het wordt niet nog eens getoond.
app-password-user = Naam
app-password-spaces = Streepjes en hoofdletters maken niet uit. U hoeft het niet te onthouden.
app-password-done = Gereed

# Het eigen wachtwoord.
own-password = Wachtwoord wijzigen
own-password-what = Hier blijft u aangemeld. Overal elders wordt u afgemeld.
own-password-old = Oud wachtwoord
own-password-wrong = Het oude wachtwoord klopt niet, of te veel waren onjuist. Probeer het later nog eens.
own-password-changed = Uw wachtwoord is gewijzigd. U bent overal elders afgemeld.

# Activiteit.
activity-why = Wat er met uw account is gebeurd, het nieuwste eerst.
activity-none = Er is nog niets gebeurd.
activity-pages = Pagina's
activity-newer = Nieuwer
activity-older = Ouder
activity-by-administrator = Door een beheerder

# Het adres voor oude e-mailprogramma's.
legacy-origin = oud e-mailprogramma, vanaf { $address }
legacy-mailbox = Postvak van { $person }, geopend met het app-wachtwoord “{ $client }”. Er is geen post.

# Gebeurtenissen uit het auditlogboek. Een methode kan volgen: "Toegevoegd: Sms-bericht".
event-first-factor = Wachtwoord geaccepteerd
event-password-tried = Wachtwoord ingevoerd
event-password-not-tried = Mislukte poging met een wachtwoord
event-password-locked = Wachtwoord vergrendeld tot { $until } na mislukte pogingen
event-challenged = Verificatie gevraagd
event-sent = Code, oproep of melding verzonden
event-verified =
    { $purpose ->
        [two_step] Tweede stap voltooid
        [password_reset] Geverifieerd voor een nieuw wachtwoord
        [first_factor] Aangemeld zonder wachtwoord
       *[other] Nogmaals geverifieerd
    }
event-failed =
    { $purpose ->
        [password_reset] Mislukte poging om het wachtwoord opnieuw in te stellen
        [first_factor] Mislukte poging om zonder wachtwoord aan te melden
       *[other] Mislukte poging
    }
event-locked = Vergrendeld tot { $until } na mislukte pogingen
event-disabled = Uitgeschakeld na te veel mislukte pogingen
event-denied = Met nee beantwoord op de telefoon
event-reported = Als verdacht gemeld op de telefoon
event-clock-behind = Niet gecontroleerd, omdat de klok van de server achterliep
event-clock-repaired = Klok van de server hersteld
event-key-copied = Beveiligingssleutel is mogelijk gekopieerd
event-enrolment-begun = Instellen begonnen
event-enrolment-tested = Test geslaagd
event-enrolment-failed = Mislukte test
event-paired = App gekoppeld
event-not-paired = App niet gekoppeld
event-enrolment-ended = Instellen niet voltooid
event-resynchronised = Token weer gelijkgezet
event-not-resynchronised = Token niet gelijkgezet
event-bound = Toegevoegd
event-removed = Verwijderd
event-renamed = Naam gewijzigd
event-default-changed = Standaardaanmeldingsmethode gewijzigd
event-refused = Gevraagd, en niet toegestaan
event-reset-begun = Wachtwoord opnieuw instellen begonnen
event-reset-not-begun = Wachtwoord opnieuw instellen gevraagd, en niet begonnen
event-reset-locked = Wachtwoord opnieuw instellen vergrendeld tot { $until } na mislukte pogingen
event-reset-permitted = Alles geverifieerd om het wachtwoord opnieuw in te stellen
event-password-reset = Wachtwoord opnieuw ingesteld
event-permission-refused = Mislukte poging om een nieuw wachtwoord in te stellen
event-phone-sign-in-begun = Aanmelden zonder wachtwoord begonnen
event-phone-sign-in-not-begun = Aanmelden zonder wachtwoord gevraagd, en niet begonnen
event-first-factor-locked = Aanmelden zonder wachtwoord vergrendeld tot { $until } na mislukte pogingen
event-first-factor-disabled = Aanmelden zonder wachtwoord uitgeschakeld na te veel mislukte pogingen
event-pass-issued = Tijdelijke toegangspas uitgegeven
event-recovery-codes-made = Herstelcodes gemaakt
event-app-password-used = App-wachtwoord gebruikt
event-app-password-failed = Mislukte poging met een app-wachtwoord
event-device-remembered = Apparaat onthouden
event-devices-forgotten = Onthouden apparaten vergeten
event-registration-demanded = Opnieuw registreren vereist
event-unlocked = Ontgrendeld
event-suspended = Account geblokkeerd
event-resumed = Blokkering van het account opgeheven
event-burned = Eerdere codes ongeldig gemaakt
event-session-ended = Afgemeld
event-sessions-ended = Overal elders afgemeld
event-password-changed = Wachtwoord gewijzigd
event-reconfirmed = Beveiligingsgegevens bevestigd
event-campaign-snoozed = Voorstel uitgesteld
event-unreadable = Account kon niet worden geopend
event-not-sent = Niet verzonden, omdat het te laat was
event-other = Iets anders

# Waarom een poging niet is geaccepteerd, voor beheerders.
class-accepted = geaccepteerd
class-wrong = onjuist
class-replayed = eerder gebruikt
class-locked = vergrendeld
class-no-challenge = er was niets gevraagd
class-no-session = een andere sessie
class-no-factor = onbekende methode
class-not-allowed = niet toegestaan door het beleid
class-expired = verlopen
class-suspended = account geblokkeerd
class-unknown-person = onbekende persoon
class-clock-behind = klok loopt achter
class-waiting = nog niet goedgekeurd
class-not-signed = niet ondertekend door het apparaat
class-no-gesture = zonder vingerafdruk, gezicht of pincode
class-other = een andere oorzaak
