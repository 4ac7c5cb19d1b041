//! Facts that happened: the one trace that texts, checks, goals and pictures read.
