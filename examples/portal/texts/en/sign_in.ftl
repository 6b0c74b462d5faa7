sign-in = Sign in
sign-in-name = Name
sign-in-password = Password
sign-in-forgotten = Forgot your password?
sign-in-without-password = Sign in with your phone instead
sign-in-rejected = The name or the password is not right.

verify = Verify that it is you
verify-code = Code
verify-submit = Verify
verify-remember = Don't ask on this device for {$days} days
verify-rejected = That was not accepted. Try again, or choose another way.
verify-not-approved = It has not been approved yet.
verify-failures = Failed attempts with this method since you last used it: {$count}. If that was not you, change your password.
