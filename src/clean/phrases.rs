//! Whole paragraphs that are known by their words: prompts, credits, notices.
//!
//! Every pattern is about the paragraph as a whole, and each has a greatest length, so that a sentence
//! that merely mentions a newsletter or a copyright stays. Mostly English; the commonest forms of
//! German, French and Spanish pages.

use std::collections::HashSet;
use std::sync::LazyLock;

use regex::Regex;

use super::shape;

/// Why a paragraph is not part of the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Residue {
    /// A prompt to comment, a counter of comments: what follows at the end of a page is comments.
    Comments,
    Share,
    Newsletter,
    Paywall,
    /// "Read more: …": one link.
    Related,
    /// "Related stories": the headlines below it belong to it.
    RelatedHeading,
    Caption,
    Byline,
    Date,
    Navigation,
    Bio,
    Copyright,
    Advert,
    Tags,
    FirstAppeared,
    Poll,
    /// A headline or first words of another story.
    Teaser,
    /// The headline again, or a paragraph twice.
    Repeat,
}

/// Where in the page a pattern is to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Zone {
    Anywhere,
    /// Before the first or after the last paragraph of prose.
    Ends,
}

struct Pattern {
    residue: Residue,
    zone: Zone,
    /// A longer paragraph is not meant.
    max_words: usize,
    regex: Regex,
}

/// The residue that a paragraph is by its words, if any; `at_end`: it lies before or after all prose.
pub(super) fn classify(line: &str, at_end: bool) -> Option<Residue> {
    let bare = line.trim_matches(|c: char| c.is_whitespace() || "()[]{}*_|•·»›>–—-→▶►✓✉☛#".contains(c));
    let words = shape::word_count(line);
    if words == 0 || (at_end && is_address(line)) {
        return Some(Residue::Navigation);
    }
    // What a person says is never residue, whatever the words.
    if shape::starts_with_quote(line) {
        return None;
    }
    if is_share_bar(bare, words) {
        return Some(Residue::Share);
    }
    if is_hashtags(line) {
        return Some(Residue::Tags);
    }
    if is_date(bare, at_end) {
        return Some(Residue::Date);
    }
    if is_breadcrumb(line, words) {
        return Some(Residue::Navigation);
    }
    PATTERNS
        .iter()
        .find(|pattern| {
            words <= pattern.max_words
                && (at_end || pattern.zone == Zone::Anywhere)
                && (pattern.regex.is_match(bare) || pattern.regex.is_match(line))
        })
        .map(|pattern| pattern.residue)
}

/// Residue, where it is believed, the greatest number of words, the pattern (case-insensitive).
#[rustfmt::skip]
const TABLE: &[(Residue, Zone, usize, &str)] = {
    use Residue::*;
    use Zone::*;
    &[
        (Comments, Anywhere, 8, r"^(leave|post|write|add|submit)( us)?( a| your)? ?(new )?(comments?|reply|response)\b"),
        (Comments, Anywhere, 7, r"^(view |show |read |see |hide |load )?(all |more )?(the )?(\d+ )?(reader )?comments?( \(?\d+\)?)?( so far)?[:.]?$"),
        (Comments, Anywhere, 12, r"^(no|one|two|\d+) (comments?|repl(y|ies)|responses?|thoughts?)( on .*| to .*| yet)?$"),
        (Comments, Anywhere, 14, r"^((join|start) the (conversation|discussion|debate)|be the first to (comment|reply)|comments (are|have been|for this .* are) (now )?(closed|disabled|off|turned off))"),
        (Comments, Anywhere, 30, r"^((you must|you need to|please|to comment).{0,40}(log(ged)? ?in|sign(ed)? ?in|register).{0,60}(comment|reply|to post)|(log|sign) in to (comment|reply|leave))"),
        (Comments, Anywhere, 40, r"your e-?mail address will not be published|^required fields are marked|^save my name, e-?mail|^cancel reply$|^notify me of (new|follow-?up)|^this site uses akismet"),
        (Comments, Anywhere, 8, r"^(kommentar(e|ieren)?( schreiben| verfassen| hinterlassen| abgeben)?|schreiben? (sie )?einen kommentar|keine kommentare|(noch )?keine kommentare( vorhanden)?|\d+ kommentare?|kommentare? \(?\d+\)?|kommentare insgesamt:? ?\d*)$"),
        (Comments, Anywhere, 8, r"^(laisser un commentaire|(\d+ )?commentaires?|répondre|dejar? un comentario|(\d+ )?comentarios?|deja una respuesta)$"),
        (Share, Anywhere, 14, r"^(share|tweet|pin|spread the word|click to (share|tweet|email|print)|sharing is caring|teilen( sie| mit)?|partager( sur)?|compartir( en)?|den artikel (mit anderen )?teilen)\b.{0,12}( (this|on|via|the|in|auf|sur|en|mit) .*)?[:!]?$"),
        (Bio, Ends, 40, r"^(follow|contact|e-?mail|reach) (him|her|them)\b"),
        (Share, Anywhere, 45, r"^(follow|like|find|join|connect with|add|folgen sie|liken sie|besuchen sie|suivez|síguenos|stay connected)\b.{0,80}\b(facebook|twitter|instagram|telegram|whatsapp|linkedin|youtube|tiktok|mastodon|bluesky|google news|social media|threads|rss)\b"),
        (Share, Ends, 6, r"^follow (us|me|@?\w+)[:.!]?$|^gefällt mir:?|^like this:?$|^wird geladen|^loading\b"),
        (Newsletter, Anywhere, 60, r"^(want|don[’']t miss|never miss|stay (informed|up to date|on top|in the know|ahead)|keep up|be the first|do you want to be informed)\b.{0,200}(sign ?up|subscribe|newsletter|inbox|e-?mail|by signing|alerts)"),
        (Newsletter, Anywhere, 45, r"^(please )?(sign ?up|subscribe|get|receive|enter|register|join)\b.{0,160}\b(newsletters?|inbox|e-?mail|daily edition|mailing list|news alerts|breaking news|top stories|best of|push notifications)\b"),
        (Newsletter, Anywhere, 7, r"^(our |the |free |daily |weekly )*([\p{L}.&’']+ ){0,4}(newsletters?|newsletter sign-?up)[:!]?$"),
        (Newsletter, Anywhere, 60, r"^(thank(s| you) for (signing up|subscribing)|by (signing up|subscribing|submitting|entering|clicking)|you can unsubscribe|please enter a valid|mit (unserem|dem) newsletter|(zum )?newsletter (anmelden|abonnieren|bestellen)|zum newsletter|inscrivez-vous|abonnez-vous|suscríbete|suscríbase|sign me up|free sign up|(sign ?up|subscribe)( now| today)?: )"),
        (Newsletter, Anywhere, 70, r"^((we|this (web)?site|this page|our (web)?site|wir|diese (web)?seite) (also )?(uses?|verwende[nt]|nutz(t|en)) (cookies|.{0,30}cookies)|accept (all )?cookies|cookie (policy|settings|preferences|consent|notice)|by (continuing|using) (to|this|our)|manage (cookies|consent|preferences)|um deine persönlichen daten zu schützen|mit der registrierung akzeptieren)"),
        (Newsletter, Anywhere, 45, r"^((for the latest .{0,60})?download (the|our) .{0,60}\bapp\b|get (the|our) .{0,40}\bapp\b)"),
        (Paywall, Anywhere, 70, r"^.{0,160}(to (continue|keep) reading|to (read|view|access) (the |this )?(full|rest of (the|this)|entire|complete|remaining)|subscribe (now |today )?(to|for) (read|the full|full|unlimited|access|our|continue)|already (a|an|have an?) (subscriber|subscription|member|account)|for (paid )?subscribers only|(article|story|content) is (only )?(for|available to|exclusive to|reserved for) .{0,20}(subscribers|members)|log ?in (to|for) (read|continue|immediate|full)|unlock (this|the) (full |rest of the )?(article|story)|you(’|')?(ve| have) (reached your|read \d+|used|\d+ free)|start your (free )?(trial|subscription)|already subscribed\?|pour lire la suite|(article |contenu )?réservé aux abonnés|pour accéder en illimité|nur für abonnenten|weiterlesen mit|read full article \+)"),
        (Paywall, Ends, 40, r"^(subscribe( now)?|become a (member|subscriber)|choose (a|your) (plan|subscription)|you can choose a|first-time subscribers|when you join)\b"),
        (Related, Anywhere, 40, r"^(read|read more|read also|also read|read next|read this|more|see also|see more|see|related|related (article|story|post|read|news|video|content)|recommended|watch|watch also|listen|don[’']t miss|must[- ]read|explained|explainer|opinion|in pictures|from the archives?|join the conversation|full (story|coverage)|up next|lesen sie( auch| hier| mehr| dazu)?|lies auch|auch interessant|mehr zum thema|mehr dazu|à lire( aussi)?|lire aussi|voir aussi|lea|lea (también|más)|lee (también|más)|te puede interesar|leggi anche|lees ook|leia (também|mais)|читайте также|czytaj (też|także))\s*[:|»›>–—]\s*\S"),
        (Related, Anywhere, 40, r"^(à lire aussi|lesen sie (auch|hier|dazu|mehr)|auch interessant|das könnte (sie|dich) auch interessieren|lea también)\b"),
        (Related, Anywhere, 12, r"^(read|see|watch|view|find out|learn|click|tap|listen to|continue)( the| our| on| for| here)*( more| all| full| original| next| complete| entire| here| reading)\b.{0,60}$"),
        (Related, Anywhere, 30, r"^(click|tap|go) here (to|for)\b|^(read|see) (the )?(full|original|complete) (story|article|report|post|coverage|list)\b|^this is a (developing|breaking) (news )?story\b|^more (to follow|details to follow|soon)\b"),
        (RelatedHeading, Anywhere, 9, r"^((read|see) (more|also|next)|also read|see also|(you )?(may|might) (also )?(like|be interested)( in)?|you (may|might|will|'ll|’ll) (also |want to )*(like|love|enjoy|read|be interested in).*|related( (articles?|stories|story|posts?|news|content|topics?|coverage|links?|reading|items|videos?|searches))?( and .*| from .*)?|similar (articles|stories|posts|news)|recommended( for you| reading| stories| articles| videos)?|more (stories|news|articles|posts|coverage|headlines|top stories|reading)( .*)?|more (from|on|about|in) .*|(editors?[’']?s?|our|top) picks?( for you)?|trending( now| stories| topics| news)?|(the )?most (read|popular|viewed|shared|commented|discussed|recent)( .*)?|popular( (now|stories|posts|articles|news|today))?|latest( (news|stories|headlines|posts|articles|updates|videos))?|recent( (news|stories|posts|articles|comments))|top (stories|news|headlines|videos)( .*)?|other (stories|news|articles)( .*)?|in other news|in case you missed it|icymi|up next|elsewhere( on .*)?|keep reading|next (article|story|up|post)|previous (article|story|post)|today[’']s (headlines|top stories)|featured( stories| articles| news| video)?|around the web|from (the|our) (web|partners|around the web)|promoted stories|sponsored (stories|links)|what to read next|don[’']t miss|must[- ]reads?|read on|further reading|discover more)[:.…]*$"),
        (RelatedHeading, Anywhere, 10, r"^(lesen sie auch|auch interessant|schon gelesen\??|mehr zum thema|mehr aus .*|zum thema|weitere (artikel|themen|meldungen|nachrichten|beiträge|news)( .*)?|das könnte (sie|dich|ihnen) .*|diese artikel könnten .*|das thema könnte .*|ähnliche (artikel|beiträge)|meistgelesen.*|top[- ]?(news|themen|artikel)|verwandte (artikel|themen|beiträge)|à lire( aussi)?|lire aussi|sur le même (sujet|thème)|vous aimerez aussi|dernières news.*|contenido relacionado|te puede interesar|noticias relacionadas|más (noticias|leídas)|articoli correlati|lees ook)[:.…]*$"),
        (Copyright, Anywhere, 60, r"^(©|\(c\)) ?(copyright )?\d{4}"),
        (Caption, Anywhere, 60, r"^(file )?(photo(graph)?s?|images?|pictures?|pics?|fotos?|bild(er)?|illustrations?|graphics?|grafik|video|footage|beitragsbild|titelbild|symbolbild|archivbild|featured image|header image|image illustrative|credits?|caption)( (credits?|source|courtesy|caption|rights|via|by|from|of|copyright|provided by|taken by|for illustration|quelle))*\s*[:/©|]\s*\S.{0,300}$"),
        (Caption, Anywhere, 30, r"^(file )?(photo(graph)?s?|images?|pictures?|illustrations?|cover (photo|image)) (credit|courtesy|copyright|provided|used|by|via)\b"),
        (Caption, Anywhere, 60, r"(?-i:\b(AP Photo|AFP Photo|AFP PHOTO|EPA Photo|Photo by|Photograph by|Photo credit|Image credit|Photo courtesy|File photo|FILE PHOTO|Photo: |Foto: |Image: |Picture: |Credit: )|(/ ?|via )(AP|AFP|Reuters|REUTERS|Getty Images|Getty|EPA|EPA-EFE|Shutterstock|iStock|iStockphoto|dpa|Bloomberg|Xinhua|Anadolu( Agency)?|Alamy( Stock Photo)?|PA|PA Wire|Unsplash|Pexels|Handout|Pool|Library of Congress|NASA|Wikimedia( Commons)?|Flickr)\)?\.?$|^(REUTERS|AP|AFP|EPA|NASA)/[A-Z][\p{L}. -]+$|\(Archiv(bild|foto)\)$)"),
        (Caption, Anywhere, 14, r"^(crédits? photos?\b|crédito:|photos?\s*[:/|]|©)\s*[:/|]?\s*\S+"),
        (Caption, Anywhere, 5, r"^(file|file photo|file image|representational image|representative image|hide caption|toggle caption|enlarge( this)? image|bild (anzeigen|schließen|vergrößern)|vergrößern|view (gallery|image|photos?)|open image|click to enlarge|image source)$"),
        (Byline, Anywhere, 45, r"^(additional )?(reporting|report|writing|editing|compiled|edited|translated) by\b.{0,60}[\p{Lu}]|^with (inputs?|files|reporting|additional reporting|contributions?) (from|by)\b|^contributed (reporting|to this report)|contributed (reporting )?to this (report|story|article)\.?$|^our standards: the"),
        (Byline, Anywhere, 14, r"^(?-i:(By|BY|Written by|Words by|Story by|Reported by|Posted by|Published by|Author|Text|Written By|Words)(:| )\s*:?\s*(the )?\p{Lu}[\p{L}.’'-]+( (and|&|de|van|von|of|for|in|the|\||/|-|–)|[,;]? \(?@?\p{Lu}[\p{L}.’')&-]*)*)[.,]?( \S+@\S+)?( \w+ \d{1,2},? \d{4}.*)?$"),
        (Byline, Ends, 8, r"^(?-i:(Von|Par|Por|Di|Autor|Autorin|Fuente|Quelle|Text|VON)(:| )\s*:?\s*\p{Lu}[\p{L}.’'-]+( (und|et|y|e|de|von|/|-)|,? \p{Lu}[\p{L}.’'-]*)*)$"),
        (Byline, Ends, 3, r"^(?-i:AP|AFP|Reuters|REUTERS|dpa|DPA|Agencies|Agence France-Presse|Associated Press|UPI|PTI|ANI|IANS|Xinhua|Web Desk|News Desk|Staff (R|r)eporter|Staff (W|w)riter|Editorial (B|b)oard|TASS|Bernama)$"),
        (Date, Anywhere, 14, r"^(first )?(published|updated|posted|last (updated|modified|edited)|release date|news date|modified|veröffentlicht( am)?|aktualisiert( am)?|letzte (änderung|aktualisierung)|stand|publié le|mis à jour|publicado( el)?|actualizado)\b[^.!?]{0,12}\d[^.!?]{0,50}$"),
        (Navigation, Anywhere, 6, r"^(loading|please wait|play|pause|close|menu|search|skip to (main )?content|back to (top|home|the top)|top|toggle navigation|log ?in|sign in|register|subscribe( now)?|print( this)?( page| article)?|gallery|next|previous|expand|collapse|share|copied|copy link|watch live|listen( to (this )?(article|story))?|table of contents|contents|inhaltsverzeichnis|inhalt|weiterlesen|zurück( zur .*)?|nach oben|nächste seite|go to homepage|view comments|show more|load more|read more|see all|view all|more|open in app|my account|contact us|about us|permalink|permalien|imprimer( cette page)?)[.!…:]*$"),
        (Navigation, Anywhere, 8, r"^(you are here|sie sind hier|vous êtes ici)\b|^\d+ min(ute)?s? (read|listen|watch)$|^(reading|read) time:? \d+|^(lesezeit|temps de lecture)\b"),
        (Navigation, Anywhere, 30, r"^((please )?(enable|turn on|activate) (javascript|cookies)|(your browser|javascript) (does not|is (disabled|required|not))|this (video|file|content|audio) (can ?not|can[’']t|is not|could not) (be )?(played|available|loaded|displayed)|the media could not be loaded|we[’']re sorry, (this|but)|sorry, your browser)"),
        (Navigation, Ends, 8, r"^(home|news|world|politics|business|sports?|opinion|culture|startseite|accueil|inicio)( ?[|/>»›] ?\S.*)+$"),
        (Bio, Ends, 7, r"^(about|more about|meet) the (authors?|writer|reporter)s?[:.]?$|^(über|zum|zur) (den |die )?autor(in)?\b.*$|^author( bio)?:?$"),
        (Bio, Ends, 40, r"^(follow|contact|e-?mail|reach|write to) (him|her|them|me|\p{Lu}[\p{L}.’'-]+( \p{Lu}[\p{L}.’'-]+)?)\b.{0,20}(on|at|via)?.{0,40}(@|twitter|e-?mail|mastodon|bluesky)|^(he|she|they) (can be reached|tweets|is on twitter|blogs at)|can be reached (at|by|via)|^puede escribirnos"),
        (Copyright, Anywhere, 60, r"^(©|\(c\) ?(copyright )?\d{4}|copyright( ©|:| \(c\)| \d| by\b|$)|℗)|all rights reserved\.?|^(this|the) (material|content|article) (may not be (published|reproduced)|is the copyrighted)|^(no part of this|written permission|reprinting|reproduction (in whole|without))|^sofern nicht anders ausgewiesen|is licensed under a creative commons"),
        (Advert, Anywhere, 8, r"^(advertisements?|advertising|ad|ads|adverts?|sponsored( content| post| message)?( by .*)?|ads by .*|promoted( content)?|promotion|paid (content|post)|partner content|anzeigen?|werbung|publicité|publicidad|pubblicità|remove ads)[:.]?$"),
        (Advert, Anywhere, 12, r"^((story|article|content|text) continues (below|after|under)|scroll (down )?to (continue|read)|continue reading below|advertisement\b|\(?advertisement\)?|nach der anzeige|externer inhalt)"),
        (Advert, Anywhere, 60, r"^(\W*(we|[\p{L} ]{3,30}) (may|might) (earn|receive|get|collect) (a |an )?(small )?(affiliate )?(commissions?|compensation)|this (post|article|page|story|site) (contains|may contain|includes) (affiliate|references|links)|(some|products?|links?) .{0,60}affiliate|as an amazon associate|when you (buy|purchase) (through|via)|we recommend the best products|\W*werbung\W|bei den verlinkungen handelt)"),
        (Tags, Anywhere, 40, r"^(tags?|topics?|filed under|categor(y|ies)|keywords?|posted in|posted under|tagged( (with|in|as))?|labels?|schlagw(ort|örter|orte)|schlagworte|stichworte|themen|kategorien?|mots[- ]clés|étiquettes|etiquetas|temas|in this story|more on this)\s*[:：]"),
        (Tags, Anywhere, 3, r"^(tags?|topics|keywords|filed under|schlagworte|in this story)$"),
        (FirstAppeared, Anywhere, 60, r"^(this|the|a version of this|an earlier version of this|portions of this) (article|story|post|piece|report|essay|column|interview|content|text|op-ed|commentary|dispatch|excerpt|blog post|transcript)?\s?(was |is |has |have )?(been )?(first |originally |previously |also |initially |re)*(appeared|appears|published|republished|posted|produced|featured|reproduced|ran|run|syndicated|co-published|translated)\b"),
        (FirstAppeared, Anywhere, 30, r"^((first|originally|previously) (published|appeared|posted) (by|in|on|at|as)|republished (from|with)|the post .{3,200} (appeared first|first appeared) on|dieser (artikel|text|beitrag|eintrag) (ist|erschien|wurde) )"),
        (Poll, Anywhere, 40, r"^(vote( now| here| below)?$|take (our|the|this) (poll|survey|quiz)|poll: |cast your vote|(have your say|what(’s| is) your (view|take|opinion)|what do you think)\b.{0,80}$|tell us (what|your|in the comments)|let us know (what|in|your|your thoughts)|we (want|would love|[’']d love) to hear (from you|what you)|(submit|send) (us )?(a|your) (letters?|tips?|story|stories|comments|feedback|photos)|got a (tip|story|question|confidential)|do you have (a|any|an) (tip|story|news|question|information)|have (a|an|you got a) (tip|story)|give us (your )?feedback|was this (article|page|story|information) (helpful|useful)|rate this|how would you rate|bewerten:?$|abstimmen$)"),
        (Poll, Ends, 60, r"^(please (consider )?(donat|support|mak(e|ing) a)|support (our|us|independent|quality|local|this|real) |donate( now| today| here)?\b|if you (enjoyed|liked|like|enjoy|found|value|appreciate)\b.{0,40}(this|our|reading)|help (us|keep)|while you are here|become a (supporter|patron)|buy (us|me) a coffee|apoya el |tú también puedes)"),
    ]
};

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    TABLE
        .iter()
        .map(|(residue, zone, max_words, source)| Pattern {
            residue: *residue,
            zone: *zone,
            max_words: *max_words,
            regex: Regex::new(&format!("(?i){source}"))
                .expect("constant patterns, all compiled by the tests"),
        })
        .collect()
});

/// An e-mail or web address, or a handle, and nothing else.
fn is_address(line: &str) -> bool {
    let mut words = line.split_whitespace();
    match (words.next(), words.next()) {
        (Some(word), None) => {
            word.starts_with("http://")
                || word.starts_with("https://")
                || word.starts_with("www.")
                || (word.starts_with('@') && word.len() > 2)
                || (word.contains('@') && word.contains('.') && !word.ends_with('.'))
        }
        _ => false,
    }
}

fn is_hashtags(line: &str) -> bool {
    let mut words = line.split_whitespace().peekable();
    words.peek().is_some() && words.all(|word| word.starts_with('#') && word.len() > 2)
}

static SHARE_NAMES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "share tweet facebook twitter whatsapp linkedin reddit pinterest telegram flipboard messenger \
    instagram youtube tumblr skype bluesky mastodon threads tiktok teilen twittern mailen drucken \
    partager imprimer compartir xing threema email print pocket"
        .split(' ')
        .collect()
});
static SHARE_FILLERS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "this article story post on via to e mail x copy link copied like save google news sms icon whats \
    app and by in with or send us follow more comments comment bookmark listen url plus auf per mit \
    sur en le shares rss"
        .split(' ')
        .collect()
});

/// Nothing but the names of places to share to.
fn is_share_bar(line: &str, words: usize) -> bool {
    words <= 20 && {
        let lower = line.to_lowercase();
        let mut named = false;
        let all = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).all(|word| {
            let name = SHARE_NAMES.contains(word);
            named |= name;
            name || SHARE_FILLERS.contains(word) || word.chars().all(|c| c.is_ascii_digit())
        });
        all && named
    }
}

static DATE_WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "january february march april may june july august september october november december jan feb \
    mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday \
    sunday mon tue tues wed thu thur thurs fri sat sun januar februar märz mai juni juli oktober \
    dezember montag dienstag mittwoch donnerstag freitag samstag sonntag janvier février mars avril \
    juin juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi vendredi samedi \
    dimanche enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre \
    diciembre today yesterday"
        .split(' ')
        .collect()
});
static DATE_FILLERS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "published updated posted last first modified on at date a p m am pm gmt utc est edt et pst pdt \
    pt ist bst cet cest z uhr ago hour hours hrs minute minutes min mins day days week weeks read of \
    the um den le à el de stand vor stunden tagen h and time local issued created il y"
        .split(' ')
        .collect()
});

/// A date or a time and nothing else. Between prose only with a clock time: "April 1912" may head a section.
fn is_date(line: &str, at_end: bool) -> bool {
    if line.starts_with('+') {
        return false;
    }
    let lower = line.to_lowercase();
    let (mut numbers, mut names, mut tokens, mut ago) = (0, 0, 0, false);
    for token in lower.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()) {
        tokens += 1;
        if tokens > 18 {
            return false;
        }
        let digits = token.trim_end_matches(|c: char| c.is_alphabetic());
        let suffix = &token[digits.len()..];
        if !digits.is_empty()
            && digits.len() <= 4
            && digits.bytes().all(|b| b.is_ascii_digit())
            && ["", "st", "nd", "rd", "th", "am", "pm", "h", "z", "t"].contains(&suffix)
        {
            numbers += 1;
        } else if DATE_WORDS.contains(token) {
            names += 1;
        } else if DATE_FILLERS.contains(token) {
            ago |= token == "ago" || token == "vor";
        } else {
            return false;
        }
    }
    let clock = numbers >= 3 && line.contains(':');
    let full = (numbers >= 2 && names >= 1) || numbers >= 3 || (numbers >= 1 && ago);
    full && (at_end || clock || ago) || (at_end && numbers >= 1 && names >= 2)
}

/// "Home > World > Europe".
fn is_breadcrumb(line: &str, words: usize) -> bool {
    if words > 16 || shape::ends_sentence(line) {
        return false;
    }
    let pieces: Vec<&str> =
        line.split(['>', '»', '›', '→']).map(str::trim).filter(|piece| !piece.is_empty()).collect();
    pieces.len() >= 3 && pieces.iter().all(|piece| shape::word_count(piece) <= 6)
        || pieces.len() == 2 && shape::word_count(pieces[0]) <= 3 && shape::word_count(pieces[1]) <= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[rustfmt::skip]
    fn residue_is_known_by_its_words() {
        use Residue::*;
        let cases: &[(Residue, &[&str])] = &[
            (
                Comments,
                &[
                    "Leave a Comment",
                    "Leave a reply",
                    "12 Comments",
                    "Comments (3)",
                    "No comments yet",
                    "Join the conversation",
                    "Post your comment",
                    "You must be logged in to post a comment.",
                    "Schreiben Sie einen Kommentar",
                ],
            ),
            (
                Share,
                &[
                    "Share",
                    "Share this article",
                    "Facebook Twitter WhatsApp",
                    "Share on Facebook",
                    "Follow us on Twitter and Instagram",
                    "Teilen mit:",
                ],
            ),
            (
                Newsletter,
                &[
                    "Sign up for our daily newsletter",
                    "Sign up: the week at sea, free by post.",
                    "Get the Morning Chronicle’s Daily Edition by email and never miss our top stories",
                    "Subscribe to receive the best of the week in your inbox",
                    "We use cookies to improve your experience.",
                    "Chronicle Newsletter",
                    "Download our app for the latest stories",
                ],
            ),
            (
                Paywall,
                &[
                    "To continue reading, please subscribe.",
                    "Already a subscriber? Log in",
                    "This article is for subscribers only",
                    "Subscribe now to read the full story.",
                ],
            ),
            (
                Related,
                &[
                    "Read more: The long road to the Suez canal",
                    "ALSO READ | Why the airship burned",
                    "Read more…",
                    "Click here to see the pictures",
                    "(Read also: The men of the Endurance)",
                    "Lea también: El canal de Panamá",
                ],
            ),
            (
                RelatedHeading,
                &[
                    "Related stories",
                    "Also read:",
                    "More from this section",
                    "Most read",
                    "You may also like",
                    "In other news",
                    "Trending now",
                ],
            ),
            (
                Caption,
                &[
                    "Photo: Library of Congress",
                    "The airship over Lakehurst, New Jersey. (AP Photo/Murray Becker)",
                    "Image credit: NASA",
                    "Crowds at the Brandenburg Gate on November 10. Getty Images/Pool",
                    "A page of the treaty / AFP",
                    "© Bettmann",
                ],
            ),
            (
                Byline,
                &[
                    "By Nellie Bly",
                    "By Carl Bernstein and Bob Woodward",
                    "Reporting by Walter Cronkite in Houston; Editing by Eric Sevareid",
                    "Written by: Ida Tarbell",
                    "With inputs from agencies",
                    "(Additional reporting by Ernie Pyle)",
                ],
            ),
            (
                Date,
                &[
                    "Published: July 21, 1969 at 3:56 am",
                    "April 15, 1912",
                    "Updated 3 hours ago",
                    "Monday 10 November 1989, 11:30 GMT",
                    "07.09.2022 14:30 Uhr",
                ],
            ),
            (
                Navigation,
                &[
                    "Home > World > Europe",
                    "Skip to main content",
                    "5 min read",
                    "https://example.org/a",
                    "* * *",
                    "@nasa",
                    "editor@example.org",
                ],
            ),
            (Bio, &["About the author", "Follow her on Twitter @nelliebly"]),
            (
                Copyright,
                &["© 1969 The Chronicle", "Copyright 1912. All rights reserved.", "All rights reserved."],
            ),
            (
                Advert,
                &["Advertisement", "ADVERTISEMENT", "Story continues below", "Sponsored content", "Anzeige"],
            ),
            (Tags, &["Tags: space, moon, Apollo", "Filed under: History", "#moon #apollo11"]),
            (
                FirstAppeared,
                &[
                    "This article first appeared in the Chronicle.",
                    "The post Moon landing appeared first on Chronicle.",
                    "Originally published by the Chronicle in 1969",
                ],
            ),
            (Poll, &["What do you think?", "Take our poll", "Have your say in the comments", "Got a tip?"]),
        ];
        for (expected, lines) in cases {
            for line in *lines {
                assert_eq!(classify(line, true), Some(*expected), "{line}");
            }
        }
    }

    #[test]
    fn prose_that_mentions_such_things_stays() {
        let lines = [
            "The newspaper asked its readers to sign up for military service in a newsletter of 1914.",
            "Comments by the chancellor on the treaty alarmed the delegates of the smaller states.",
            "Share prices collapsed on Thursday, and thirteen million shares changed hands before the close.",
            "Related families were allowed to cross the border after four hours of waiting.",
            "“Leave a comment if you must,” the editor told them.",
            "Read the treaty and weep, the foreign minister advised.",
            "By Friday the ice had closed around the ship.",
            "Photography was still young when the bridge was built, and few plates survive.",
            "On April 15, 1912, the ship went down.",
            "Copyright law was extended in 1710 by the Statute of Anne, the first of its kind.",
            "Most readers knew the name from the trial.",
            "He was 84.",
            "Watch makers left the city after the edict.",
            "More than 1,500 people died.",
            "Support for the strike grew in the shipyards.",
            "Video recordings of the landing were erased.",
        ];
        for line in lines {
            assert_eq!(classify(line, true), None, "{line}");
        }
    }

    #[test]
    fn a_date_may_head_a_section() {
        assert_eq!(classify("April 15, 1912", false), None);
        assert_eq!(classify("July 21, 1969, 3:56", false), Some(Residue::Date));
    }
}
