"""The only writers of the registry, by noun: one function per verb, each through the one door."""
