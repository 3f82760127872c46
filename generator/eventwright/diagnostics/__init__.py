"""What is wrong, where, and what to do about it: values, how they are shown, and how names are guessed."""
