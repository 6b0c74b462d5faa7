reset = Wachtwoord opnieuw instellen
reset-lead = Vertel ons wie u bent. Daarna vragen we om bewijzen die u hiervoor hebt geregistreerd.
reset-next-gate = Dat was juist. Er is nog één bewijs nodig.
reset-password = Nieuw wachtwoord kiezen
reset-password-set = Wachtwoord instellen
reset-done = Uw wachtwoord is gewijzigd
reset-done-text = Alle sessies zijn beëindigd en onthouden apparaten vergeten. Meld u aan met het nieuwe wachtwoord; de tweede stap is zoals voorheen.

password-new = Nieuw wachtwoord
password-repeated = Nieuw wachtwoord nogmaals
password-hint = Ten minste {$least} tekens. Een paar woorden zijn makkelijker te onthouden dan leestekens.
password-not-good = Dat wachtwoord is te kort, te lang of uw naam. Kies er een van ten minste {$least} tekens.
password-not-same = De twee wachtwoorden zijn niet gelijk.

phone-sign-in = Aanmelden met uw telefoon
phone-sign-in-lead = Voer uw naam in en keur de aanvraag op uw telefoon goed. Er is geen wachtwoord nodig.
sign-in-with-password = Aanmelden met een wachtwoord

questions = Beveiligingsvragen
questions-lead = Alleen om uw wachtwoord opnieuw in te stellen. Kies vragen waarop alleen u het antwoord weet en geef elke vraag een ander antwoord.
questions-question = Vraag {$place}
questions-answer = Antwoord {$place}
questions-set = Uw beveiligingsvragen zijn opgeslagen.
questions-invalid = Kies elke vraag één keer en geef elke vraag een antwoord van 3 tot 40 tekens dat anders is dan de andere.
save = Opslaan

question-1 = Wat was de voornaam van uw beste vriend of vriendin op school?
question-2 = In welke straat woonde u toen u tien was?
question-3 = Wat was het eerste gerecht dat u leerde koken?
question-4 = Hoe heette uw eerste huisdier?
question-5 = In welke plaats hebben uw ouders elkaar ontmoet?
question-6 = Wat was de achternaam van uw favoriete leraar of lerares?
question-7 = Welk boek hebt u als kind meer dan eens gelezen?
question-8 = Waar bracht u uw eerste vakantie zonder uw ouders door?
question-9 = Wat was uw eerste baan?
question-10 = Van welk merk was uw eerste fiets?
question-11 = Wat was het eerste concert waar u naartoe ging?
question-12 = Wat is de voornaam van uw oudste neef of nicht?
question-13 = Wat wilde u als kind worden?
question-14 = Hoe heet de heuvel of het meer dat u het mooist vindt?
question-15 = Hoe heette het eerste huis of schip waarop u woonde?
question-16 = Welk vak op school vond u het minst leuk?
question-17 = Wat was de achternaam van uw eerste leidinggevende?
question-18 = Welke bijnaam gaf uw familie u?
question-19 = In welke plaats is uw moeder geboren?
question-20 = Wat was de titel van de eerste plaat die u kocht?
