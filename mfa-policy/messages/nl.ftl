### Teksten voor mensen, in het Nederlands: "u", en de benamingen van de documenten voor eindgebruikers.
###
### De uitleg staat in en.ftl.

## Pieces

quoted = “{ $name }”
list-comma = { $first }, { $next }
list-or = { $first } of { $last }
list-and = { $first } en { $last }
number =
    { $number ->
        [0] geen
        [1] één
        [2] twee
        [3] drie
        [4] vier
        [5] vijf
        [6] zes
        [7] zeven
        [8] acht
        [9] negen
        [10] tien
        [11] elf
        [12] twaalf
       *[other] { $number }
    }
minutes =
    { $number ->
        [one] { $number } minuut
       *[other] { $number } minuten
    }
# "1 uur", "8 uur".
hours = { $number } uur
days =
    { $number ->
        [one] { $number } dag
       *[other] { $number } dagen
    }
date = { $day } { $month } { $year }
time = { $date }, { $clock } UTC
month =
    { $month ->
        [1] januari
        [2] februari
        [3] maart
        [4] april
        [5] mei
        [6] juni
        [7] juli
        [8] augustus
        [9] september
        [10] oktober
        [11] november
       *[12] december
    }
product = de verificator-app

## Methods: the name by itself, what is used, what is set up, what is counted, and the choice of a default

method-authenticator_push = Verificator-app (melding)
    .used = meldingen van { $product }
    .set_up = { $product }
    .counted =
        { $number ->
            [one] verificator-app
           *[other] verificator-apps
        }
    .default = melding
method-authenticator_code = Verificator-app (verificatiecode)
    .used = verificatiecodes van { $product }
    .set_up = { $product }
    .counted =
        { $number ->
            [one] verificator-app
           *[other] verificator-apps
        }
    .default = verificatiecode
method-other_authenticator = Andere verificator-app
    .used = verificatiecodes van een andere verificator-app
    .set_up = een andere verificator-app
    .counted =
        { $number ->
            [one] verificator-app
           *[other] verificator-apps
        }
    .default = verificatiecode
# Counted with a hyphen, as the checked sentence has it.
method-hardware_token = Hardwaretoken
    .used = hardwaretokens
    .set_up = een hardwaretoken
    .counted =
        { $number ->
            [one] hardware-token
           *[other] hardware-tokens
        }
    .default = verificatiecode
method-text = Sms-bericht
    .used = sms-berichten
    .set_up = sms-berichten
    .counted =
        { $number ->
            [one] mobiel telefoonnummer
           *[other] mobiele telefoonnummers
        }
    .default = sms-bericht
method-call_mobile = Telefonische oproep
    .used = telefonische oproepen naar uw mobiele telefoon
    .set_up = telefonische oproepen naar uw mobiele telefoon
    .counted =
        { $number ->
            [one] mobiel telefoonnummer
           *[other] mobiele telefoonnummers
        }
    .default = telefonische oproep
method-call_office = Werktelefoon
    .used = telefonische oproepen naar uw werktelefoon
    .set_up = een werktelefoon
    .counted =
        { $number ->
            [one] werktelefoon
           *[other] werktelefoons
        }
    .default = werktelefoon
method-call_alternate = Alternatief telefoonnummer
    .used = telefonische oproepen naar uw alternatieve telefoonnummer
    .set_up = een alternatief telefoonnummer
    .counted =
        { $number ->
            [one] alternatief telefoonnummer
           *[other] alternatieve telefoonnummers
        }
    .default = alternatief telefoonnummer
method-security_key = Beveiligingssleutel
    .used = beveiligingssleutels
    .set_up = een beveiligingssleutel
    .counted =
        { $number ->
            [one] beveiligingssleutel
           *[other] beveiligingssleutels
        }
method-email = E-mailadres
    .used = e-mail
    .set_up = een e-mailadres
    .counted =
        { $number ->
            [one] e-mailadres
           *[other] e-mailadressen
        }
method-security_questions = Beveiligingsvragen
    .used = beveiligingsvragen
    .set_up = beveiligingsvragen
    .counted =
        { $number ->
            [one] set beveiligingsvragen
           *[other] sets beveiligingsvragen
        }
method-app_password = App-wachtwoord
    .used = app-wachtwoorden
    .set_up = een app-wachtwoord
    .counted =
        { $number ->
            [one] app-wachtwoord
           *[other] app-wachtwoorden
        }
method-temporary_pass = Tijdelijke toegangspas
    .used = tijdelijke toegangspassen
    .set_up = een tijdelijke toegangspas
    .counted =
        { $number ->
            [one] tijdelijke toegangspas
           *[other] tijdelijke toegangspassen
        }
method-recovery_codes = Herstelcodes
    .used = herstelcodes
    .set_up = herstelcodes
    .counted =
        { $number ->
            [one] set herstelcodes
           *[other] sets herstelcodes
        }
method-phone_sign_in = Aanmelding met de telefoon
    .used = aanmelding met de telefoon
    .set_up = aanmelding met de telefoon
    .counted =
        { $number ->
            [one] verificator-app
           *[other] verificator-apps
        }
method-external = { $name }
    .used = “{ $name }”
    .set_up = “{ $name }”
    .counted =
        { $number ->
            [one] registratie van “{ $name }”
           *[other] registraties van “{ $name }”
        }

## Purposes: the name by itself, and after "voor"

purpose-two_step = Verificatie in twee stappen
    .for = verificatie in twee stappen
purpose-password_reset = Wachtwoord opnieuw instellen
    .for = het opnieuw instellen van uw wachtwoord
purpose-first_factor = Aanmelden zonder wachtwoord
    .for = aanmelden zonder wachtwoord
purpose-manage_security_info = Beveiligingsgegevens
    .for = het beheren van uw beveiligingsgegevens
purpose-legacy_clients = Apps zonder verificatie in twee stappen
    .for = apps zonder verificatie in twee stappen
purpose-step_up = Extra verificatie
    .for = een extra controle terwijl u bent aangemeld

## Strengths: after "vraagt om", after "bevestig uw identiteit", and by themselves

strength-two_step = verificatie in twee stappen
    .with = met verificatie in twee stappen
    .name = “twee stappen”
strength-passwordless = een methode waarmee u zich zonder wachtwoord aanmeldt
    .with = met een methode waarmee u zich zonder wachtwoord aanmeldt
    .name = “zonder wachtwoord”
strength-phishing_resistant = een methode die tegen phishing bestand is, zoals een beveiligingssleutel
    .with = met een methode die tegen phishing bestand is, zoals een beveiligingssleutel
    .name = “bestand tegen phishing”

## Reasons: why not, and what to do

reason-not_oneself = Alleen de eigenaar van het account kan dit doen.
reason-not_an_administrator = Alleen een beheerder kan dit doen. Neem contact op met uw beheerder.
reason-not_for_oneself = Als beheerder kunt u dit niet voor uw eigen account doen. Gebruik de pagina met uw eigen beveiligingsgegevens of vraag het aan een andere beheerder.
reason-reset_off = In uw organisatie kunt u uw wachtwoord niet zelf opnieuw instellen. Neem contact op met uw beheerder voor een nieuw wachtwoord.
reason-reset_not_for_groups = U kunt uw wachtwoord niet zelf opnieuw instellen, omdat uw organisatie dat alleen voor bepaalde groepen toestaat. Neem contact op met uw beheerder voor een nieuw wachtwoord.
reason-reset_excluded = Leden van { $group } kunnen hun wachtwoord niet zelf opnieuw instellen. Neem contact op met uw beheerder voor een nieuw wachtwoord.
reason-reset_locked = Er zijn te veel pogingen mislukt. Daarom kunt u uw wachtwoord tot { $time } niet opnieuw instellen. Probeer het daarna nog eens of neem contact op met uw beheerder.
reason-reset_expired = Het opnieuw instellen van uw wachtwoord duurde te lang en is beëindigd op { $time }. Begin opnieuw.
reason-too_few_gates =
    Om uw wachtwoord opnieuw in te stellen, moet u uw identiteit bevestigen met { $needs ->
        [one] één methode
       *[other] { $needs-word } methoden die niet van elkaar afhankelijk zijn
    }, en tot nu toe { $has ->
        [0] is er geen
        [one] is er maar één
       *[other] zijn er maar { $has-word }
    }. Gebruik een andere methode, voeg een methode toe of neem contact op met uw beheerder.
reason-remembered_devices_off = Uw organisatie staat niet toe dat apparaten worden onthouden. Daarom wordt u elke keer om verificatie in twee stappen gevraagd.
reason-not_in_policy = Uw organisatie biedt { $method } niet aan als methode. Kies een andere methode of neem contact op met uw beheerder.
reason-method_off = Uw organisatie heeft { $method } als methode uitgeschakeld. Kies een andere methode of neem contact op met uw beheerder.
reason-not_for_groups = Uw organisatie biedt { $method } alleen aan bepaalde groepen aan, en daar hoort u niet bij. Kies een andere methode of neem contact op met uw beheerder.
reason-excluded = Uw organisatie staat { $method } niet toe voor leden van { $group }. Kies een andere methode of neem contact op met uw beheerder.
reason-retired = Sinds { $time } accepteert uw organisatie { $method } niet meer. Kies een andere methode of neem contact op met uw beheerder.
reason-needs_enabled = U kunt { $method } alleen gebruiken als u ook { $other } mag gebruiken, en dat mag u niet. Kies een andere methode of neem contact op met uw beheerder.
reason-purpose_not_allowed = U kunt { $method } niet gebruiken voor { $purpose }. Kies een andere methode.
reason-not_for_this_reset = U kunt uw wachtwoord niet met alleen { $method } opnieuw instellen. Kies een andere methode.
    .administrators = Beheerders kunnen hun wachtwoord niet met { $method } opnieuw instellen. Kies een andere methode.
reason-too_weak = U kunt { $method } hier niet gebruiken, omdat uw organisatie vraagt om { $strength }. Kies een andere methode.
reason-capability_missing-webauthn = U kunt { $method } niet gebruiken in deze browser of app. Probeer een andere browser of een ander apparaat, of kies een andere methode.
reason-capability_missing-telephony = U kunt { $method } nu niet gebruiken, omdat uw telefoon niet bereikbaar is. Probeer het later nog eens of kies een andere methode.
reason-number_at_risk = U kunt { $method } nu niet gebruiken, omdat er aanwijzingen zijn dat iemand anders uw telefoonnummer heeft overgenomen. Kies een andere methode en neem contact op met uw beheerder.
reason-administrator_only = U kunt { $method } niet zelf instellen. Neem contact op met uw beheerder.
reason-person_only = U kunt { $method } niet voor iemand anders instellen, omdat alleen die persoon het geheim mag kennen. Vraag die persoon om het zelf te doen.
# Zijn het er meer, dan geldt de gecontroleerde zin uit de documenten, woord voor woord.
reason-limit_reached =
    { $has ->
        [one] U kunt { $method } niet instellen omdat u al één { $counted } hebt. Verwijder dit eerst of neem contact op met uw beheerder.
       *[other] U kunt { $method } niet instellen omdat u al { $has-word } { $counted } hebt. Neem contact op met uw beheerder om { $excess ->
            [one] een
           *[other] { $excess-word }
        } van uw { $counted } te verwijderen.
    }
reason-already_registered = U hebt { $method } hier al ingesteld, als { $registration }. U hoeft dat niet nog eens te doen.
reason-registered_elsewhere = U kunt { $method } niet instellen met dit apparaat, nummer of adres, omdat een ander account het al gebruikt. Gebruik een ander of neem contact op met uw beheerder.
reason-needs_method = Voordat u { $method } kunt instellen, moet u { $others } instellen.
reason-no_such_registration = { $registration } staat niet meer in uw beveiligingsgegevens. Vernieuw de pagina en probeer het opnieuw.
reason-pending = U hebt het instellen van { $registration } nog niet afgerond. Voltooi eerst de test.
reason-not_pending = { $registration } wacht niet op een test. Werkt het niet, stel het dan opnieuw in.
reason-disabled = { $registration } is na te veel mislukte pogingen uitgeschakeld. Stel de methode opnieuw in of neem contact op met uw beheerder.
reason-deactivated = { $registration } is door een beheerder uitgeschakeld. Gebruik een andere methode of neem contact op met uw beheerder.
reason-locked = Er zijn te veel pogingen mislukt. Daarom is { $registration } tot { $time } vergrendeld. Gebruik een andere methode of probeer het daarna nog eens.
reason-pass_not_yet_valid = U kunt { $registration } niet gebruiken vóór { $time }.
reason-pass_expired = { $registration } is verlopen op { $time }. Vraag uw beheerder om een nieuwe tijdelijke toegangspas.
reason-pass_used = { $registration } was voor eenmalig gebruik en is al gebruikt. Vraag uw beheerder om een nieuwe tijdelijke toegangspas.
reason-pass_without_validity = U kunt { $registration } niet gebruiken, omdat niet bekend is hoe lang de pas geldig is. Vraag uw beheerder om een nieuwe tijdelijke toegangspas.
reason-no_codes_left = U hebt al uw herstelcodes gebruikt. Gebruik een andere methode en maak daarna nieuwe codes.
reason-not_independent = { $registration } telt niet mee naast { $passed }, omdat de twee van elkaar afhankelijk zijn. Gebruik een andere methode.
reason-not_as_default = U kunt { $method } niet kiezen als standaardaanmeldingsmethode. Kies een andere methode.
reason-is_default = { $registration } is uw standaardaanmeldingsmethode. Kies eerst een andere.
reason-last_method = Zonder { $registration } hebt u geen methode meer voor { $purpose }. Voeg eerst een andere methode toe.
    .strength = Zonder { $registration } hebt u geen methode meer voor { $purpose } die sterk genoeg is: uw organisatie vraagt om { $strength }. Voeg eerst een andere methode toe.
reason-pass_minutes = Een tijdelijke toegangspas is { $least } tot { $most } geldig, niet { $asked }.
reason-pass_must_be_one_time = Een tijdelijke toegangspas moet voor eenmalig gebruik zijn.
reason-needs_first_factor = Meld u eerst aan.
reason-needs_proof = Bevestig eerst uw identiteit { $with }.
    .recent = Bevestig eerst uw identiteit { $with }. Dat is { $duration } geldig.
reason-recovery_code_not_enough = U hebt uw identiteit bevestigd met een herstelcode, en dat is hiervoor niet genoeg. Gebruik eerst een andere methode.

## Steps: what to do

step-wait = Wacht tot { $time }.
step-use_where-webauthn = Gebruik een browser of apparaat met ondersteuning voor beveiligingssleutels.
step-use_where-telephony = Ga naar een plek waar uw telefoon bereikbaar is.
step-sign_in = Meld u aan.
step-prove = Bevestig uw identiteit met { $registrations }.
    .any = Bevestig uw identiteit { $with }.
step-confirm = Rond het instellen van { $registration } af.
step-remove_one_of = Verwijder { $registrations }.
step-add = Stel { $method } in.
step-set_default = Kies { $registrations } als standaardaanmeldingsmethode.
step-start_again = Begin opnieuw met het instellen van een nieuw wachtwoord.
step-pass_gates = Bevestig uw identiteit met { $registrations }.
step-change_pass = Geef de pas uit voor { $duration }.
    .one_time = Geef de pas uit voor { $duration } en voor eenmalig gebruik.

## Requests: what to ask an administrator for

request-allow_method = Vraag uw beheerder of u { $method } mag gebruiken.
    .purpose = Vraag uw beheerder of u { $method } mag gebruiken voor { $purpose }.
request-allow_reset = Vraag uw beheerder of u uw wachtwoord zelf opnieuw mag instellen.
request-allow_remembered_devices = Vraag uw beheerder of apparaten onthouden mogen worden.
request-register = Vraag uw beheerder om { $method } voor u in te stellen.
request-remove_one_of = Vraag uw beheerder om { $registrations } te verwijderen.
request-unlock = Vraag uw beheerder om uw account te ontgrendelen.
request-issue_pass = Vraag uw beheerder om een tijdelijke toegangspas en bevestig daarmee uw identiteit.
request-do_it = Vraag uw beheerder om dit voor u te doen.

## Facts that are missing

input-actor = Het is niet bekend wie dit vraagt.
input-webauthn = Het is niet bekend of deze browser of app beveiligingssleutels ondersteunt.
input-telephony = Het is niet bekend of uw telefoon bereikbaar is.
input-number_at_risk = Het is niet bekend of uw telefoonnummer nog in uw handen is.
input-registered_elsewhere = Het is niet bekend of een ander account dit apparaat, nummer of adres al gebruikt.
input-reset_started = Het is niet bekend wanneer u bent begonnen met het opnieuw instellen van uw wachtwoord.

## People, after "voor"

who-everybody = iedereen
who-users = alle gebruikers
who-administrators = alle beheerders
who-some_users = sommige gebruikers, zoals wie in geen enkele groep zit
    .groups = sommige gebruikers, zoals wie in { $groups } zit
who-some_administrators = sommige beheerders, zoals wie in geen enkele groep zit
    .groups = sommige beheerders, zoals wie in { $groups } zit

## Findings about a policy, for those who write it: what is the matter, and what would be a way out.

lint-no_administrator = Geen enkele beheerder kan verificatie in twee stappen doorlopen, dus niemand kan iets voor anderen doen.
    .fix = Schakel voor `two_step` een methode in die beheerders kunnen registreren.
lint-required_unreachable = Voor { $who }: { $purpose } is verplicht, maar niets wat zij kunnen registreren telt ervoor.
    .strength = Voor { $who }: { $purpose } is verplicht met de sterkte { $strength }, maar niets wat zij kunnen registreren is zo sterk.
    .fix = Schakel zo'n methode voor hen in of wijzig `requirements`.
lint-cannot_manage = Voor { $who }: na de eerste registratie valt er niets meer te wijzigen, omdat niets wat zij kunnen registreren telt voor het beheren van beveiligingsgegevens.
    .fix = Voeg `manage_security_info` toe aan de doelen van een methode die zij kunnen registreren.
lint-too_few_reset_methods =
    Voor { $who }: een wachtwoord opnieuw instellen vraagt { $gates ->
        [one] één bewijs
       *[other] { $gates-word } onafhankelijke bewijzen
    }, en zij kunnen er { $has ->
        [0] geen
       *[other] maar { $has-word }
    } hebben.
    .fix =
        { $limit ->
            [one_gate_without] Haal een methode uit `reset.one_gate_without` of schakel een andere in voor `password_reset`.
            [administrators_without] Haal een methode uit `reset.administrators.without` of schakel een andere in voor `password_reset`.
            [counts_once] Haal een lijst uit `reset.counts_once` of schakel een andere methode in voor `password_reset`.
           *[gates] Schakel meer methoden in voor `password_reset` of verlaag het aantal bewijzen (`gates`).
        }
lint-pool_too_small =
    { $method } kan nooit worden toegevoegd: eerst is { $others } nodig, en in de groep { $pool } is plaats voor { $max ->
        [one] maar één
       *[other] maar { $max-word }
    }.
    .fix = Verhoog de limiet van die groep of haal er een methode uit.
lint-sunset_leaves_nothing = Voor { $who }: er is niets meer over voor { $purpose } vanaf { $time }, door het vervallen van { $methods }.
    .fix = Schakel voor die dag een andere methode voor hen in of verschuif `sunset`.
lint-sunset_leaves_no_default = Voor { $who }: er is niets meer over wat de standaard mag zijn vanaf { $time }, door het vervallen van { $methods }.
    .fix = Zet `default = true` bij een methode die blijft of verschuif `sunset`.
lint-no_help = Voor { $who }: als zij alles kwijt zijn, is er geen hulp: geen tijdelijke toegangspas en geen methode die een beheerder voor hen kan registreren.
    .fix = Schakel `temporary_pass` in, of een methode die beheerders kunnen registreren, zoals `hardware_token`.
lint-reset_weaker_than_sign_in =
    Voor { $who }: aanmelden vraagt de sterkte { $strength }, maar { $gates ->
        [one] één bewijs met { $methods } is
       *[other] { $gates-word } bewijzen met { $methods } zijn
    } genoeg om het wachtwoord opnieuw in te stellen.
    .fix = Laat deze methoden niet meer tellen voor `password_reset` of vraag om meer bewijzen (`gates`).
lint-weak_single_gate = Voor { $who }: één bewijs met { $methods } is genoeg om het wachtwoord opnieuw in te stellen.
    .fix = Zet `reset.gates` op 2 of noem deze methoden in `reset.one_gate_without`.
lint-single_factor_sign_in = Eén factor is genoeg om aan te melden, omdat { $methods } in plaats van het wachtwoord mag worden gebruikt.
    .fix = Haal `first_factor` uit de doelen van deze methoden.
lint-telephone_only = Voor { $who }: de telefoon is de enige tweede stap; SP 800-63B-4 §3.1.3.3 vraagt om daarnaast iets anders aan te bieden.
    .fix = Schakel een andere methode voor hen in, zoals `authenticator_code` of `security_key`.
lint-no_phishing_resistant = Voor { $who }: niets is bestand tegen phishing; SP 800-63B-4 §2.2.2 vraagt om dat wel aan te bieden.
    .fix = Schakel `security_key` voor hen in.
lint-two_step_not_required = Verificatie in twee stappen is voor niemand verplicht.
    .administrators = Verificatie in twee stappen is voor geen enkele beheerder verplicht.
    .fix = Voeg een vereiste toe met `purpose = "two_step"`, ten minste voor beheerders.
lint-administrators_need_less = { $purpose } is verplicht voor gebruikers, maar niet voor beheerders.
    .strength = Voor { $purpose } is van gebruikers de sterkte { $strength } vereist, maar van beheerders minder.
    .fix = Vraag in `requirements` ten minste hetzelfde van beheerders.
lint-app_passwords_skip_two_step = Voor { $who }: app-wachtwoorden zijn een weg om de verplichte tweede stap heen.
    .fix = Schakel `app_password` uit of sluit deze mensen ervan uit.
lint-remembered_too_long = Een onthouden apparaat slaat de tweede stap { $days } over, langer dan { $most } (SP 800-63B-4 §2.1.3).
    .fix = Verlaag `remembered_devices.days`: hooguit { $most }.
lint-remembered_skips_strength = Voor { $who }: aanmelden vraagt de sterkte { $strength }, maar een onthouden apparaat slaat dat over.
    .fix = Schakel `remembered_devices` uit.
lint-number_take_over_unwatched = Niets let op tekenen dat een telefoonnummer is overgenomen voordat { $methods } wordt gebruikt (SP 800-63B-4 §3.1.3.3).
    .fix = Zet daar `restricted = true`, zodat de server moet zeggen of het nummer gevaar loopt.
lint-weaker_ranked_first = { $weaker } komt in de volgorde vóór { $stronger }, maar is zwakker.
    .fix = Zet in `ranking` de sterkste voorop.
lint-method_for_nobody = { $method } is ingeschakeld, maar niemand zit in de groepen ervan.
    .fix = Wijzig `include` en `exclude` of schakel de methode uit.
lint-method_retired = { $method } is ingeschakeld, maar telt niet meer sinds { $time }.
    .fix = Schakel de methode uit of verschuif `sunset`.
lint-method_needs_unavailable = { $method } is ingeschakeld, maar werkt alleen samen met { $other }, en dat is niet beschikbaar.
    .fix = Schakel ook die andere in voor dezelfde mensen of wijzig `needs_enabled`.
lint-method_needs_unreachable = { $method } kan nooit worden geregistreerd, omdat eerst { $others } nodig is, en dat kan niemand registreren.
    .fix = Schakel in wat nodig is of wijzig `needs`.
lint-method_without_use = { $method } telt alleen voor het opnieuw instellen van een wachtwoord, en niemand kan dat ermee doen.
    .fix = Wijzig `reset` of schakel de methode uit.
lint-methods_too_weak = Niemand kan { $methods } gebruiken voor { $purpose }, omdat iedereen die dat kan registreren de sterkte { $strength } nodig heeft.
    .fix = Haal het doel bij deze methoden weg of wijzig `requirements`.
lint-requirement_for_nobody = Een vereiste van { $purpose } geldt voor niemand.
    .fix = Wijzig `role`, `include` en `exclude` of haal de vereiste weg.
lint-reset_for_nobody = Wachtwoorden opnieuw instellen is ingeschakeld, maar voor niemand.
    .fix = Wijzig `reset.include` en `reset.exclude` of schakel het uit.
lint-campaign_without_method = De registratiecampagne vraagt om { $method }, en dat kan niemand registreren.
    .fix = Zet `proposals.campaign` op een andere methode of schakel de campagne uit.
lint-backup_without_method = Als reserve wordt { $methods } voorgesteld, en dat kan niemand registreren.
    .fix = Wijzig `proposals.backup` of schakel een van deze methoden in.
