reset = Reset your password
reset-lead = Tell us who you are. Then we ask for proofs that you have registered for this.
reset-next-gate = That was right. One proof more is needed.
reset-password = Choose a new password
reset-password-set = Set the password
reset-done = Your password was changed
reset-done-text = All sessions were ended and remembered devices forgotten. Sign in with the new password; the second step is as before.

password-new = New password
password-repeated = New password once more
password-hint = At least {$least} characters. A few words are easier to remember than signs.
password-not-good = That password is too short, too long, or your name. Choose one of at least {$least} characters.
password-not-same = The two passwords are not the same.

phone-sign-in = Sign in with your phone
phone-sign-in-lead = Enter your name, and approve the request on your phone. No password is needed.
sign-in-with-password = Sign in with a password

questions = Security questions
questions-lead = For a password reset only. Choose questions whose answers only you know, and give each another answer.
questions-question = Question {$place}
questions-answer = Answer {$place}
questions-set = Your security questions were saved.
questions-invalid = Choose each question once, and give each an answer of 3 to 40 characters that differs from the others.
save = Save

question-1 = What was the first name of your best friend at school?
question-2 = In which street did you live when you were ten?
question-3 = What was the first dish that you learned to cook?
question-4 = What was the name of your first pet?
question-5 = In which town did your parents meet?
question-6 = What was the surname of your favourite teacher?
question-7 = Which book did you read more than once as a child?
question-8 = Where did you spend your first holiday without your parents?
question-9 = What was your first job?
question-10 = What was the make of your first bicycle?
question-11 = What was the first concert that you went to?
question-12 = What was the first name of your oldest cousin?
question-13 = What did you want to become as a child?
question-14 = What is the name of the hill or lake that you like best?
question-15 = What was the name of the first house or ship that you lived on?
question-16 = Which subject at school did you like least?
question-17 = What was the last name of your first manager?
question-18 = What was the nickname that your family gave you?
question-19 = In which town was your mother born?
question-20 = What was the title of the first record that you bought?
