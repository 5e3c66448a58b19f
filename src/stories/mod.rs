//! Grouping articles into stories and matching them with subscriptions.
