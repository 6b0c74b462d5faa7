### What texts, calls, mails and notifications say. Texts are short: one message has 160 signs, and no signs that make it two.

message-purpose =
    { $purpose ->
        [enrolment] to add this to your security info
        [password_reset] to set a new password
        [manage_security_info] to open your security info
        [step_up] to confirm that it is you
       *[other] to sign in
    }
message-text = { $site }: { $code } is your code { $purpose }, for { $minutes } min. Give it to nobody. Not you? { $address }
message-call = This is { $site }. Press the hash key { $purpose }. Did you not ask for this call? Then press the star key.
message-push = { $site }: is it you who wants { $purpose }? Enter the number that the screen shows.
message-push-origin = Asked for from: { $origin }
message-mail-subject = Your code for { $site }
message-mail =
    { $code } is your code { $purpose } at { $site }. It is good for { $minutes } min.

    Give it to nobody, not even to somebody who works for { $site }.

    Did you not ask for it? Then look at your security info:
    { $address }

## Notices

message-notice-text = { $site }: { $notice } Not you? { $address }
message-notice-subject = The security of your account at { $site }
message-notice =
    { $notice }

    If it was you, there is nothing to do.

    Was it not you? Look at your security info, remove what is not yours, and change your password:
    { $address }
    If you can no longer sign in, contact your administrator.

notice-added = Added to your security info: { $method }, “{ $name }”.
notice-removed = Removed from your security info: { $method }, “{ $name }”.
notice-replaced = Replaced in your security info: { $method }. In its place came: { $by }.
notice-default-changed = Your default sign-in method is now: { $method }.
notice-no-default = You no longer have a default sign-in method.
notice-locked = Locked until { $time }, after too many wrong tries: { $method }.
notice-disabled = Switched off after too many wrong tries: { $method }. Add it again to use it.
notice-recovery-code-used = A recovery code was used. Codes that are left: { $left }.
notice-recovery-codes-made = New recovery codes were made. The old ones no longer work.
notice-suspicious-reported = A sign-in was reported as suspicious, and was ended.
notice-reset-begun = Somebody has begun to set a new password for your account.
notice-password-reset = A new password was set for your account.
notice-reset-locked = Setting a new password is locked until { $time }, after too many wrong tries.
notice-password-locked = Your password is locked until { $time }, after too many wrong tries.
notice-device-remembered = A device is remembered: no second step is asked for there.
notice-other = Your security info was changed.
notice-administered =
    { $what ->
        [added] An administrator ({ $by }) has added to your security info: { $method }.
        [removed] An administrator ({ $by }) has removed from your security info: { $method }.
        [default] An administrator ({ $by }) has changed your default sign-in method.
        [registration] An administrator ({ $by }) asks you to set up your security info again at the next sign-in.
        [unlocked] An administrator ({ $by }) has ended the locks of your account.
        [devices] An administrator ({ $by }) has made the site forget the devices that it remembered for you.
        [sessions] An administrator ({ $by }) has signed you out everywhere.
        [suspended] An administrator ({ $by }) has suspended your account.
        [resumed] An administrator ({ $by }) has let your account be used again.
        [pass] An administrator ({ $by }) has made a temporary access pass for you.
       *[other] An administrator ({ $by }) has changed your security info.
    }

## The page that plays telephones and mailboxes

outbox-demonstration = Demonstration: this page plays the phone and the mailbox. Whoever can open it sees every code.
outbox-empty = Nothing has been sent yet.
outbox-refresh = Refresh
outbox-kind =
    { $kind ->
        [text] Text message
        [call] Call
        [push] Notification
       *[mail] Mail
    }
outbox-to = To
outbox-answered =
    { $said ->
        [approved] You have approved it.
        [denied] You have denied it.
       *[suspicious] You have said that it was not you.
    }
outbox-not-heard = That was not accepted: the number was wrong, or it is over.
outbox-not-paired = That was not accepted: the text is wrong, was used before, or is over.
outbox-press-hash = Press #
outbox-hang-up = Hang up
outbox-not-me = That was not me
outbox-number = Number on the screen
outbox-approve = Approve
outbox-deny = Deny
outbox-app = Authenticator app
outbox-app-text = Here you can play the authenticator app that gets notifications. While you add one, the page shows a text for it: paste it here.
outbox-pairing = Text for the app
outbox-pair = Pair
