//! Prints clients, and the programs that consume with them.

use crate::script::ast::{CommitEvery, ConsumeLoop, NewClient};
use crate::script::table::name_of;

use super::out::Out;

pub(super) fn print_client(client: &NewClient, out: &mut Out) {
    out.word(&client.id);
    out.properties(&client.properties);
    if client.commit_on_revoked {
        out.option("on-revoked", "commit-sync");
    }
}

pub(super) fn print_consume_loop(of: &ConsumeLoop, out: &mut Out) {
    out.word(&of.client);
    out.option("poll_ms", of.poll_ms);
    out.option("process_us", of.process_us);
    out.option("commit", of.commit.name());
    out.option("commit-every", name_of(of.every, CommitEvery::ALL));
}
