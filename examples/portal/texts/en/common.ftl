# What is around every page.

skip-to-content = Skip to the content
navigation = Main
demonstration = Demonstration.
demonstration-why = Texts, calls and mail do not leave this machine. They are in the
outbox = Outbox
security-info = Security info
activity = Activity
administration = Administration
sign-out = Sign out
footer = An example of two-step verification.
other-language = Nederlands

origin = { $browser } on { $system }, { $address }
device-origin = authenticator app, from { $address }

refused-rejected = That was not accepted. Try again.
refused-over = That took too long or was ended. Begin again.
refused-too-soon = Something was sent to you just now, and it is not sent again so soon. Wait {$seconds} seconds, or choose another way.
refused-too-often = That is as much as is sent in an hour. Nothing more is sent before {$until}. Wait, or choose another way.
refused-no-more-sends = Nothing more is sent for this. Choose another way, or begin again.
refused-misread-key = Your app shows other codes than it was told to. Remove the account from the app and use another app.
refused-full = There is no room for more. Remove something first.
refused-invalid = That cannot be used. Check what you have typed.

failure-home = To the start page
failure-not-found = Page not found
failure-not-found-text = There is no such page, or it is not for you.
failure-foreign = Not accepted
failure-foreign-text = This form was not sent from a page of this website. Open the page here and send it again.
failure-malformed = Not understood
failure-malformed-text = What was sent cannot be read. Go back and fill in the form again.
failure-too-large = Too large
failure-too-large-text = More was sent than is accepted here.
failure-too-many = Too many attempts
failure-too-many-text = Too many forms came from your address. Wait a minute and try again.
failure-wrong-method = Not possible
failure-wrong-method-text = This page cannot be used in that way. Open it again from the start.
failure-too-slow = Took too long
failure-too-slow-text = What was sent did not arrive in time. Nothing was changed. Try again.
failure-unavailable = Not available
failure-unavailable-text = Something went wrong on our side. Nothing was changed. Try again in a moment.

continue = Continue
cancel = Cancel
add-method = Add method
method-name = Name
