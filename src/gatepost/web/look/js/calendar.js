// Moves posts by mouse or keyboard.
