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
