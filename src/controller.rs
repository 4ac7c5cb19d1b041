//! Topics, registrations and leaders: one controller, always available.
