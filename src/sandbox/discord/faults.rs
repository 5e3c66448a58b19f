//! Failures on demand: what a test asks the embedded Discord to do to the next requests of a kind.

use std::time::Duration;

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::endpoint::Endpoint;
use super::log::Params;
use crate::domain::ChannelId;

/// A failure waiting for its requests.
#[derive(Debug, Clone)]
pub struct Fault {
    on: Endpoint,
    channel: Option<ChannelId>,
    times: usize,
    effect: Effect,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// 429 with this `retry_after`; `global` says that it holds for every route.
    RateLimited { retry_after: Duration, global: bool },
    /// A bare 5xx, before the request has an effect or after.
    Broken { status: u16, stored: bool },
    /// A 4xx with Discord's error code.
    Refused { status: u16, code: u64, message: &'static str },
    /// No answer until the hold is released or the client gives up; `stored` says whether the
    /// request has its effect before the wait.
    Held { stored: bool },
    /// An answer that takes longer than it should.
    Slow { by: Duration },
}

impl Fault {
    /// The next request to `on` meets `effect`.
    pub fn once(on: Endpoint, effect: Effect) -> Self {
        Fault { on, channel: None, times: 1, effect }
    }

    #[must_use]
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// Only requests about this channel.
    #[must_use]
    pub fn in_channel(mut self, channel: ChannelId) -> Self {
        self.channel = Some(channel);
        self
    }

    /// 403, 50013: the bot lacks a permission.
    pub fn missing_permissions(on: Endpoint) -> Self {
        Self::once(on, Effect::Refused { status: 403, code: 50013, message: "Missing Permissions" })
    }

    /// 404, 10003: there is no such channel.
    pub fn unknown_channel(on: Endpoint) -> Self {
        Self::once(on, Effect::Refused { status: 404, code: 10003, message: "Unknown Channel" })
    }
}

/// Lets go of the requests that a [`Effect::Held`] fault holds, now and later.
#[derive(Debug, Clone)]
pub struct Hold(CancellationToken);

impl Hold {
    pub fn release(&self) {
        self.0.cancel();
    }

    pub async fn released(&self) {
        self.0.cancelled().await;
    }
}

/// The faults that are still to happen, oldest first.
#[derive(Debug, Default)]
pub struct Faults(Vec<(Fault, Hold)>);

impl Faults {
    pub fn add(&mut self, fault: Fault) -> Hold {
        let hold = Hold(CancellationToken::new());
        self.0.push((fault, hold.clone()));
        hold
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The effect that a request meets, used up by one.
    pub fn take(&mut self, endpoint: Endpoint, params: &Params) -> Option<(Effect, Hold)> {
        let channel = params.get("channel_id").and_then(|id| id.parse().ok()).map(ChannelId);
        let matches =
            |fault: &Fault| fault.on == endpoint && (fault.channel.is_none() || fault.channel == channel);
        let index = self.0.iter().position(|(fault, _)| fault.times > 0 && matches(fault))?;
        let (fault, hold) = &mut self.0[index];
        fault.times -= 1;
        let taken = (fault.effect.clone(), hold.clone());
        if fault.times == 0 {
            self.0.remove(index);
        }
        Some(taken)
    }
}

/// The body of a 429.
pub fn rate_limited(retry_after: Duration, global: bool) -> Value {
    json!({
        "message": "You are being rate limited.",
        "retry_after": retry_after.as_secs_f64(),
        "global": global,
        "code": 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_meets_its_own_requests_and_is_used_up() {
        let mut faults = Faults::default();
        let broken = Effect::Broken { status: 502, stored: false };
        faults.add(Fault::once(Endpoint::CREATE_MESSAGE, broken.clone()).times(2).in_channel(ChannelId(7)));
        let mut take = |endpoint, channel: &str| {
            let params = Params::from([("channel_id".to_owned(), channel.to_owned())]);
            faults.take(endpoint, &params).map(|(effect, _)| effect)
        };
        assert_eq!(take(Endpoint::EDIT_MESSAGE, "7"), None);
        assert_eq!(take(Endpoint::CREATE_MESSAGE, "8"), None);
        assert_eq!(take(Endpoint::CREATE_MESSAGE, "7"), Some(broken.clone()));
        assert_eq!(take(Endpoint::CREATE_MESSAGE, "7"), Some(broken));
        assert_eq!(take(Endpoint::CREATE_MESSAGE, "7"), None);
    }
}
