//! Search: by words in SQLite's full-text index, and the vectors to search by meaning.
//!
//! Whether an article is found is read from the index `articles_facts`, never from its wide row.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::SqliteConnection;

use super::Result;
use super::columns::{At, Json, Offset, vector};
use crate::domain::{ArticleId, GuildId, StoryId, fold};

/// More words than this are left out: a question has fewer, and each costs a walk through the index.
const MAX_WORDS: usize = 24;
/// Characters of a word that count; the longest words of news text are shorter.
const MAX_WORD_CHARS: usize = 64;
/// Tokens of the text that a snippet shows: about two lines of a card. FTS5 allows 64.
const SNIPPET_TOKENS: u32 = 28;
/// Articles that have the words, the newest, that are ranked: words that more have tell nothing apart.
const RANKED: u32 = 10_000;

/// Articles of an outlet or an actor that are looked at, the newest, for one that a guild sees, before its name is
/// suggested there.
const NEWEST: u32 = 20;

/// What to look for among the articles that are in a story.
#[derive(Debug, Clone, Default)]
pub struct SearchQuery {
    /// Only stories that a feed of this guild carries.
    pub guild: Option<GuildId>,
    /// As a person typed it. Blank: the newest articles that pass the rest.
    pub query: String,
    /// Words of the name of one of the article's actors.
    pub actor: Option<String>,
    /// Words of the outlet's name.
    pub source: Option<String>,
    /// Published at or after.
    pub from: Option<DateTime<Utc>>,
    /// Published before.
    pub to: Option<DateTime<Utc>>,
    pub limit: u32,
    pub offset: u32,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub article_id: ArticleId,
    pub story_id: StoryId,
    /// BM25, higher is better; comparable within one search only. 0 where no words were asked for.
    pub score: f64,
    /// Where the words stand in the text, in one line; without words, how the text begins.
    pub snippet: String,
}

/// Articles that contain all the words, else any of them, best first; a word in the title counts
/// four times. No text of a person can be an error: every word is a quoted phrase to FTS5.
pub async fn by_words(conn: &mut SqliteConnection, query: &SearchQuery) -> Result<Vec<Hit>> {
    if query.query.trim().is_empty() {
        return newest(conn, query).await;
    }
    let phrases = phrases(&query.query);
    if phrases.is_empty() {
        return Ok(Vec::new());
    }
    let all = phrases.join(" AND ");
    let hits = matching(conn, query, &all, query.limit, query.offset).await?;
    // Past the last page, or nothing has all the words? Only the second is a reason to ask for less.
    let any_has_all =
        !hits.is_empty() || (query.offset > 0 && !matching(conn, query, &all, 1, 0).await?.is_empty());
    if any_has_all {
        return Ok(hits);
    }
    matching(conn, query, &phrases.join(" OR "), query.limit, query.offset).await
}

/// A statement over articles in a story that pass what a query asks for beside its words: that is ?1 to ?5.
macro_rules! passing {
    ($before:literal, $after:literal, $query:expr, $called:expr $(, $argument:expr)* $(,)?) => {
        sqlx::query!(
            $before
                + r#" story_id IS NOT NULL
                  AND (?1 IS NULL OR EXISTS (SELECT 1 FROM carried JOIN guild_feeds USING (feed_id)
                                             WHERE carried.story_id = articles.story_id AND guild_id = ?1))
                  AND (?2 IS NULL OR EXISTS (
                        SELECT 1 FROM actor_names
                        WHERE article_id = articles.id AND folded IN (SELECT value FROM json_each(?2))))
                  AND (?3 IS NULL OR instr(outlet_folded, ?3))
                  AND (?4 IS NULL OR published_at >= ?4) AND (?5 IS NULL OR published_at < ?5) "#
                + $after,
            $query.guild,
            $called,
            $query.source.as_deref().map(fold),
            $query.from.map(At),
            $query.to.map(At)
            $(, $argument)*
        )
    };
}

async fn matching(
    conn: &mut SqliteConnection,
    query: &SearchQuery,
    expression: &str,
    limit: u32,
    offset: u32,
) -> Result<Vec<Hit>> {
    let called = called(conn, query.actor.as_deref()).await?;
    let rows = passing!(
        r#"SELECT id AS "id!: ArticleId", story_id AS "story_id!: StoryId", score AS "score!: f64" FROM (
               SELECT articles.id, story_id, published_at, -bm25(article_search, 4.0, 1.0) AS score
               FROM article_search CROSS JOIN articles INDEXED BY articles_facts ON articles.id = article_search.rowid
               WHERE article_search MATCH ?6 AND"#,
        "ORDER BY article_search.rowid DESC LIMIT ?7 + 0)
         ORDER BY score DESC, published_at DESC, id DESC LIMIT ?8 + 0 OFFSET ?9",
        query,
        called,
        expression,
        RANKED,
        limit,
        offset
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut hits = Vec::with_capacity(rows.len());
    for row in rows {
        // Asked for the hits of this page alone: FTS5 reads the whole text for a snippet.
        let snippet = sqlx::query_scalar!(
            r#"SELECT snippet(article_search, 1, '', '', '…', ?1) AS "snippet!: String"
               FROM article_search WHERE article_search MATCH ?2 AND rowid = ?3"#,
            SNIPPET_TOKENS,
            expression,
            row.id
        )
        .fetch_optional(&mut *conn)
        .await?;
        let snippet = one_line(&snippet.unwrap_or_default());
        hits.push(Hit { article_id: row.id, story_id: row.story_id, score: row.score, snippet });
    }
    Ok(hits)
}

async fn newest(conn: &mut SqliteConnection, query: &SearchQuery) -> Result<Vec<Hit>> {
    let called = called(conn, query.actor.as_deref()).await?;
    let rows = passing!(
        r#"SELECT id AS "id!: ArticleId", story_id AS "story_id!: StoryId", substr(text, 1, 200) AS "beginning!: String",
               length(text) > 200 AS "more!: bool"
           FROM articles WHERE"#,
        "ORDER BY published_at DESC, id DESC LIMIT ?6 + 0 OFFSET ?7",
        query,
        called,
        query.limit,
        query.offset
    )
    .fetch_all(conn)
    .await?;
    let hits = rows.into_iter().map(|row| Hit {
        article_id: row.id,
        story_id: row.story_id,
        score: 0.0,
        snippet: one_line(&row.beginning) + if row.more { "…" } else { "" },
    });
    Ok(hits.collect())
}

/// The folded names of whoever goes by `actor` somewhere: those with its words ("Rama" is in "Edi Rama"), and others
/// of one who goes by just that ("MEK") in the newest 20 articles, unless they say less ("Rama" for "Edi Rama"
/// could be another).
pub(super) async fn called(
    conn: &mut SqliteConnection,
    actor: Option<&str>,
) -> Result<Option<Json<Vec<String>>>> {
    let Some(actor) = actor.map(fold) else { return Ok(None) };
    let word = longest_word(&actor);
    let names = sqlx::query_scalar!(
        r#"SELECT folded AS "folded!: String" FROM name_words
           WHERE word = ?2 AND instr(' ' || folded || ' ', ' ' || ?1 || ' ')
           UNION
           SELECT other.folded
           FROM (SELECT article_id, position FROM actor_names WHERE folded = ?1 ORDER BY published_at DESC LIMIT 20) AS own
               CROSS JOIN actor_names AS other USING (article_id, position)
           WHERE NOT instr(' ' || ?1 || ' ', ' ' || other.folded || ' ')"#,
        actor,
        word
    )
    .fetch_all(conn)
    .await?;
    Ok(Some(Json(names)))
}

/// Of folded words the longest, which fewest names have.
fn longest_word(folded: &str) -> &str {
    folded.split(' ').max_by_key(|word| word.len()).unwrap_or_default()
}

/// Those of some articles that pass what a query asks for beside its words, with their stories.
pub async fn passing(
    conn: &mut SqliteConnection,
    query: &SearchQuery,
    candidates: &[ArticleId],
) -> Result<HashMap<ArticleId, StoryId>> {
    let called = called(conn, query.actor.as_deref()).await?;
    let rows = passing!(
        r#"SELECT articles.id AS "id!: ArticleId", story_id AS "story_id!: StoryId"
           FROM json_each(?6) CROSS JOIN articles INDEXED BY articles_facts ON articles.id = json_each.value WHERE"#,
        "",
        query,
        called,
        Json(candidates.to_vec())
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.story_id)).collect())
}

/// Meanings of articles, in the order of their numbers, from behind `after` on.
pub async fn vectors(
    conn: &mut SqliteConnection,
    after: ArticleId,
    limit: u32,
) -> Result<Vec<(ArticleId, Vec<f32>)>> {
    let rows = sqlx::query!(
        r#"SELECT article_id AS "id!: ArticleId", vector FROM vectors WHERE article_id > ? ORDER BY article_id LIMIT ?"#,
        after,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, vector(&row.vector))).collect())
}

/// Behind which number the last `count` vectors stand.
pub async fn vectors_before(conn: &mut SqliteConnection, count: usize) -> Result<ArticleId> {
    let before = sqlx::query_scalar!(
        r#"SELECT article_id AS "id!: ArticleId" FROM vectors ORDER BY article_id DESC LIMIT 1 OFFSET ?"#,
        Offset(count)
    )
    .fetch_optional(conn)
    .await?;
    Ok(before.unwrap_or(ArticleId(0)))
}

/// Headlines and names of the first actors of a guild's newest articles since a moment.
pub async fn recent(
    conn: &mut SqliteConnection,
    guild: GuildId,
    since: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<(String, Vec<String>)>> {
    let rows = sqlx::query!(
        r#"SELECT title AS "title!", (SELECT json_group_array(name ORDER BY position) FROM actors
                   WHERE article_id = articles.id AND position < 5) AS "actors!: Json<Vec<String>>"
           FROM articles
           WHERE published_at >= ?1 AND title IS NOT NULL AND EXISTS (
               SELECT 1 FROM entries CROSS JOIN guild_feeds ON guild_feeds.feed_id = entries.feed_id
               WHERE article_id = articles.id AND guild_id = ?2)
           ORDER BY published_at DESC, id DESC LIMIT ?3"#,
        At(since),
        guild,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.title, row.actors.0)).collect())
}

/// An actor as suggestions have it.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownActor {
    pub name: String,
    /// The folded names that it goes by, a line each.
    pub called: String,
}

/// The actors that are written about most, the first most.
pub async fn frequent_actors(conn: &mut SqliteConnection, limit: u32) -> Result<Vec<KnownActor>> {
    Ok(sqlx::query_as!(
        KnownActor,
        "SELECT name, called FROM known_actors ORDER BY articles DESC, folded LIMIT ?",
        limit
    )
    .fetch_all(conn)
    .await?)
}

/// Names of actors of a guild's news, one of whose names contains what was typed, the most written about first: of
/// those that are written about most, and after them of those a word of whose full name begins so.
pub async fn actor_names(
    conn: &mut SqliteConnection,
    guild: GuildId,
    frequent: &[KnownActor],
    typed: &str,
    limit: usize,
) -> Result<Vec<String>> {
    /// Names that begin so. Somebody types, and waits.
    const BEGIN_SO: u32 = 500;
    /// Of the one kind and of the other, names of which it is asked whether they are in the guild's news.
    const KNOWN: usize = 200;
    /// Of so many in one go: most are.
    const AT_ONCE: usize = 50;
    let typed = fold(typed);
    let fitting = frequent.iter().filter(|actor| actor.called.contains(&typed));
    let fitting: Vec<&str> = fitting.take(KNOWN).map(|actor| actor.name.as_str()).collect();
    let mut names = Vec::new();
    for some in fitting.chunks(AT_ONCE) {
        names.extend(named_in_guild(conn, guild, some, limit - names.len()).await?);
        if names.len() >= limit {
            break;
        }
    }
    if names.len() < limit && !typed.is_empty() {
        let most = Offset(KNOWN);
        let word = longest_word(&typed);
        let rarer = sqlx::query_scalar!(
            r#"SELECT name AS "name!: String"
               FROM (SELECT DISTINCT folded FROM name_words WHERE word >= ?1 AND word < ?1 || char(1114111) LIMIT ?2 + 0)
                   CROSS JOIN known_actors USING (folded)
               WHERE instr(called, ?3) ORDER BY articles DESC, folded LIMIT ?4 + 0"#,
            word,
            BEGIN_SO,
            typed,
            most
        )
        .fetch_all(&mut *conn)
        .await?;
        let rarer: Vec<&str> =
            rarer.iter().map(String::as_str).filter(|name| !fitting.contains(name)).collect();
        names.extend(named_in_guild(conn, guild, &rarer, limit - names.len()).await?);
    }
    Ok(names)
}

/// Those of some names of actors that the newest articles with that name, from feeds of a guild, give one: the first.
async fn named_in_guild(
    conn: &mut SqliteConnection,
    guild: GuildId,
    names: &[&str],
    limit: usize,
) -> Result<Vec<String>> {
    let folded: Vec<String> = names.iter().map(|name| fold(name)).collect();
    let found = sqlx::query_scalar!(
        r#"SELECT json_group_array(place) AS "places!: Json<Vec<usize>>" FROM (
               SELECT key AS place FROM json_each(?1) AS asked
               WHERE EXISTS (SELECT 1 FROM (SELECT article_id FROM actor_names WHERE folded = asked.value
                                            ORDER BY published_at DESC LIMIT ?2 + 0)
                                 CROSS JOIN entries USING (article_id) CROSS JOIN guild_feeds USING (feed_id)
                             WHERE guild_id = ?3)
               ORDER BY key LIMIT ?4 + 0)"#,
        Json(folded),
        NEWEST,
        guild,
        Offset(limit)
    )
    .fetch_one(conn)
    .await?;
    Ok(found.0.into_iter().filter_map(|place| names.get(place).map(|name| (*name).to_owned())).collect())
}

/// Names of outlets whose newest articles are from feeds of a guild too, and that contain what was typed, the busiest
/// first.
pub async fn outlets(
    conn: &mut SqliteConnection,
    guild: GuildId,
    typed: &str,
    limit: u32,
) -> Result<Vec<String>> {
    let typed = fold(typed);
    Ok(sqlx::query_scalar!(
        "SELECT name FROM known_outlets
         WHERE (instr(folded, ?1) OR ?1 = '')
           AND EXISTS (SELECT 1 FROM (SELECT id AS article_id FROM articles INDEXED BY articles_outlet
                                      WHERE outlet_folded = known_outlets.folded ORDER BY published_at DESC LIMIT ?2 + 0)
                           CROSS JOIN entries USING (article_id) CROSS JOIN guild_feeds USING (feed_id)
                       WHERE guild_id = ?3)
         ORDER BY articles DESC, folded LIMIT ?4 + 0",
        typed,
        NEWEST,
        guild,
        limit
    )
    .fetch_all(conn)
    .await?)
}

/// The words of a text, each a quoted FTS5 phrase: operators, columns, stars and quotes lose their
/// meaning, and "U.S." is the phrase "u s", as the index has it.
fn phrases(text: &str) -> Vec<String> {
    text.split(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '"')
        // FTS5 has no token for what is punctuation alone.
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(MAX_WORDS)
        .map(|word| format!("\"{}\"", word.chars().take(MAX_WORD_CHARS).collect::<String>()))
        .collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
