//! Topics, registrations and leaders: one controller, always available. The KRaft quorum itself is not modelled.
