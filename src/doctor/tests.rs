use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn clocks_that_are_wrong() {
    let now = at("2026-08-01T12:00:00Z");
    for (said, state, words) in [
        (Some("2026-08-01T12:00:00Z"), State::Ok, "right within 1 s"),
        (Some("2026-08-01T11:59:31Z"), State::Ok, "right within 30 s"),
        (Some("2026-08-01T12:01:00Z"), State::Warning, "60 s behind Discord's"),
        (Some("2026-08-01T11:00:00Z"), State::Failed, "3600 s ahead of Discord's"),
        (None, State::Warning, "nobody could be asked for the time"),
    ] {
        let finding = clock(said.map(at), now);
        assert_eq!((finding.state, finding.found.as_str()), (state, words));
        assert_eq!(finding.fix.is_some(), state != State::Ok);
    }
}

#[test]
fn zones_grow_old() {
    let now = at("2026-08-01T12:00:00Z");
    assert_eq!(zones("2025b", now).state, State::Ok);
    assert_eq!(zones("2024a", now).state, State::Warning);
}

#[test]
fn room_on_the_disk() {
    for (free, state) in
        [(50_000_000, State::Failed), (500_000_000, State::Warning), (50_000_000_000, State::Ok)]
    {
        assert_eq!(room(Path::new("/data"), free).state, state);
    }
}

#[test]
fn the_folder_that_is_there() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(existing_folder(&folder.path().join("a/b/c.sqlite")), folder.path());
    assert_eq!(existing_folder(Path::new("dateline.sqlite")), Path::new("."));
}
