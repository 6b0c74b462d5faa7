# Wat om elke pagina heen staat.

skip-to-content = Naar de inhoud
navigation = Hoofdmenu
demonstration = Demonstratie.
demonstration-why = Sms-berichten, oproepen en e-mail verlaten deze computer niet. U vindt ze in het
outbox = Postvak UIT
security-info = Beveiligingsgegevens
activity = Activiteit
administration = Beheer
sign-out = Afmelden
footer = Een voorbeeld van verificatie in twee stappen.
other-language = English
