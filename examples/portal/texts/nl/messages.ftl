### Wat sms-berichten, oproepen, mails en meldingen zeggen. Sms-berichten zijn kort: één bericht heeft 160 tekens, en geen tekens die er twee van maken.

message-purpose =
    { $purpose ->
        [enrolment] om dit aan uw beveiligingsgegevens toe te voegen
        [password_reset] om een nieuw wachtwoord in te stellen
        [manage_security_info] om uw beveiligingsgegevens te openen
        [step_up] om te bevestigen dat u het bent
       *[other] om u aan te melden
    }
message-text = { $site }: { $code } is uw code { $purpose }, { $minutes } min. geldig. Geef hem aan niemand. Niet u? { $address }
message-call = Dit is { $site }. Druk op het hekje { $purpose }. Hebt u niet om deze oproep gevraagd? Druk dan op het sterretje.
message-push = { $site }: vraagt u dit zelf, { $purpose }? Voer het nummer in dat op het scherm staat.
message-push-origin = Gevraagd vanaf: { $origin }
message-mail-subject = Uw code voor { $site }
message-mail =
    { $code } is uw code { $purpose } bij { $site }. De code is { $minutes } min. geldig.

    Geef hem aan niemand, ook niet aan iemand die voor { $site } werkt.

    Hebt u er niet om gevraagd? Bekijk dan uw beveiligingsgegevens:
    { $address }

## Berichten over wat er is veranderd

message-notice-text = { $site }: { $notice } Niet u? { $address }
message-notice-subject = De beveiliging van uw account bij { $site }
message-notice =
    { $notice }

    Was u het zelf, dan hoeft u niets te doen.

    Was u het niet? Bekijk uw beveiligingsgegevens, verwijder wat niet van u is, en wijzig uw wachtwoord:
    { $address }
    Kunt u zich niet meer aanmelden, neem dan contact op met uw beheerder.

notice-added = Toegevoegd aan uw beveiligingsgegevens: { $method }, “{ $name }”.
notice-removed = Verwijderd uit uw beveiligingsgegevens: { $method }, “{ $name }”.
notice-replaced = Vervangen in uw beveiligingsgegevens: { $method }. Daarvoor in de plaats kwam: { $by }.
notice-default-changed = Uw standaardaanmeldingsmethode is nu: { $method }.
notice-no-default = U hebt geen standaardaanmeldingsmethode meer.
notice-locked = Vergrendeld tot { $time }, na te veel foute pogingen: { $method }.
notice-disabled = Uitgeschakeld na te veel foute pogingen: { $method }. Voeg de methode opnieuw toe om deze weer te gebruiken.
notice-recovery-code-used = Er is een herstelcode gebruikt. Codes die over zijn: { $left }.
notice-recovery-codes-made = Er zijn nieuwe herstelcodes gemaakt. De oude werken niet meer.
notice-suspicious-reported = Een aanmelding is als verdacht gemeld en is beëindigd.
notice-reset-begun = Iemand is begonnen een nieuw wachtwoord voor uw account in te stellen.
notice-password-reset = Er is een nieuw wachtwoord voor uw account ingesteld.
notice-reset-locked = Het instellen van een nieuw wachtwoord is vergrendeld tot { $time }, na te veel foute pogingen.
notice-password-locked = Uw wachtwoord is vergrendeld tot { $time }, na te veel foute pogingen.
notice-device-remembered = Een apparaat wordt onthouden: daar wordt niet om een tweede stap gevraagd.
notice-other = Uw beveiligingsgegevens zijn gewijzigd.
notice-administered =
    { $what ->
        [added] Een beheerder ({ $by }) heeft aan uw beveiligingsgegevens toegevoegd: { $method }.
        [removed] Een beheerder ({ $by }) heeft uit uw beveiligingsgegevens verwijderd: { $method }.
        [default] Een beheerder ({ $by }) heeft uw standaardaanmeldingsmethode gewijzigd.
        [registration] Een beheerder ({ $by }) vraagt u uw beveiligingsgegevens bij de volgende aanmelding opnieuw in te stellen.
        [unlocked] Een beheerder ({ $by }) heeft uw account ontgrendeld.
        [devices] Een beheerder ({ $by }) heeft de apparaten laten vergeten die voor u werden onthouden.
        [sessions] Een beheerder ({ $by }) heeft u overal afgemeld.
        [suspended] Een beheerder ({ $by }) heeft uw account geblokkeerd.
        [resumed] Een beheerder ({ $by }) heeft de blokkering van uw account opgeheven.
        [pass] Een beheerder ({ $by }) heeft een tijdelijke toegangspas voor u gemaakt.
       *[other] Een beheerder ({ $by }) heeft uw beveiligingsgegevens gewijzigd.
    }

## De pagina die telefoons en postvakken speelt

outbox-demonstration = Demonstratie: deze pagina speelt de telefoon en het postvak. Wie deze pagina kan openen, ziet elke code.
outbox-empty = Er is nog niets verstuurd.
outbox-refresh = Vernieuwen
outbox-kind =
    { $kind ->
        [text] Sms-bericht
        [call] Telefonische oproep
        [push] Melding
       *[mail] E-mail
    }
outbox-to = Aan
outbox-answered =
    { $said ->
        [approved] U hebt het goedgekeurd.
        [denied] U hebt het geweigerd.
       *[suspicious] U hebt gezegd dat u het niet was.
    }
outbox-not-heard = Dat is niet geaccepteerd: het nummer was fout, of de aanvraag is verlopen.
outbox-not-paired = Dat is niet geaccepteerd: de tekst is fout, is al gebruikt of is verlopen.
outbox-press-hash = Druk op #
outbox-hang-up = Ophangen
outbox-not-me = Dat was ik niet
outbox-number = Nummer op het scherm
outbox-approve = Goedkeuren
outbox-deny = Weigeren
outbox-app = Verificator-app
outbox-app-text = Hier kunt u de verificator-app spelen die meldingen krijgt. Terwijl u er een toevoegt, toont de pagina een tekst voor de app: plak die hier.
outbox-pairing = Tekst voor de app
outbox-pair = Koppelen
