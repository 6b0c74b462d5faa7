# The program's own words. What the policy says (methods, purposes, reasons, remedies) comes from the texts of the crate.

person-groups = in { $groups }
person-no-groups = in no group
role-administrator = administrator

state-pending = not tested yet
state-disabled = switched off until it is bound again

# explain
explain-title = { $person }: { $purpose }
explain-yes = { $usable ->
    [one] Yes: one registration serves.
   *[other] Yes: { $usable } registrations serve.
}
explain-no = No: nothing that is registered serves.
explain-none = Nothing is registered.
explain-registered = Registered
explain-addable = Could be added and would serve
explain-not-addable = Would serve, and cannot be added
explain-nothing-addable = Nothing else would serve.
word-helps = helps
word-or = or
word-recheck = This may change at { $time }.
word-device = device { $device }

# overview
overview-methods = Methods
overview-none = Nothing is registered.
overview-default = Default
overview-default-chosen = { $method } ({ $registration }), chosen
overview-default-ranked = { $method } ({ $registration }), by the ranking
overview-no-default = none
overview-usable-for = for { $purposes }
overview-unusable = for nothing
overview-addable = May be added
overview-not-addable = May not be added
overview-proposals = Proposed
overview-required = Required
overview-reached = reached
overview-missing = not reached
sending-automatic = sent at once
sending-ask-first = asks first

# lint
lint-clean = { $policy }: nothing to report.
lint-count = { $policy }: { $errors ->
    [0] no errors
    [one] 1 error
   *[other] { $errors } errors
}, { $warnings ->
    [0] no warnings
    [one] 1 warning
   *[other] { $warnings } warnings
}, { $findings ->
    [0] no findings
    [one] 1 finding
   *[other] { $findings } findings
}
word-error = error
word-warning = warning
word-fix = fix

# diff
diff-same = The policies are the same.
diff-same-behaviour = They decide alike, as far as was looked.
diff-fields = Fields
diff-behaviour = Behaviour
diff-strictness = Strictness
diff-at-least-as-strict = The new policy is at least as strict as the old one.
diff-looser = The new policy is looser than the old one:


# simulate, for the terminal and for the report
headline-off = If { $methods } are switched off,
headline-change = With this change,
headline-lost = { $start } { $lost } of { $people ->
    [one] one person
   *[other] { $people } people
} { $lost ->
    [one] loses
   *[other] lose
} { $purpose }.
headline-stranded-of-them = { $stranded ->
    [one] 1 of them needs an administrator.
   *[other] { $stranded } of them cannot help themselves.
}
headline-stranded-all = { $stranded ->
    [1] That person needs an administrator.
    [2] Neither of them can help themselves.
   *[other] None of them can help themselves.
}
headline-stranded-none = { $lost ->
    [one] That person can register another method at the next sign-in.
   *[other] All of them can register another method at the next sign-in.
}
headline-stranded = { $stranded ->
    [one] 1 person cannot get what the policy requires without an administrator.
   *[other] { $stranded } people cannot get what the policy requires without an administrator.
}
headline-only-stranded = { $start } { $stranded ->
    [one] 1 person
   *[other] { $stranded } people
} cannot get what the policy requires without an administrator.
headline-must-register = { $start } { $people ->
    [one] 1 person has
   *[other] { $people } people have
} to register another method.
headline-nobody = { $start } nobody loses anything that the policy requires.

report-title = What the change does
report-about = { $people ->
    [one] 1 person
   *[other] { $people } people
}, under the policy “{ $policy }”, on { $date }
report-all = Everybody
report-unaffected = as before
report-must-register = must register
report-stranded = stranded
report-must-register-why = They lack something that the policy requires because of the change, and can register it alone at the next sign-in.
report-stranded-why = They lack something that the policy requires because of the change, and need an administrator.
report-without-proof = { $people ->
    [one] 1 of the stranded has nothing left to prove with, which registering asks for; a temporary pass helps.
   *[other] { $people } of the stranded have nothing left to prove with, which registering asks for; a temporary pass helps.
}
report-in-time = { $people ->
    [one] 1 of the stranded could still register another method before the change: ask now.
   *[other] { $people } of the stranded could still register another method before the change: ask them now.
}
report-nothing-to-add = { $people ->
    [one] 1 of the stranded may not register anything that would serve.
   *[other] { $people } of the stranded may not register anything that would serve.
}
report-lacking = { $people ->
    [one] 1 more person lacks something required
   *[other] { $people } more people lack something required
} with the old policy and with the new one; the change is not the reason.
report-purposes = Who reaches what
report-purposes-why = People who reach each purpose with methods that last: no temporary passes, no recovery codes.
report-purpose = purpose
report-before = before
report-after = after
report-gained = gained
report-lost = lost
report-defaults = Default methods
report-defaults-why = The method that two-step verification starts with, before on the left and after on the right.
report-people-column = people
report-defaults-same = Nobody gets another default method.
report-defaults-changed = { $people ->
    [one] 1 person gets another default method.
   *[other] { $people } people get another default method.
}
report-no-default = none
report-methods = Methods in use
report-methods-why = People who have registered a method, and those who can use it for anything.
report-method = method
report-registered = registered
report-usable-before = usable before
report-usable-after = usable after
report-proposals = What people will be asked to register
report-proposals-why = The most secure methods that they may add themselves and that are enough.
report-stranded-list = Stranded people
report-stranded-first = The first { $shown } of { $people }, in the order of the file.
report-stranded-look = Look at one of them with:
report-change = The change
report-field = field
report-old = old
report-new = new
report-absent = absent
report-no-change = The two policies are the same.
report-bad = { $lines ->
    [one] 1 line could not be read and is not counted:
   *[other] { $lines } lines could not be read and are not counted:
}
report-line = line { $line }
report-made = Made by policyctl { $version }.
report-written = The report is in { $file }.
report-and = { $first } and { $rest }

# preset
preset-security-info = The end-user documents of security info; the default.
preset-entra = Microsoft Entra's documents for administrators, with the ranking of 2026.
preset-entra-2025 = The same, with the ranking of 2025.
preset-entra-legacy = Microsoft Entra before the policies of reset and of sign-in became one.
preset-nist = SP 800-63B-4 at AAL2: no e-mail, no questions, the telephone network restricted.

# The methods, as in “if … are switched off”
used-authenticator_push = notifications from the authenticator app
used-authenticator_code = codes from the authenticator app
used-other_authenticator = other authenticator apps
used-hardware_token = hardware tokens
used-text = text messages
used-call_mobile = calls to mobile phones
used-call_office = calls to office phones
used-call_alternate = calls to alternate phones
used-security_key = security keys
used-email = e-mail addresses
used-security_questions = security questions
used-app_password = app passwords
used-temporary_pass = temporary access passes
used-recovery_codes = recovery codes
used-phone_sign_in = sign-ins by phone

state-deactivated = deactivated until an administrator allows it again
explain-reset-yes = Yes: a password reset can be begun.
explain-reset-no = No: a password reset cannot be begun.
overview-not-for = not for { $purposes }:
overview-required-nothing = Nothing.
overview-proposal-required = because the policy requires it
overview-proposal-backup = as a backup
overview-campaign = asked for by the registration campaign
overview-reconfirm = Confirm that the security info is still right.
strength-two-step = two steps
strength-passwordless = without a password
strength-phishing-resistant = phishing-resistant
word-more = { $more } more; --json has them all.

# lint
concern-locked-out = locked out
concern-weakness = weakness
concern-no-effect = no effect

# diff: who can (no longer) do what
diff-allowed = { $who } can now { $what }.
diff-denied = { $who } can no longer { $what }.
diff-changed = { $who } get { $what }.
diff-undecided = Whether the new policy is at least as strict is not decided; look at:
diff-example = smallest example: an account with { $methods }
diff-example-nothing = smallest example: an account with nothing
who-everybody = All people
who-users = Users
who-administrators = Administrators
who-other-users = Users in none of the groups that are mentioned
who-users-in = Users in { $groups }
who-other-administrators = Administrators in none of the groups that are mentioned
who-administrators-in = Administrators in { $groups }
question-use = use { $methods } for { $purpose }
question-add = add { $methods }
question-confirm = finish registering { $methods }
question-remove = remove { $methods }
question-replace = replace a method by { $methods }
question-rename = rename { $methods }
question-set_default = choose { $methods } as the default
question-default = another default than { $methods }
question-sending = { $methods } as the default sent in another way
question-start_reset = start a password reset
question-finish_reset = finish a password reset
question-remember_device = have a device remembered
question-administrator_adds = have { $methods } registered by an administrator
question-administrator_removes = have { $methods } removed by an administrator
question-administrator_acts = be unlocked, or asked to register again, by an administrator
question-issue_pass = be given a temporary access pass
