# Adding a method, and registration at sign-in.

add-lead = Choose what you want to add.
add-pending = You have begun to set up “{$name}”.
add-pending-go-on = Go on with it
add-app = Authenticator app
add-app-text = Approve a notification, or enter a code that your phone shows.
add-phone = Phone
add-phone-text = Get a text message or a call.
add-office-phone = Office phone
add-office-phone-text = Get a call at work.
add-alternate-phone = Alternate phone
add-alternate-phone-text = Get a call on another phone.
add-security-key = Security key
add-security-key-text = A key or passkey that you unlock with its PIN.
add-hardware-token = Hardware token
add-hardware-token-text = A small device that shows codes.
add-phone-sign-in = Phone sign-in
add-phone-sign-in-text = Sign in with your authenticator app, without a password.
add-email = E-mail
add-email-text = For resetting your password only.
add-questions = Security questions
add-questions-text = For resetting your password only.
add-recovery-codes = Recovery codes
add-recovery-codes-text = Codes to keep on paper, each good once.
add-app-password = App password
add-app-password-text = For a program that cannot ask for a second step.

register = How should we reach you?
register-lead = {$organisation} asks for a second step when you sign in. Choose how you want to give it; you can add more later.

enrol-steps = Steps
enrol-step-choose = Choose
enrol-step-set-up = Set up
enrol-step-test = Try it
enrol-next = Next
enrol-different-method = I want to set up a different method
enrol-different-app = I want to use a different authenticator app
enrol-code-instead = I want to use codes of the authenticator app

enrol-app = Set up your authenticator app
enrol-app-get = Install {$product} on your phone and keep the phone at hand. Then go on here.
enrol-product = the authenticator app
enrol-other-app-get = Install an authenticator app on your phone and keep the phone at hand. Then go on here.
enrol-app-name = Authenticator app
enrol-other-app-name = Another authenticator app
enrol-name = Name
enrol-name-why = What this phone is called in your list.

enrol-phone = Set up your phone
enrol-office-phone = Set up your office phone
enrol-alternate-phone = Set up an alternate phone
enrol-country = Country or region
enrol-number = Phone number
enrol-no-number = That is no phone number. Check the country and the number.
enrol-same-number = It has to be the number that is registered already: {$hint}.
enrol-how = How do you want to use it?
enrol-text-me = Text me a code
enrol-call-me = Call me
enrol-call-text = We call this number. Answer, and press #.

enrol-email = Set up your e-mail
enrol-address = E-mail address
enrol-address-why = An address that you can open without signing in here.
enrol-no-address = That is no e-mail address.

enrol-phone-sign-in = Set up phone sign-in
enrol-phone-sign-in-text = You sign in with your name only, and approve it on your phone with your fingerprint, your face or its PIN.
enrol-which-app = Which app?

enrol-scan = Scan the QR code
enrol-scan-open = Open the authenticator app on your phone.
enrol-scan-add = Choose to add an account.
enrol-scan-scan = Scan this QR code with it.
enrol-cannot-scan = Can't scan the QR code?
enrol-type-it = Type this into the app. Choose that codes change with time.
enrol-account = Account
enrol-key = Key
enrol-open-app = Open in an authenticator app on this device
enrol-activate = Copy this link into the app. It is good once, for ten minutes. In a terminal, the command “authenticator pair” asks for it.
enrol-activate-outbox = Or paste it into the Outbox of this demonstration, which plays a phone.
enrol-copy = Copy
enrol-copied = Copied
enrol-waiting-app = Waiting for your app …

device = Open it in the app
device-text = This link is for the authenticator app. Open the app on your phone, choose to add an account, and scan the code once more with it. In a terminal, run “authenticator pair” and paste the whole address of this page, with all that stands after the #.

enrol-enter-code = Enter the code
enrol-code = Code
enrol-verify = Verify
enrol-code-app = Enter the code that your app shows now.
enrol-code-sent = We have sent a code to {$hint}. Enter it here.
enrol-answer-call = Answer the call
enrol-call = We are calling {$hint}. Answer, and press #.
enrol-approve = Approve the notification
enrol-approve-text = Approve the notification on your phone and enter this number there.
enrol-approved = Approved
enrol-approved-text = Your phone has approved it.
enrol-scan-first = Scan the QR code first
enrol-scan-first-text = Your app has not been connected yet. The QR code is shown only once.
enrol-look-again = I have scanned it
enrol-not-sent = It was not approved
enrol-not-sent-text = It was denied on your phone, another number was entered there, or what we sent is over. Send it again, or set up a different method.
enrol-waiting = Waiting for your phone …
enrol-done-it = I have done it
enrol-send-again = Send again
enrol-call-again = Call again
enrol-notify-again = Send the notification again
enrol-sent-again = It was sent again.
enrol-start-again = Didn't scan it? Start again
enrol-not-approved = Your phone has not approved it yet.
enrol-wrong-code = That code was not accepted. Enter the latest one.
enrol-misread-key = Your app computes other codes than it was told to. Delete the account in the app and start again with another app.

enrol-added = “{$name}” was added.
enrol-added-default = “{$name}” was added, and is now your default sign-in method.
enrol-failures = Attempts before that were not accepted: {$count}.
enrol-done = You are set up
enrol-backup = Add a backup?
enrol-backup-why = If you lose your phone or get a new one, a second way lets you in.
enrol-still-required = One more thing
enrol-still-required-why = {$organisation} requires one of these as well.
enrol-app-password = Do you use an older mail program?
enrol-app-password-why = Programs that cannot ask for a second step need a password of their own.
enrol-app-password-make = Create an app password
enrol-not-now = Not now
enrol-finish = Go to your security info
