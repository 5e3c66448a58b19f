//! HTTP: the client, its address guard, its limits, robots.txt.
