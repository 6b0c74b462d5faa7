# De eigen woorden van het programma. Wat het beleid zegt (methoden, doelen, redenen, oplossingen) komt uit de teksten van de crate.

person-groups = in { $groups }
person-no-groups = in geen groep
role-administrator = beheerder

state-pending = nog niet getest
state-disabled = uitgeschakeld tot de methode opnieuw wordt gekoppeld

# explain
explain-title = { $person }: { $purpose }
explain-yes = { $usable ->
    [one] Ja: één registratie volstaat.
   *[other] Ja: { $usable } registraties volstaan.
}
explain-no = Nee: niets van wat geregistreerd is volstaat.
explain-none = Er is niets geregistreerd.
explain-registered = Geregistreerd
explain-addable = Kan worden toegevoegd en volstaat dan
explain-not-addable = Zou volstaan, maar kan niet worden toegevoegd
explain-nothing-addable = Niets anders zou volstaan.
word-helps = helpt
word-or = of
word-recheck = Dit kan veranderen op { $time }.
word-device = apparaat { $device }

# overview
overview-methods = Methoden
overview-none = Er is niets geregistreerd.
overview-default = Standaard
overview-default-chosen = { $method } ({ $registration }), gekozen
overview-default-ranked = { $method } ({ $registration }), volgens de rangorde
overview-no-default = geen
overview-usable-for = voor { $purposes }
overview-unusable = voor niets
overview-addable = Kan worden toegevoegd
overview-not-addable = Kan niet worden toegevoegd
overview-proposals = Voorgesteld
overview-required = Vereist
overview-reached = bereikt
overview-missing = niet bereikt
sending-automatic = meteen verzonden
sending-ask-first = vraagt het eerst

# lint
lint-clean = { $policy }: niets te melden.
lint-count = { $policy }: { $errors ->
    [0] geen fouten
    [one] 1 fout
   *[other] { $errors } fouten
}, { $warnings ->
    [0] geen waarschuwingen
    [one] 1 waarschuwing
   *[other] { $warnings } waarschuwingen
}, { $findings ->
    [0] geen bevindingen
    [one] 1 bevinding
   *[other] { $findings } bevindingen
}
word-error = fout
word-warning = waarschuwing
word-fix = oplossing

# diff
diff-same = De beleidsregels zijn gelijk.
diff-same-behaviour = Ze beslissen hetzelfde, voor zover is gekeken.
diff-fields = Velden
diff-behaviour = Gedrag
diff-strictness = Strengheid
diff-at-least-as-strict = Het nieuwe beleid is minstens zo streng als het oude.
diff-looser = Het nieuwe beleid is soepeler dan het oude:


# simulate, voor de terminal en voor het rapport
headline-off = Als { $methods } worden uitgeschakeld,
headline-change = Met deze wijziging
headline-lost = { $start } { $lost ->
    [one] verliest
   *[other] verliezen
} { $lost } van { $people ->
    [one] één persoon
   *[other] { $people } mensen
} { $purpose }.
headline-stranded-of-them = { $stranded ->
    [one] 1 van hen kan zichzelf niet helpen.
   *[other] { $stranded } van hen kunnen zichzelf niet helpen.
}
headline-stranded-all = { $stranded ->
    [1] Die persoon heeft een beheerder nodig.
    [2] Geen van beiden kan zichzelf helpen.
   *[other] Niemand van hen kan zichzelf helpen.
}
headline-stranded-none = { $lost ->
    [one] Die persoon kan bij de volgende aanmelding een andere methode registreren.
   *[other] Zij kunnen allemaal bij de volgende aanmelding een andere methode registreren.
}
headline-stranded = { $stranded ->
    [one] 1 persoon krijgt zonder beheerder niet wat het beleid vereist.
   *[other] { $stranded } mensen krijgen zonder beheerder niet wat het beleid vereist.
}
headline-only-stranded = { $start } { $stranded ->
    [one] krijgt 1 persoon
   *[other] krijgen { $stranded } mensen
} zonder beheerder niet wat het beleid vereist.
headline-must-register = { $start } { $people ->
    [one] moet 1 persoon
   *[other] moeten { $people } mensen
} een andere methode registreren.
headline-nobody = { $start } verliest niemand iets wat het beleid vereist.

report-title = Wat de wijziging doet
report-about = { $people ->
    [one] 1 persoon
   *[other] { $people } mensen
}, onder het beleid “{ $policy }”, op { $date }
report-all = Iedereen
report-unaffected = zoals voorheen
report-must-register = moet registreren
report-stranded = gestrand
report-must-register-why = Door de wijziging missen zij iets wat het beleid vereist; zij kunnen het zelf registreren bij de volgende aanmelding.
report-stranded-why = Door de wijziging missen zij iets wat het beleid vereist, en zij hebben een beheerder nodig.
report-without-proof = { $people ->
    [one] 1 van de gestranden heeft niets meer om mee te bewijzen wie hij of zij is, en dat vraagt een registratie; een tijdelijke toegangspas helpt.
   *[other] { $people } van de gestranden hebben niets meer om mee te bewijzen wie zij zijn, en dat vraagt een registratie; een tijdelijke toegangspas helpt.
}
report-in-time = { $people ->
    [one] 1 van de gestranden kan vóór de wijziging nog een andere methode registreren: vraag het nu.
   *[other] { $people } van de gestranden kunnen vóór de wijziging nog een andere methode registreren: vraag het hun nu.
}
report-nothing-to-add = { $people ->
    [one] 1 van de gestranden mag niets registreren dat zou volstaan.
   *[other] { $people } van de gestranden mogen niets registreren dat zou volstaan.
}
report-lacking = { $people ->
    [one] Nog 1 persoon mist iets vereists
   *[other] Nog { $people } mensen missen iets vereists
} met het oude en met het nieuwe beleid; dat komt niet door de wijziging.
report-purposes = Wie wat bereikt
report-purposes-why = Mensen die elk doel bereiken met blijvende methoden: geen tijdelijke toegangspassen, geen herstelcodes.
report-purpose = doel
report-before = voor
report-after = na
report-gained = erbij
report-lost = eraf
report-defaults = Standaardmethoden
report-defaults-why = De methode waarmee de verificatie in twee stappen begint, links voor en rechts na de wijziging.
report-people-column = mensen
report-defaults-same = Niemand krijgt een andere standaardmethode.
report-defaults-changed = { $people ->
    [one] 1 persoon krijgt een andere standaardmethode.
   *[other] { $people } mensen krijgen een andere standaardmethode.
}
report-no-default = geen
report-methods = Methoden in gebruik
report-methods-why = Mensen die een methode hebben geregistreerd, en wie haar ergens voor kan gebruiken.
report-method = methode
report-registered = geregistreerd
report-usable-before = bruikbaar voor
report-usable-after = bruikbaar na
report-proposals = Wat mensen gevraagd wordt te registreren
report-proposals-why = De veiligste methoden die zij zelf mogen toevoegen en die volstaan.
report-stranded-list = Gestrande mensen
report-stranded-first = De eerste { $shown } van { $people }, in de volgorde van het bestand.
report-stranded-look = Bekijk een van hen met:
report-change = De wijziging
report-field = veld
report-old = oud
report-new = nieuw
report-absent = afwezig
report-no-change = De twee beleidsregels zijn gelijk.
report-bad = { $lines ->
    [one] 1 regel kon niet worden gelezen en telt niet mee:
   *[other] { $lines } regels konden niet worden gelezen en tellen niet mee:
}
report-line = regel { $line }
report-made = Gemaakt door policyctl { $version }.
report-written = Het rapport staat in { $file }.
report-and = { $first } en { $rest }

# preset
preset-security-info = De documenten voor gebruikers over beveiligingsgegevens; de standaard.
preset-entra = De documenten van Microsoft Entra voor beheerders, met de rangorde van 2026.
preset-entra-2025 = Hetzelfde, met de rangorde van 2025.
preset-entra-legacy = Microsoft Entra voordat het beleid voor aanmelden en opnieuw instellen één werd.
preset-nist = SP 800-63B-4 op AAL2: geen e-mail, geen vragen, het telefoonnet beperkt.

# De methoden, als in “als … worden uitgeschakeld”
used-authenticator_push = meldingen van de verificator-app
used-authenticator_code = codes van de verificator-app
used-other_authenticator = andere verificator-apps
used-hardware_token = hardwaretokens
used-text = sms-berichten
used-call_mobile = oproepen naar mobiele telefoons
used-call_office = oproepen naar werktelefoons
used-call_alternate = oproepen naar alternatieve telefoonnummers
used-security_key = beveiligingssleutels
used-email = e-mailadressen
used-security_questions = beveiligingsvragen
used-app_password = app-wachtwoorden
used-temporary_pass = tijdelijke toegangspassen
used-recovery_codes = herstelcodes
used-phone_sign_in = aanmeldingen per telefoon

state-deactivated = gedeactiveerd tot een beheerder de methode weer toestaat
explain-reset-yes = Ja: het wachtwoord kan opnieuw worden ingesteld.
explain-reset-no = Nee: het wachtwoord kan niet opnieuw worden ingesteld.
overview-not-for = niet voor { $purposes }:
overview-required-nothing = Niets.
overview-proposal-required = omdat het beleid het vereist
overview-proposal-backup = als reserve
overview-campaign = gevraagd door de registratiecampagne
overview-reconfirm = Bevestig dat de beveiligingsgegevens nog kloppen.
strength-two-step = twee stappen
strength-passwordless = zonder wachtwoord
strength-phishing-resistant = bestand tegen phishing
word-more = Nog { $more }; --json geeft ze allemaal.

# lint
concern-locked-out = buitengesloten
concern-weakness = zwakte
concern-no-effect = zonder gevolg

# diff: wie wat (niet langer) kan
diff-allowed = { $who } kunnen nu { $what }.
diff-denied = { $who } kunnen niet langer { $what }.
diff-changed = { $who } krijgen { $what }.
diff-undecided = Of het nieuwe beleid minstens zo streng is, is niet beslist; kijk naar:
diff-example = kleinste voorbeeld: een account met { $methods }
diff-example-nothing = kleinste voorbeeld: een leeg account
who-everybody = Alle mensen
who-users = Gebruikers
who-administrators = Beheerders
who-other-users = Gebruikers in geen van de genoemde groepen
who-users-in = Gebruikers in { $groups }
who-other-administrators = Beheerders in geen van de genoemde groepen
who-administrators-in = Beheerders in { $groups }
question-use = { $methods } gebruiken voor { $purpose }
question-add = { $methods } toevoegen
question-confirm = de registratie van { $methods } afronden
question-remove = { $methods } verwijderen
question-replace = een methode vervangen door { $methods }
question-rename = { $methods } hernoemen
question-set_default = { $methods } als standaard kiezen
question-default = een andere standaard dan { $methods }
question-sending = { $methods } als standaard op een andere manier verzonden
question-start_reset = het opnieuw instellen van het wachtwoord beginnen
question-finish_reset = het opnieuw instellen van het wachtwoord afronden
question-remember_device = een apparaat laten onthouden
question-administrator_adds = { $methods } door een beheerder laten registreren
question-administrator_removes = { $methods } door een beheerder laten verwijderen
question-administrator_acts = door een beheerder worden ontgrendeld of gevraagd opnieuw te registreren
question-issue_pass = een tijdelijke toegangspas krijgen
