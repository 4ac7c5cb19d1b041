//! The controller's side: what travels between it and the brokers, one hop each way, and its timers.

use std::sync::Arc;

use super::cluster::ControlParcel;
use super::process::Life;
use super::{Simulation, Sink};
use crate::controller::ControllerOutput;
use crate::ids::{BrokerId, TopicPartition};
use crate::image::{ControllerRequest, MetadataImage, PartitionRegistration};
use crate::node::Input;

impl Simulation {
    /// The controller's picture of the cluster.
    pub fn image(&self) -> &Arc<MetadataImage> {
        self.controlling.controller.image()
    }

    /// What the controller knows of a partition.
    pub(super) fn registration(&self, partition: &TopicPartition) -> Option<&PartitionRegistration> {
        let topic = self.image().topics.get(&partition.topic)?;
        topic.partitions.get(usize::try_from(partition.partition).ok()?)
    }

    pub(super) fn leader(&self, partition: &TopicPartition) -> Option<BrokerId> {
        self.registration(partition)?.leader
    }

    pub(super) fn ask_controller(&mut self, from: BrokerId, token: u64, request: ControllerRequest) {
        let at = self.now.at.plus_micros(self.network.hop_us());
        self.controlling.post(at, &mut self.sequence, ControlParcel::Request(from, token, request));
    }

    /// The next parcel arrives, or the controller's own time has come.
    pub(super) fn handle_controlling(&mut self, sink: &mut Sink) {
        let timer = self.controlling.timer.due();
        let parcel = self.controlling.under_way.first_key_value().map(|(key, _)| *key);
        if parcel.is_none_or(|parcel| timer < parcel) {
            let output = Arc::make_mut(&mut self.controlling.controller).on_timer(self.now, &mut self.out);
            self.publish(output);
            return;
        }
        let Some((_, parcel)) = self.controlling.under_way.pop_first() else { return };
        match parcel {
            ControlParcel::Request(from, token, request) => {
                let controller = Arc::make_mut(&mut self.controlling.controller);
                let output = controller.handle(self.now, from, token, &request, &mut self.out);
                self.publish(output);
            }
            ControlParcel::ToBroker(broker, input) => self.deliver_from_controller(broker, input, sink),
        }
    }

    fn deliver_from_controller(&mut self, broker: BrokerId, input: Input, sink: &mut Sink) {
        let i = Simulation::broker_index(broker);
        match self.brokers[i].life {
            Life::Gone => {}
            Life::Paused => self.brokers[i].held_inputs.push(input),
            Life::Running => {
                self.handle_broker(i, input, sink);
                self.note_stopped(i);
            }
        }
    }

    /// What the controller gave out is on its way: the picture before the answers that rely on it.
    pub(super) fn publish(&mut self, output: ControllerOutput) {
        let at = self.now.at.plus_micros(self.network.hop_us());
        if let Some(image) = output.image {
            for n in 1..=self.brokers.len() {
                let broker = BrokerId(i32::try_from(n).expect("at most nine brokers"));
                let parcel = ControlParcel::ToBroker(broker, Input::Image(image.clone()));
                self.controlling.post(at, &mut self.sequence, parcel);
            }
        }
        for (broker, token, reply) in output.replies {
            let parcel = ControlParcel::ToBroker(broker, Input::Controller(token, reply));
            self.controlling.post(at, &mut self.sequence, parcel);
        }
        let next = self.controlling.controller.next_timeout();
        self.controlling.timer.set(next, self.now.at, &mut self.sequence);
    }
}
