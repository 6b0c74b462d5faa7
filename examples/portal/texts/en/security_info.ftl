# The page itself.
info-missing = Your organisation asks for more than you have registered. Nothing you have registered is good for this:
info-proposed = Add one of these:
info-backup = You have one device only. Add another method, so that you can get in when you lose it. It could be:
info-campaign = Set up a safer method: { $method }
info-campaign-why = Your organisation asks you to. It takes a minute.
info-campaign-left =
    { $count ->
        [0] It can't be put off any more.
        [1] You can put it off once more.
       *[other] You can put it off { $count } more times.
    }
info-campaign-add = Set it up
info-campaign-later = Not now
info-reconfirm = Is this still right?
info-reconfirm-why = Look over your methods. Can you still be reached by each of them?
info-reconfirm-yes = Yes, it is right
info-reconfirm-no = No, change it
info-reconfirmed = Thank you. Your security info is confirmed.
info-default = Default sign-in method
info-change = Change
info-methods = Your methods
info-methods-why = Keep at least two, so that you can get in when one is lost.
info-methods-none = Nothing is registered yet.
info-add = Add method
info-is-default = Default
info-last-used = Last used { $time }
info-never-used = Never used
info-state-locked = Locked
info-state-disabled = Turned off
info-state-expired = Expired
info-state-used = Used up
info-state-pending = Not tested yet
info-state-off = Cannot be used
info-rename = Rename
info-remove = Remove
info-codes = Recovery codes
info-codes-left = { $count } of 10 left
info-codes-why = Each is good once, when nothing else is at hand.
info-codes-make = Make codes
info-codes-new = Make new codes
info-app-passwords = App passwords
info-app-passwords-why = For old clients that can't ask for a second step.
info-app-passwords-make = Create app password
info-password = Password
info-password-why = You are signed out everywhere else when you change it.
info-devices = Remembered devices
info-devices-why = You aren't asked for a second step on these.
info-devices-forget = Forget all
info-device-since = Since { $time }
info-device-until = Until { $time }
info-device-forget = Forget
info-device-forgotten = From now on you are asked for a second step there.
info-failures = Failed attempts
info-failures-why = If that was not you, change your password.
info-failures-all = All activity
info-sign-out = Sign out everywhere
info-sign-out-why = Ends all your sessions, this one too, and forgets remembered devices.
info-save = Save
info-cancel = Cancel
info-back = Back to security info

# The default.
info-default-change = Change default method
info-default-why = Signing in begins with this one. You can still choose another each time.
info-default-none = Nothing that you have registered can be the default. Add another method first.
info-default-changed = Your default sign-in method was changed.

# The name.
info-name = Name
info-name-hint = Up to 64 characters, such as “My new phone”.
info-name-invalid = That can't be a name. Use 1 to 64 characters that can be seen.
info-renamed = The name was changed.

# Removing.
info-remove-sure = Do you really want to remove this? This follows from it:
info-remove-default = Your default sign-in method becomes: { $default }.
info-remove-nothing-left = You will have no method left for this: { $purpose }.
info-remove-register = You will have to register another method when you sign in next.
info-remove-again = It can't be undone. To use it again you have to register it again.
info-remove-codes = None of these codes can be used any more. It can't be undone.
info-remove-app-password = The client that uses this password can't get in any more. It can't be undone.
info-remove-phone = The account stays in the app on your phone. Remove it there, too.
info-remove-elsewhere = You are signed out everywhere else, and remembered devices are forgotten.
info-remove-yes = Yes, remove it
info-remove-no = No, keep it
info-remove-denied = This can't be removed now.
info-remove-remedies = One of these would help:
info-removed = It was removed.
info-removed-default = It was removed. Your default sign-in method is now: { $default }.

# Recovery codes.
codes-make = Make recovery codes
codes-what = You get ten codes to print or write down. When you don't have your phone or your key, one of them gets you in.
codes-once = They are shown once. Keep them where nobody else finds them, and not on your phone.
codes-old = You still have { $count } good codes. They can't be used any more when you make new ones.
codes-made = Your recovery codes
codes-keep = Print them or write them down now: they are not shown again. Each is good once.
codes-old-void = The codes that you had before can't be used any more. Destroy them.
codes-kept = I have kept them
codes-print = Print
copy = Copy
copied = Copied

# App passwords.
app-password-make = Create an app password
app-password-what = For a client that can't ask for a second step, such as an old mail program. Use one for each client, so that you can remove one without the others.
app-password-name = Name of the client
app-password-name-hint = Such as “Mail on the old tablet”. You find it by this name when you want to remove it.
app-password-made = Your app password
app-password-keep = Type it into the client in the place of your password now. It is not shown again.
app-password-user = Name
app-password-spaces = Hyphens and capital letters don't matter. You don't have to remember it.
app-password-done = Done

# The own password.
own-password = Change password
own-password-what = You stay signed in here. Everywhere else you are signed out.
own-password-old = Old password
own-password-wrong = The old password is not right, or too many were wrong. Try again later.
own-password-changed = Your password was changed. You are signed out everywhere else.

# Activity.
activity-why = What happened with your account, the newest first.
activity-none = Nothing has happened yet.
activity-pages = Pages
activity-newer = Newer
activity-older = Older
activity-by-administrator = By an administrator

# The endpoint of old mail clients.
legacy-origin = old mail client, from { $address }
legacy-mailbox = Mailbox of { $person }, opened by the app password “{ $client }”. There is no mail.

# Events of the audit log. A method may follow: "Added: Text message".
event-first-factor = Password accepted
event-password-tried = Password typed
event-password-not-tried = Failed attempt with a password
event-password-locked = Password locked until { $until } after failed attempts
event-challenged = Verification asked for
event-sent = Code, call or notification sent
event-verified =
    { $purpose ->
        [two_step] Second step passed
        [password_reset] Verified for a password reset
        [first_factor] Signed in without a password
       *[other] Verified once more
    }
event-failed =
    { $purpose ->
        [password_reset] Failed attempt to reset the password
        [first_factor] Failed attempt to sign in without a password
       *[other] Failed attempt
    }
event-locked = Locked until { $until } after failed attempts
event-disabled = Turned off after too many failed attempts
event-denied = Answered with no on the phone
event-reported = Reported as suspicious on the phone
event-clock-behind = Not checked, because the clock of the server was behind
event-clock-repaired = Clock of the server put right
event-key-copied = Security key may have been copied
event-enrolment-begun = Set-up begun
event-enrolment-tested = Test passed
event-enrolment-failed = Failed test
event-paired = App paired
event-not-paired = App not paired
event-enrolment-ended = Set-up not finished
event-resynchronised = Token brought back in step
event-not-resynchronised = Token not brought back in step
event-bound = Added
event-removed = Removed
event-renamed = Renamed
event-default-changed = Default sign-in method changed
event-refused = Asked for, and not allowed
event-reset-begun = Password reset begun
event-reset-not-begun = Password reset asked for, and not begun
event-reset-locked = Password reset locked until { $until } after failed attempts
event-reset-permitted = Everything verified for a password reset
event-password-reset = Password reset
event-permission-refused = Failed attempt to set a new password
event-phone-sign-in-begun = Sign-in without a password begun
event-phone-sign-in-not-begun = Sign-in without a password asked for, and not begun
event-first-factor-locked = Sign-in without a password locked until { $until } after failed attempts
event-first-factor-disabled = Sign-in without a password turned off after too many failed attempts
event-pass-issued = Temporary access pass issued
event-recovery-codes-made = Recovery codes made
event-app-password-used = App password used
event-app-password-failed = Failed attempt with an app password
event-device-remembered = Device remembered
event-devices-forgotten = Remembered devices forgotten
event-registration-demanded = New registration demanded
event-unlocked = Locks ended
event-suspended = Account suspended
event-resumed = Account active again
event-burned = Earlier codes made void
event-session-ended = Signed out
event-sessions-ended = Signed out everywhere else
event-password-changed = Password changed
event-reconfirmed = Security info confirmed
event-campaign-snoozed = Proposal put off
event-unreadable = Account could not be opened
event-not-sent = Not sent, because it was too late
event-other = Something else

# Why an attempt was not accepted, for administrators.
class-accepted = accepted
class-wrong = wrong
class-replayed = used before
class-locked = locked
class-no-challenge = nothing was asked for
class-no-session = another session
class-no-factor = no such method
class-not-allowed = not allowed by the policy
class-expired = expired
class-suspended = account suspended
class-unknown-person = no such person
class-clock-behind = clock behind
class-waiting = not approved yet
class-not-signed = not signed by its device
class-no-gesture = without fingerprint, face or PIN
class-other = another cause
