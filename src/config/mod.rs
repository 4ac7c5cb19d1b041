//! Every property of producer, consumer, topic, group and broker: type, default, validation, what it acts on here.
