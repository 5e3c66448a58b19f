//! What was said over the API: for tests, for the referee, and for a person who wonders.

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::endpoint::Endpoint;

/// Exchanges kept; older ones go.
const EXCHANGES: usize = 4096;

/// Parameters of a path or a query, by name.
pub type Params = BTreeMap<String, String>;

/// A request and its answer. Neither the bot's token nor an interaction's is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    pub at: DateTime<Utc>,
    pub endpoint: Endpoint,
    /// Of the path and the query, those that are no secrets.
    pub params: Params,
    pub request: Option<Value>,
    /// `None` while the request is being held, or if the client left before its answer.
    pub answer: Option<Answer>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub body: Option<Value>,
}

#[derive(Debug, Default)]
pub struct Log {
    first: u64,
    exchanges: VecDeque<Exchange>,
    arrived: HashMap<Endpoint, usize>,
}

impl Log {
    /// Notes a request; the number is for [`Log::answered`].
    pub fn arrived(
        &mut self,
        endpoint: Endpoint,
        params: Params,
        request: Option<Value>,
        at: DateTime<Utc>,
    ) -> u64 {
        *self.arrived.entry(endpoint).or_default() += 1;
        let params = params.into_iter().filter(|(name, _)| !name.contains("token")).collect();
        self.exchanges.push_back(Exchange { at, endpoint, params, request, answer: None });
        if self.exchanges.len() > EXCHANGES {
            self.exchanges.pop_front();
            self.first += 1;
        }
        self.first + self.exchanges.len() as u64 - 1
    }

    pub fn answered(&mut self, number: u64, answer: Answer) {
        let index = number.checked_sub(self.first).and_then(|i| usize::try_from(i).ok());
        if let Some(exchange) = index.and_then(|i| self.exchanges.get_mut(i)) {
            exchange.answer = Some(answer);
        }
    }

    /// How many exchanges are kept no longer.
    pub fn forgotten(&self) -> u64 {
        self.first
    }

    /// How many requests to an endpoint came since the start.
    pub fn count(&self, endpoint: Endpoint) -> usize {
        self.arrived.get(&endpoint).copied().unwrap_or(0)
    }

    /// The newest, at most so many, newest first, each with its number.
    pub fn newest(&self, count: usize) -> Vec<(u64, Exchange)> {
        let numbered = (self.first..).zip(&self.exchanges);
        let skipped = self.exchanges.len().saturating_sub(count);
        let mut newest: Vec<_> = numbered.skip(skipped).map(|(number, e)| (number, e.clone())).collect();
        newest.reverse();
        newest
    }

    pub fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges.iter().cloned().collect()
    }
}
