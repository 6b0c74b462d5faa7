sign-in = Aanmelden
sign-in-name = Naam
sign-in-password = Wachtwoord
sign-in-forgotten = Wachtwoord vergeten?
sign-in-without-password = In plaats daarvan aanmelden met uw telefoon
sign-in-rejected = De naam of het wachtwoord is niet juist.

verify = Controleer dat u het bent
verify-code = Code
verify-submit = Controleren
verify-remember = Op dit apparaat {$days} dagen niet meer vragen
verify-rejected = Dat is niet geaccepteerd. Probeer het opnieuw of kies een andere manier.
verify-not-approved = Het is nog niet goedgekeurd.
verify-failures = Mislukte pogingen met deze methode sinds u deze voor het laatst gebruikte: {$count}. Was u dat niet, wijzig dan uw wachtwoord.
