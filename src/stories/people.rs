//! Actors of several articles, one entry each: "Rama" of one is "Edi Rama" of another.

use std::collections::BTreeSet;

use super::merged::Member;
use crate::domain::{Actor, ActorKind, fold};
use crate::reading::actors::same_entity;

/// Actors that a story names, as in a digest.
const MOST: usize = 5;

/// One entity of a story.
#[derive(Debug)]
pub struct Entity<'a> {
    /// Number of the member, position among its actors, the actor.
    pub told: Vec<(usize, usize, &'a Actor)>,
    /// All names it goes by, folded.
    pub names: BTreeSet<String>,
}

impl Entity<'_> {
    fn kind(&self) -> ActorKind {
        self.told.first().map_or(ActorKind::Place, |(_, _, actor)| actor.kind)
    }

    fn is(&self, member: usize, actor: &Actor, names: &BTreeSet<String>) -> bool {
        // Two actors of one article are two: its reader has told them apart.
        if self.told.iter().any(|(other, ..)| *other == member) {
            return false;
        }
        let of_words = |name: &&String| name.contains(' ');
        if self.names.intersection(names).any(|name| of_words(&name)) {
            return true;
        }
        let same_name = fold(&actor.name);
        self.told.iter().any(|(_, _, other)| {
            (other.kind == actor.kind && same_entity(actor.kind, &actor.name, &other.name))
                || (actor.kind != ActorKind::Person
                    && other.kind != ActorKind::Person
                    && !same_name.is_empty()
                    && fold(&other.name) == same_name)
        })
    }
}

/// The entities of the members' actors, in order of first mention; `members` in order of publication.
pub fn entities(members: &[Member]) -> Vec<Entity<'_>> {
    let mut entities: Vec<Entity<'_>> = Vec::new();
    let mut short = Vec::new();
    for (at, member) in members.iter().enumerate() {
        let text: Vec<char> = member.digest.text.chars().collect();
        for (position, actor) in member.digest.actors.iter().enumerate() {
            let names = actor.names(&text);
            let surname = actor.kind == ActorKind::Person && !fold(&actor.name).contains(' ');
            if surname {
                short.push((at, position, actor, names));
                continue;
            }
            match entities.iter_mut().find(|entity| entity.is(at, actor, &names)) {
                Some(entity) => entity.add(at, position, actor, names),
                None => entities.push(Entity { told: vec![(at, position, actor)], names }),
            }
        }
    }
    // A surname alone is of the one who bears it, if there is one only; then all full names are known.
    for (at, position, actor, names) in short {
        let surname = fold(&actor.name);
        let bears = |entity: &Entity<'_>| {
            entity.kind() == ActorKind::Person
                && entity.names.iter().any(|name| name.rsplit(' ').next() == Some(surname.as_str()))
        };
        let bearers: Vec<usize> = (0..entities.len()).filter(|&entity| bears(&entities[entity])).collect();
        match bearers.as_slice() {
            [only] if entities[*only].told.iter().all(|(other, ..)| *other != at) => {
                entities[*only].add(at, position, actor, names);
            }
            _ => entities.push(Entity { told: vec![(at, position, actor)], names }),
        }
    }
    entities
}

impl<'a> Entity<'a> {
    fn add(&mut self, member: usize, position: usize, actor: &'a Actor, names: BTreeSet<String>) {
        self.told.push((member, position, actor));
        self.names.extend(names);
    }

    /// The entity as one actor: its fullest name, its role where the lead gives one, its places in the lead's text.
    fn shown(&self, lead: usize) -> Actor {
        let of_lead = self.told.iter().find(|(member, ..)| *member == lead).map(|(_, _, actor)| *actor);
        let words = |actor: &Actor| fold(&actor.name).split(' ').count();
        // The first of the longest.
        let fullest = self.told.iter().map(|(_, _, actor)| *actor).rev().max_by_key(|actor| words(actor));
        let named = of_lead.filter(|own| fullest.is_none_or(|full| words(own) >= words(full))).or(fullest);
        let role = of_lead.and_then(|actor| actor.role.as_ref());
        let role = role.or_else(|| self.told.iter().find_map(|(_, _, actor)| actor.role.as_ref()));
        Actor {
            name: named.map(|actor| actor.name.clone()).unwrap_or_default(),
            kind: self.kind(),
            role: role.cloned(),
            mentions: of_lead.map(|actor| actor.mentions.clone()).unwrap_or_default(),
        }
    }
}

/// The actors that matter in the whole story, most salient first: each article ranks its own, and the ranks add up
/// (reciprocal ranks: Cormack, Clarke and Büttcher, SIGIR 2009). `copies[at]`: its text is another's and has no voice.
pub fn key_actors(entities: &[Entity<'_>], lead: usize, copies: &[Option<usize>]) -> Vec<Actor> {
    // In 60ths, so that the order of adding does not matter.
    let rank = |entity: &Entity<'_>| -> u32 {
        let own = entity.told.iter().filter(|(member, ..)| copies.get(*member).is_none_or(Option::is_none));
        own.map(|(_, position, _)| 60 / (1 + u32::try_from(*position).unwrap_or(59).min(59))).sum()
    };
    let in_lead = |entity: &Entity<'_>| {
        let own = entity.told.iter().find(|(member, ..)| *member == lead);
        own.map_or(usize::MAX, |(_, position, _)| *position)
    };
    let mut ranked: Vec<&Entity<'_>> = entities.iter().filter(|entity| rank(entity) > 0).collect();
    ranked.sort_by_key(|entity| (std::cmp::Reverse(rank(entity)), in_lead(entity)));
    ranked.into_iter().take(MOST).map(|entity| entity.shown(lead)).collect()
}
