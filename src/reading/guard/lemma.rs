//! Base forms of English words: enough to know "took" in "had taken" and "nationalise" in "nationalisation".

use std::collections::HashMap;
use std::sync::LazyLock;

/// The base form of a word in lower case.
pub fn lemma(lower: &str) -> String {
    if let Some(base) = IRREGULAR.get(lower) {
        return (*base).to_owned();
    }
    let n = lower.chars().count();
    let cut = |ending: &str| lower.strip_suffix(ending).filter(|stem| stem.chars().count() >= 3);
    if n > 4 {
        if let Some(stem) = cut("ies").or_else(|| cut("ied")) {
            return format!("{stem}y");
        }
        if let Some(stem) = cut("ing").or_else(|| cut("ed")) {
            return undouble(stem);
        }
        if let Some(stem) = cut("sses") {
            return format!("{stem}ss");
        }
        if let Some(stem) =
            ["ches", "shes", "xes", "zes"].iter().find_map(|ending| cut(ending).map(|_| cut("es")))
        {
            return stem.unwrap_or(lower).to_owned();
        }
    }
    match cut("s") {
        Some(stem) if n > 3 && !lower.ends_with("ss") && !lower.ends_with("us") && !lower.ends_with("is") => {
            stem.trim_end_matches('e').to_owned()
        }
        _ => lower.trim_end_matches('e').to_owned(),
    }
}

/// "stopp" → "stop", "nationalis" as it is.
fn undouble(stem: &str) -> String {
    let mut last = stem.chars().rev();
    match (last.next(), last.next()) {
        (Some(a), Some(b)) if a == b && !matches!(a, 'l' | 's' | 'e' | 'z') => {
            stem[..stem.len() - a.len_utf8()].to_owned()
        }
        _ => stem.trim_end_matches('e').to_owned(),
    }
}

/// Whether a form is an irregular verb's.
pub fn irregular(lower: &str) -> bool {
    IRREGULAR.contains_key(lower) && !NOUNS.contains(&lower)
}

/// Whether two base forms may be of one word: equal, of one family, or one in meaning in the news.
pub fn alike(a: &str, b: &str) -> bool {
    a == b || related(a, b) || same_meaning(a, b)
}

/// "resign" and "resignation", "nation" and "national": a common beginning that is most of both.
pub fn related(a: &str, b: &str) -> bool {
    let common = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    common >= 5 && common * 10 >= a.len().max(b.len()) * 6
}

fn same_meaning(a: &str, b: &str) -> bool {
    meanings(a).iter().any(|group| meanings(b).contains(group))
}

/// Numbers of the groups of like meaning that a base form is in.
pub fn meanings(lemma: &str) -> &'static [usize] {
    GROUPS.get(lemma).map_or(&[], Vec::as_slice)
}

static GROUPS: LazyLock<HashMap<String, Vec<usize>>> = LazyLock::new(|| {
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, line) in SAME.iter().enumerate() {
        for word in line.split(' ') {
            groups.entry(lemma(word)).or_default().push(at);
        }
    }
    groups
});

/// Words that a summary of news puts for each other.
const SAME: &[&str] = &[
    "say tell announce declare state report add ask describe call claim answer reply cry shout",
    "die dead death kill killed lose fatal",
    "survive live alive save",
    "launch lift liftoff rise takeoff start begin open",
    "end finish stop cease conclude over",
    "raise hoist lift",
    "lower fall drop come",
    "leave depart quit go withdraw",
    "arrive come reach land touch",
    "resign quit step give",
    "sign put agree",
    "approve consent accept adopt pass",
    "search look seek hunt",
    "found set establish create make",
    "build make construct",
    "show reveal find",
    "buy purchase acquire take",
    "big large great huge vast",
    "hurt injure wound harm",
    "unhurt unharmed uninjured",
    "summit top peak",
    "climb ascend reach trodden",
    "ship vessel boat tanker steamer airship",
    "plane aircraft jet airliner",
    "near close",
    "prison jail imprison",
    "country nation state",
    "government cabinet administration",
    "destroy ruin wreck",
    "explode blow erupt burst explosion blast",
    "attack strike hit raid",
    "give get receive win award hand",
    "keep hold retain remain stay",
    "vote ballot elect election",
    "company firm",
    "dam barrage",
    "doctor physician medic",
    "cost price",
    "expect hope plan due",
    "need require must",
    "replace succeed follow",
    "teacher schoolteacher",
    "earth soil ground",
    "sweep wash carry",
    "money fund cash loan lend",
    "deal agreement agree settlement accord treaty pact",
    "talk negotiation negotiate negotiator",
    "person people man woman",
    "child kid pupil boy girl",
    "fuel petrol gas",
    "wife husband spouse marry",
    "reject refuse deny",
    "ban forbid prohibit bar",
    "sail steer ride",
    "clone copy grow grown",
    "weep cry wept",
    "soldier troop force army military",
    "inland valley",
    "release free",
    "postpone delay",
    "abandon yield",
    "escape flee survive",
    "murder kill assassinate shoot",
    "demand ask call request urge",
    "order command",
    "return give",
    "topple overthrow oust fall",
    "participate take",
    "investigate look inquire",
    "discover find",
    "collide crash strike",
    "call telephone phone ring",
    "repair mend fix restore cure",
    "appear come show turn",
    "visit come travel",
    "earn make gain",
    "prize purse award",
    "start launch found",
    "oppose resist fight",
    "help aid assist",
    "warn caution alert",
    "rescue save free",
    "hide conceal",
    "exhibit show display",
    "painting picture portrait",
    "invite ask",
    "criticise scold attack blame condemn",
    "accompany go join",
    "execute kill hang behead",
    "clemency mercy pardon",
    "flatten level raze",
    "erupt eruption",
    "forecast foretell predict warn",
    "orbit circle round",
    "host give",
    "penalty kick",
    "underground below",
    "flight trip voyage journey travel",
    "illness ill sick disease",
    "win beat defeat victory",
    "win carry take",
    "lead head run command",
    "think believe expect consider",
    "believe think suspect",
    "want wish seek hope",
    "choose elect pick select name appoint",
    "remove dismiss sack fire oust",
    "join enter",
    "trial case lawsuit",
    "judge court tribunal",
    "sentence condemn convict",
    "lawyer attorney counsel",
    "picture photograph photo image",
    "home house",
    "city town",
    "road street highway motorway",
    "rate level",
    "cut reduce lower halve",
    "double raise increase rise grow",
    "protest demonstrate demonstration rally",
    "shoot fire",
    "bomb explosive device",
    "quake earthquake tremor",
    "blaze fire flame",
    "storm hurricane gale",
    "rescue recover",
    "bury inter",
    "seize capture arrest detain catch",
    "release publish",
    "mistake error fault",
    "work job task",
    "speak talk speech address",
    "promise pledge vow guarantee swear",
    "threaten warn",
    "delay late",
    "examine study inspect test check",
    "prove show confirm demonstrate",
    "cause lead",
    "use employ",
    "try attempt",
    "scientist researcher scholar",
    "chief head leader boss director",
    "chairman president head",
    "captain skipper commander",
    "player team",
    "game match fight bout",
    "goalkeeper goal keeper",
    "border frontier",
    "rebel insurgent guerrilla",
    "gunman attacker",
    "hostage captive prisoner",
    "plan proposal scheme offer",
    "area region district",
    "injury wound",
    "evacuate fly leave",
    "movie film",
    "poll survey",
    "crew sailor",
];

/// Forms in the list below that are nouns as often.
const NOUNS: &[&str] =
    &["men", "women", "children", "people", "feet", "wives", "lives", "dead", "death", "left", "cost", "set"];

static IRREGULAR: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let mut forms = HashMap::new();
    for line in FORMS {
        let mut words = line.split(' ');
        let base = words.next().unwrap_or_default();
        words.for_each(|form| {
            forms.insert(form, base.trim_end_matches('e'));
        });
    }
    forms
});

/// A base form and its irregular forms.
const FORMS: &[&str] = &[
    "arise arose arisen",
    "beat beaten",
    "become became",
    "begin began begun",
    "bend bent",
    "bind bound",
    "bite bit bitten",
    "bleed bled",
    "blow blew blown",
    "break broke broken",
    "bring brought",
    "build built",
    "burn burnt",
    "burst burst",
    "buy bought",
    "cast cast",
    "catch caught",
    "choose chose chosen",
    "come came",
    "cost cost",
    "creep crept",
    "cut cut",
    "deal dealt",
    "dig dug",
    "do did done",
    "draw drew drawn",
    "drink drank drunk",
    "drive drove driven",
    "eat ate eaten",
    "fall fell fallen",
    "feed fed",
    "feel felt",
    "fight fought",
    "find found",
    "flee fled",
    "fly flew flown",
    "forbid forbade forbidden",
    "forget forgot forgotten",
    "freeze froze frozen",
    "get got gotten",
    "give gave given",
    "go went gone",
    "grow grew grown",
    "hang hung",
    "have had",
    "hear heard",
    "hide hid hidden",
    "hit hit",
    "hold held",
    "hurt hurt",
    "keep kept",
    "know knew known",
    "lay laid",
    "lead led",
    "let let",
    "lend lent",
    "lie lay lain",
    "light lit",
    "lose lost",
    "make made",
    "man men",
    "woman women",
    "child children",
    "foot feet",
    "mean meant",
    "meet met",
    "pay paid",
    "put put",
    "quit quit",
    "read read",
    "ride rode ridden",
    "ring rang rung",
    "rise rose risen",
    "run ran",
    "say said",
    "see saw seen",
    "seek sought",
    "sell sold",
    "send sent",
    "set set",
    "shake shook shaken",
    "shine shone",
    "shoot shot",
    "show shown",
    "shrink shrank shrunk",
    "shut shut",
    "sing sang sung",
    "sink sank sunk",
    "sit sat",
    "sleep slept",
    "speak spoke spoken",
    "spend spent",
    "split split",
    "spread spread",
    "stand stood",
    "steal stole stolen",
    "stick stuck",
    "strike struck",
    "swear swore sworn",
    "sweep swept",
    "swim swam swum",
    "swing swung",
    "take took taken",
    "teach taught",
    "tear tore torn",
    "try tried tries",
    "cry cried cries",
    "dry dried dries",
    "spy spied",
    "tell told",
    "think thought",
    "throw threw thrown",
    "tread trod trodden",
    "understand understood",
    "wake woke woken",
    "wear wore worn",
    "weep wept",
    "win won",
    "withdraw withdrew withdrawn",
    "write wrote written",
    "overthrow overthrew overthrown",
    "die died dying",
    "lie lying",
    "life lives",
    "wife wives",
    "begin beginning",
    "leave left",
    "undertake undertook undertaken",
    "dead dead",
];
