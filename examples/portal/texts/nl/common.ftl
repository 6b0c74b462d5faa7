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

origin = { $browser } op { $system }, { $address }
device-origin = verificator-app, vanaf { $address }

refused-rejected = Dat is niet geaccepteerd. Probeer het opnieuw.
refused-over = Dat duurde te lang of is beëindigd. Begin opnieuw.
refused-too-soon = Er is zojuist al iets naar u verzonden, en dat kan niet zo snel opnieuw. Wacht {$seconds} seconden, of kies een andere manier.
refused-too-often = Meer wordt er in een uur niet verzonden. Vóór {$until} wordt er niets meer verzonden. Wacht, of kies een andere manier.
refused-no-more-sends = Hiervoor wordt niets meer verzonden. Kies een andere manier of begin opnieuw.
refused-misread-key = Uw app toont andere codes dan de bedoeling is. Verwijder het account uit de app en gebruik een andere app.
refused-full = Er is geen ruimte meer. Verwijder eerst iets.
refused-invalid = Dat kan niet worden gebruikt. Controleer wat u hebt getypt.

failure-home = Naar de startpagina
failure-not-found = Pagina niet gevonden
failure-not-found-text = Deze pagina bestaat niet of is niet voor u bedoeld.
failure-foreign = Niet geaccepteerd
failure-foreign-text = Dit formulier is niet vanaf een pagina van deze website verzonden. Open de pagina hier en verzend het opnieuw.
failure-malformed = Niet begrepen
failure-malformed-text = Wat is verzonden, kan niet worden gelezen. Ga terug en vul het formulier opnieuw in.
failure-too-large = Te groot
failure-too-large-text = Er is meer verzonden dan hier wordt geaccepteerd.
failure-too-many = Te veel pogingen
failure-too-many-text = Er kwamen te veel formulieren vanaf uw adres. Wacht een minuut en probeer het opnieuw.
failure-wrong-method = Niet mogelijk
failure-wrong-method-text = Deze pagina kan niet op die manier worden gebruikt. Open de pagina opnieuw vanaf het begin.
failure-too-slow = Duurde te lang
failure-too-slow-text = Wat is verzonden, is niet op tijd aangekomen. Er is niets gewijzigd. Probeer het opnieuw.
failure-unavailable = Niet beschikbaar
failure-unavailable-text = Er is bij ons iets misgegaan. Er is niets gewijzigd. Probeer het zo opnieuw.

continue = Doorgaan
cancel = Annuleren
add-method = Methode toevoegen
method-name = Naam
