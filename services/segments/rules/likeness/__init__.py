"""How much two guests are alike: what is compared, what each finding weighs, and the score with its reasons."""
