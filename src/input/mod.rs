//! Real input: properties, client code, record files.
