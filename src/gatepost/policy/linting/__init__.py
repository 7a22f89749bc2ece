"""The parts of lint that are more than a look at one line: clauses a policy lacks, rules at odds with each other."""
