### Texts for people, in English.
###
### The ids end in the stable codes of the crate, so a code finds its text. The other catalogues have the same ids and
### variables; a test says what is missing. Names from outside ($registration, $group, $name, $product) come checked and,
### where a reader has to see where they begin and end, in quotation marks.

## Pieces

quoted = “{ $name }”
list-comma = { $first }, { $next }
list-or = { $first } or { $last }
list-and = { $first } and { $last }
# Numbers to twelve are written as words.
number =
    { $number ->
        [0] no
        [1] one
        [2] two
        [3] three
        [4] four
        [5] five
        [6] six
        [7] seven
        [8] eight
        [9] nine
        [10] ten
        [11] eleven
        [12] twelve
       *[other] { $number }
    }
minutes =
    { $number ->
        [one] { $number } minute
       *[other] { $number } minutes
    }
hours =
    { $number ->
        [one] { $number } hour
       *[other] { $number } hours
    }
days =
    { $number ->
        [one] { $number } day
       *[other] { $number } days
    }
date = { $day } { $month } { $year }
time = { $date }, { $clock } UTC
month =
    { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    }
# The name of the authenticator app where the server gives none.
product = the authenticator app

## Methods: the name by itself, what is used, what is set up, what is counted, and the choice of a default

method-authenticator_push = Authenticator app (notification)
    .used = notifications from { $product }
    .set_up = { $product }
    .counted =
        { $number ->
            [one] authenticator app
           *[other] authenticator apps
        }
    .default = notification
method-authenticator_code = Authenticator app (code)
    .used = codes from { $product }
    .set_up = { $product }
    .counted =
        { $number ->
            [one] authenticator app
           *[other] authenticator apps
        }
    .default = code
method-other_authenticator = Another authenticator app
    .used = codes from another authenticator app
    .set_up = another authenticator app
    .counted =
        { $number ->
            [one] authenticator app
           *[other] authenticator apps
        }
    .default = code
method-hardware_token = Hardware token
    .used = hardware tokens
    .set_up = a hardware token
    .counted =
        { $number ->
            [one] hardware token
           *[other] hardware tokens
        }
    .default = code
method-text = Text message
    .used = text messages
    .set_up = text messages
    .counted =
        { $number ->
            [one] mobile phone number
           *[other] mobile phone numbers
        }
    .default = text
method-call_mobile = Phone call
    .used = calls to your mobile phone
    .set_up = calls to your mobile phone
    .counted =
        { $number ->
            [one] mobile phone number
           *[other] mobile phone numbers
        }
    .default = call
method-call_office = Office phone
    .used = calls to your office phone
    .set_up = an office phone
    .counted =
        { $number ->
            [one] office phone
           *[other] office phones
        }
    .default = call office
method-call_alternate = Alternate phone
    .used = calls to your alternate phone
    .set_up = an alternate phone
    .counted =
        { $number ->
            [one] alternate phone
           *[other] alternate phones
        }
    .default = call alternate
method-security_key = Security key
    .used = security keys
    .set_up = a security key
    .counted =
        { $number ->
            [one] security key
           *[other] security keys
        }
method-email = E-mail
    .used = e-mail
    .set_up = an e-mail address
    .counted =
        { $number ->
            [one] e-mail address
           *[other] e-mail addresses
        }
method-security_questions = Security questions
    .used = security questions
    .set_up = security questions
    .counted =
        { $number ->
            [one] set of security questions
           *[other] sets of security questions
        }
method-app_password = App password
    .used = app passwords
    .set_up = an app password
    .counted =
        { $number ->
            [one] app password
           *[other] app passwords
        }
method-temporary_pass = Temporary access pass
    .used = temporary access passes
    .set_up = a temporary access pass
    .counted =
        { $number ->
            [one] temporary access pass
           *[other] temporary access passes
        }
method-recovery_codes = Recovery codes
    .used = recovery codes
    .set_up = recovery codes
    .counted =
        { $number ->
            [one] set of recovery codes
           *[other] sets of recovery codes
        }
method-phone_sign_in = Phone sign-in
    .used = phone sign-in
    .set_up = phone sign-in
    .counted =
        { $number ->
            [one] authenticator app
           *[other] authenticator apps
        }
# A method that the organisation named itself.
method-external = { $name }
    .used = “{ $name }”
    .set_up = “{ $name }”
    .counted =
        { $number ->
            [one] registration of “{ $name }”
           *[other] registrations of “{ $name }”
        }

## Purposes: the name by itself, and after "for"

purpose-two_step = Two-step verification
    .for = two-step verification
purpose-password_reset = Password reset
    .for = resetting your password
purpose-first_factor = Sign-in without a password
    .for = signing in without a password
purpose-manage_security_info = Security info
    .for = managing your security info
purpose-legacy_clients = Apps without two-step verification
    .for = apps that can't do two-step verification
purpose-step_up = Extra verification
    .for = an extra check while you're signed in

## Strengths: after "asks for", after "verify that it's you first", and by themselves

strength-two_step = two-step verification
    .with = with two-step verification
    .name = “two-step”
strength-passwordless = a method that signs you in without a password
    .with = with a method that signs you in without a password
    .name = “passwordless”
strength-phishing_resistant = a phishing-resistant method, such as a security key
    .with = with a phishing-resistant method, such as a security key
    .name = “phishing-resistant”

## Reasons: why not, and what to do

reason-not_oneself = Only the owner of the account can do this.
reason-not_an_administrator = Only an administrator can do this. Please contact your administrator.
reason-not_for_oneself = As an administrator you can't do this for your own account. Use your own security info page, or ask another administrator.
reason-reset_off = You can't reset your password yourself in your organisation. Please contact your administrator for a new password.
reason-reset_not_for_groups = You can't reset your password yourself, because your organisation allows it only for certain groups. Please contact your administrator for a new password.
reason-reset_excluded = Members of { $group } can't reset their password themselves. Please contact your administrator for a new password.
reason-reset_locked = There were too many failed attempts, so you can't reset your password until { $time }. Try again after that, or contact your administrator.
reason-reset_expired = Resetting your password took too long and was ended on { $time }. Please start again.
reason-too_few_gates =
    To reset your password you have to prove who you are with { $needs ->
        [one] one method
       *[other] { $needs-word } methods that don't depend on each other
    }, and so far { $has ->
        [0] there is none
        [one] there is only one
       *[other] there are only { $has-word }
    }. Use or add another method, or contact your administrator.
reason-remembered_devices_off = Your organisation doesn't allow devices to be remembered, so you'll be asked for two-step verification each time.
reason-not_in_policy = Your organisation doesn't offer { $method } as a method. Choose another method, or contact your administrator.
reason-method_off = Your organisation has turned off { $method } as a method. Choose another method, or contact your administrator.
reason-not_for_groups = Your organisation offers { $method } only to certain groups, and you aren't in any of them. Choose another method, or contact your administrator.
reason-excluded = Your organisation doesn't allow { $method } for members of { $group }. Choose another method, or contact your administrator.
reason-retired = Since { $time }, your organisation no longer accepts { $method }. Choose another method, or contact your administrator.
reason-needs_enabled = You can use { $method } only if you're also allowed to use { $other }, and you aren't. Choose another method, or contact your administrator.
reason-purpose_not_allowed = You can't use { $method } for { $purpose }. Choose another method.
reason-not_for_this_reset = You can't reset your password with { $method } alone. Choose another method.
    .administrators = Administrators can't reset their password with { $method }. Choose another method.
reason-too_weak = You can't use { $method } here, because your organisation asks for { $strength }. Choose another method.
reason-capability_missing-webauthn = You can't use { $method } in this browser or app. Try another browser or device, or choose another method.
reason-capability_missing-telephony = You can't use { $method } now, because your phone can't be reached. Try again later, or choose another method.
reason-number_at_risk = You can't use { $method } now, because there are signs that somebody else has taken over your phone number. Choose another method, and contact your administrator.
reason-administrator_only = You can't set up { $method } yourself. Please contact your administrator.
reason-person_only = You can't set up { $method } for somebody else, because only that person may know the secret. Ask them to do it themselves.
# Where several count, the wording of the end-user documents, which is checked word for word.
reason-limit_reached =
    { $has ->
        [one] You can't set up { $method } because you already have one { $counted }. Remove it first, or contact your administrator.
       *[other] You can't set up { $method } because you already have { $has-word } { $counted }. Please contact your administrator to delete { $excess ->
            [one] one
           *[other] { $excess-word }
        } of your { $counted }.
    }
reason-already_registered = You've already set up { $method } here, as { $registration }. You don't have to do it again.
reason-registered_elsewhere = You can't set up { $method } with this device, number or address, because another account already uses it. Use another one, or contact your administrator.
reason-needs_method = Before you can set up { $method }, you have to set up { $others }.
reason-no_such_registration = { $registration } isn't in your security info any more. Refresh the page and try again.
reason-pending = You haven't finished setting up { $registration }. Complete the test first.
reason-not_pending = { $registration } isn't waiting to be tested. If it doesn't work, set it up again.
reason-disabled = { $registration } was turned off after too many failed attempts. Set it up again, or contact your administrator.
reason-deactivated = { $registration } was turned off by an administrator. Use another method, or contact your administrator.
reason-locked = There were too many failed attempts, so { $registration } is locked until { $time }. Use another method, or try again after that.
reason-pass_not_yet_valid = You can't use { $registration } before { $time }.
reason-pass_expired = { $registration } expired on { $time }. Ask your administrator for a new temporary access pass.
reason-pass_used = { $registration } was for one use, and has been used. Ask your administrator for a new temporary access pass.
reason-pass_without_validity = You can't use { $registration }, because it doesn't say for how long it is valid. Ask your administrator for a new temporary access pass.
reason-no_codes_left = You've used all your recovery codes. Use another method, and create new codes after that.
reason-not_independent = { $registration } doesn't count beside { $passed }, because the two depend on each other. Use another method.
reason-not_as_default = You can't choose { $method } as your default sign-in method. Choose another method.
reason-is_default = { $registration } is your default sign-in method. Choose another default first.
reason-last_method = Without { $registration } you would have no method left for { $purpose }. Add another method first.
    .strength = Without { $registration } you would have no method left for { $purpose } that is strong enough: your organisation asks for { $strength }. Add another method first.
reason-pass_minutes = A temporary access pass is valid for { $least } to { $most }, not for { $asked }.
reason-pass_must_be_one_time = A temporary access pass has to be for one use only.
reason-needs_first_factor = Please sign in first.
reason-needs_proof = Please verify that it's you first, { $with }.
    .recent = Please verify that it's you first, { $with }. That is good for { $duration }.
reason-recovery_code_not_enough = You verified with a recovery code, which isn't enough for this. Verify with another method first.

## Steps: what to do

step-wait = Wait until { $time }.
step-use_where-webauthn = Use a browser or device that supports security keys.
step-use_where-telephony = Go where your phone can be reached.
step-sign_in = Sign in.
step-prove = Verify that it's you with { $registrations }.
    .any = Verify that it's you { $with }.
step-confirm = Finish setting up { $registration }.
step-remove_one_of = Remove { $registrations }.
step-add = Set up { $method }.
step-set_default = Choose { $registrations } as your default sign-in method.
step-start_again = Start resetting your password again.
step-pass_gates = Prove who you are with { $registrations }.
step-change_pass = Issue the pass for { $duration }.
    .one_time = Issue the pass for { $duration } and for one use only.

## Requests: what to ask an administrator for

request-allow_method = Ask your administrator to let you use { $method }.
    .purpose = Ask your administrator to let you use { $method } for { $purpose }.
request-allow_reset = Ask your administrator to let you reset your password yourself.
request-allow_remembered_devices = Ask your administrator to allow devices to be remembered.
request-register = Ask your administrator to set up { $method } for you.
request-remove_one_of = Ask your administrator to remove { $registrations }.
request-unlock = Ask your administrator to unlock your account.
request-issue_pass = Ask your administrator for a temporary access pass, and verify with it.
request-do_it = Ask your administrator to do this for you.

## Facts that are missing

input-actor = It isn't known who is asking.
input-webauthn = It isn't known whether this browser or app supports security keys.
input-telephony = It isn't known whether your phone can be reached.
input-number_at_risk = It isn't known whether your phone number is still in your hands.
input-registered_elsewhere = It isn't known whether another account already uses this device, number or address.
input-reset_started = It isn't known when you started resetting your password.

## People, after "for"

who-everybody = everybody
who-users = all users
who-administrators = all administrators
who-some_users = some users, such as those in no group
    .groups = some users, such as those in { $groups }
who-some_administrators = some administrators, such as those in no group
    .groups = some administrators, such as those in { $groups }

## Findings about a policy, for those who write it: what is the matter, and what would be a way out.
## Methods and purposes are called by their headings, fields by their names in the file.

lint-no_administrator = No administrator can pass two-step verification, so nobody can act for others.
    .fix = Turn on a method for `two_step` that administrators can register.
lint-required_unreachable = For { $who }: { $purpose } is required, but nothing that they can register counts for it.
    .strength = For { $who }: { $purpose } is required with the strength { $strength }, but nothing that they can register is as strong.
    .fix = Turn on such a method for them, or change `requirements`.
lint-cannot_manage = For { $who }: nothing can be changed after the first registration, because nothing that they can register counts for managing security info.
    .fix = Add `manage_security_info` to the purposes of a method that they can register.
lint-too_few_reset_methods =
    For { $who }: a password reset takes { $gates ->
        [one] one proof
       *[other] { $gates-word } independent proofs
    }, and they can have { $has ->
        [0] none
       *[other] only { $has-word }
    }.
    .fix =
        { $limit ->
            [one_gate_without] Take a method out of `reset.one_gate_without`, or turn on another one for `password_reset`.
            [administrators_without] Take a method out of `reset.administrators.without`, or turn on another one for `password_reset`.
            [counts_once] Take a list out of `reset.counts_once`, or turn on another method for `password_reset`.
           *[gates] Turn on more methods for `password_reset`, or lower the number of gates.
        }
lint-pool_too_small =
    { $method } can never be added: it needs { $others } first, and the pool { $pool } has room for { $max ->
        [one] only one
       *[other] only { $max-word }
    }.
    .fix = Raise the limit of the pool, or take a method out of it.
lint-sunset_leaves_nothing = For { $who }: nothing is left for { $purpose } from { $time } on, because { $methods } won't count any more.
    .fix = Turn on another method for them before that day, or move `sunset`.
lint-sunset_leaves_no_default = For { $who }: nothing is left that may be the default from { $time } on, because { $methods } won't count any more.
    .fix = Set `default = true` for a method that stays, or move `sunset`.
lint-no_help = For { $who }: there is no help when they have lost everything, neither a temporary access pass nor a method that an administrator can register for them.
    .fix = Turn on `temporary_pass`, or a method that administrators can register, such as `hardware_token`.
lint-reset_weaker_than_sign_in =
    For { $who }: signing in takes the strength { $strength }, but { $gates ->
        [one] one proof with { $methods } is
       *[other] { $gates-word } proofs with { $methods } are
    } enough to reset the password.
    .fix = Take these methods out of the reset, or ask for more gates.
lint-weak_single_gate = For { $who }: one proof with { $methods } is enough to reset the password.
    .fix = Set `reset.gates` to 2, or list these methods in `reset.one_gate_without`.
lint-single_factor_sign_in = One factor is enough to sign in, because { $methods } may be used instead of the password.
    .fix = Take `first_factor` out of the purposes of these methods.
lint-telephone_only = For { $who }: the telephone is the only second step; SP 800-63B-4 §3.1.3.3 asks to offer another kind as well.
    .fix = Turn on another method for them, such as `authenticator_code` or `security_key`.
lint-no_phishing_resistant = For { $who }: nothing resists phishing; SP 800-63B-4 §2.2.2 asks to offer something that does.
    .fix = Turn on `security_key` for them.
lint-two_step_not_required = Two-step verification is required of nobody.
    .administrators = Two-step verification is required of no administrator.
    .fix = Add a requirement with `purpose = "two_step"`, for administrators at least.
lint-administrators_need_less = { $purpose } is required of users, but not of administrators.
    .strength = For { $purpose } users need the strength { $strength }, but administrators need less.
    .fix = Require at least the same of administrators in `requirements`.
lint-app_passwords_skip_two_step = For { $who }: app passwords are a way around the second step that is required.
    .fix = Turn off `app_password`, or exclude these people from it.
lint-remembered_too_long = A remembered device skips the second step for { $days }, which is longer than { $most } (SP 800-63B-4 §2.1.3).
    .fix = Lower `remembered_devices.days`: { $most } at most.
lint-remembered_skips_strength = For { $who }: signing in takes the strength { $strength }, but a remembered device skips it.
    .fix = Turn off `remembered_devices`.
lint-number_take_over_unwatched = Nothing looks for signs that a telephone number was taken over before { $methods } is used (SP 800-63B-4 §3.1.3.3).
    .fix = Set `restricted = true` there, so that the server has to say whether the number is at risk.
lint-weaker_ranked_first = { $weaker } comes before { $stronger } in the ranking, but is weaker.
    .fix = Put the stronger one first in `ranking`.
lint-method_for_nobody = { $method } is on, but nobody is in its groups.
    .fix = Change `include` and `exclude`, or turn it off.
lint-method_retired = { $method } is on, but retired since { $time }.
    .fix = Turn it off, or move `sunset`.
lint-method_needs_unavailable = { $method } is on, but works only together with { $other }, which isn't available.
    .fix = Turn on the other one for the same people, or change `needs_enabled`.
lint-method_needs_unreachable = { $method } can never be registered, because it needs { $others } first, which nobody can register.
    .fix = Turn on what it needs, or change `needs`.
lint-method_without_use = { $method } counts only for a password reset that nobody can do with it.
    .fix = Change `reset`, or turn the method off.
lint-methods_too_weak = Nobody can use { $methods } for { $purpose }, because everybody who can register that needs the strength { $strength }.
    .fix = Take the purpose away from these methods, or change `requirements`.
lint-requirement_for_nobody = A requirement of { $purpose } is for nobody.
    .fix = Change its `role`, `include` and `exclude`, or take it away.
lint-reset_for_nobody = Password reset is on, but for nobody.
    .fix = Change `reset.include` and `reset.exclude`, or turn it off.
lint-campaign_without_method = The registration campaign asks for { $method }, which nobody can register.
    .fix = Set `proposals.campaign` to another method, or turn the campaign off.
lint-backup_without_method = As a backup { $methods } is proposed, which nobody can register.
    .fix = Change `proposals.backup`, or turn one of these methods on.
