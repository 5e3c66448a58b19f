//! What was said over the API, with the referee's verdicts: a violation that was found stays.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::sandbox::discord::Exchange;
use crate::sandbox::referee;

/// Requests shown, and violations that are older than these.
const SHOWN: usize = 80;
/// A request that has no answer after so many others gets none: its client has left.
const AWAITED: usize = 512;

/// The verdicts so far. Every request is judged once, when it has its answer.
#[derive(Debug, Default)]
pub struct Log {
    /// The first request that was never looked at.
    next: u64,
    /// Those before it that had no answer.
    open: BTreeSet<u64>,
    /// Requests that went well and requests that failed, both as Discord describes it.
    well: usize,
    failed: usize,
    violating: usize,
    /// The newest violating requests, as they are shown.
    wrong: BTreeMap<u64, Value>,
}

impl Log {
    /// `{"lines": […], "well", "failed", "violating"}`: the latest requests, newest first, then older ones against
    /// the rules, and how many there were of each kind since the start. `newest` gives so many, newest first.
    pub fn look(&mut self, newest: impl Fn(usize) -> Vec<(u64, Exchange)>) -> Value {
        let exchanges = self.unjudged(newest);
        for (number, exchange) in exchanges.iter().rev() {
            if *number >= self.next || self.open.contains(number) {
                self.judge(*number, exchange);
            }
        }
        if let Some((newest, _)) = exchanges.first() {
            self.next = newest + 1;
            self.open = self.open.split_off(&newest.saturating_sub(AWAITED as u64));
        }
        let shown = &exchanges[..exchanges.len().min(SHOWN)];
        let oldest = shown.last().map_or(0, |(number, _)| *number);
        let lines = shown.iter().map(|(number, exchange)| {
            let violations = || exchange.answer.as_ref().map(|_| json!([]));
            self.wrong.get(number).cloned().unwrap_or_else(|| line(*number, exchange, violations()))
        });
        let older = self.wrong.range(..oldest).rev().map(|(_, line)| line.clone());
        json!({
            "lines": lines.chain(older).collect::<Vec<_>>(),
            "well": self.well,
            "failed": self.failed,
            "violating": self.violating,
        })
    }

    /// The newest requests, as many as are shown or more, if others are still to be judged.
    fn unjudged(&self, newest: impl Fn(usize) -> Vec<(u64, Exchange)>) -> Vec<(u64, Exchange)> {
        let exchanges = newest(SHOWN);
        let (Some((last, _)), Some((oldest, _))) = (exchanges.first(), exchanges.last()) else {
            return exchanges;
        };
        let first = self.open.first().copied().unwrap_or(self.next).min(self.next);
        if first >= *oldest {
            return exchanges;
        }
        newest(usize::try_from(last - first + 1).unwrap_or(usize::MAX))
    }

    fn judge(&mut self, number: u64, exchange: &Exchange) {
        let Some(answer) = &exchange.answer else {
            self.open.insert(number);
            return;
        };
        self.open.remove(&number);
        let violations = referee::check(std::slice::from_ref(exchange));
        if violations.is_empty() {
            *(if answer.status < 400 { &mut self.well } else { &mut self.failed }) += 1;
            return;
        }
        let violations: Vec<_> = violations.iter().map(ToString::to_string).collect();
        self.violating += 1;
        self.wrong.insert(number, line(number, exchange, Some(json!(violations))));
        if self.wrong.len() > SHOWN {
            self.wrong.pop_first();
        }
    }
}

/// `violations`: `None` while the request has no answer, and so no verdict.
fn line(number: u64, exchange: &Exchange, violations: Option<Value>) -> Value {
    json!({
        "number": number,
        "at": exchange.at.timestamp_millis(),
        "method": exchange.endpoint.method,
        "path": exchange.endpoint.path,
        "params": exchange.params,
        "request": exchange.request,
        "status": exchange.answer.as_ref().map(|answer| answer.status),
        "answer": exchange.answer.as_ref().and_then(|answer| answer.body.clone()),
        "violations": violations,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::discord::{Answer, Endpoint};

    fn post(status: u16, body: &Value) -> Exchange {
        let answer = Answer { status, body: None };
        Exchange {
            at: chrono::DateTime::UNIX_EPOCH,
            endpoint: Endpoint::CALLBACK,
            params: BTreeMap::new(),
            request: Some(body.clone()),
            answer: Some(answer),
        }
    }

    #[test]
    fn a_violation_is_told_of_however_many_requests_follow() {
        let (good, bad) = (json!({"type": 5}), json!({"type": 5, "misspelt": 1}));
        let mut said = vec![post(204, &good), post(204, &bad), post(503, &good), post(204, &bad)];
        said[3].answer = None;
        let mut log = Log::default();
        let mut look = |said: &[Exchange]| {
            log.look(|count| {
                let numbered = (0..).zip(said.iter().cloned());
                let mut newest: Vec<_> = numbered.skip(said.len().saturating_sub(count)).collect();
                newest.reverse();
                newest
            })
        };
        let counted = |seen: &Value| ["well", "failed", "violating"].map(|kind| seen[kind].as_u64().unwrap());
        let seen = look(&said);
        assert_eq!(counted(&seen), [1, 1, 1]);
        assert_eq!(seen["lines"][0]["violations"], Value::Null, "no answer, no verdict");
        assert_eq!(seen["lines"][1]["violations"], json!([]));

        // The request that waited is answered when it is no longer among those that are shown.
        said.extend(vec![post(204, &good); 200]);
        said[3].answer = Some(Answer { status: 204, body: None });
        let seen = look(&said);
        assert_eq!(counted(&seen), [201, 1, 2]);
        let lines = seen["lines"].as_array().unwrap();
        let numbers: Vec<_> = lines.iter().map(|line| line["number"].as_u64().unwrap()).collect();
        assert_eq!((numbers[0], numbers[79], &numbers[80..]), (203, 124, &[3, 1][..]));
        assert!(lines[80..].iter().all(|line| line["violations"][0].as_str().unwrap().contains("misspelt")));
        assert_eq!(look(&said), seen, "nothing is counted twice");
    }
}
