//! The seeded generator: the model's only chance.
