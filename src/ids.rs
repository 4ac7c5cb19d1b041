//! Small numbers that name things: brokers, clients, topics, partitions, groups, connections, events.
