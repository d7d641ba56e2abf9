"""A stand-in for the billing provider Dodo Payments; README.md beside this folder says what it does."""
