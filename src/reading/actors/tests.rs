//! Events of history told as news, and what of them must be found.

use std::path::Path;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::*;
use crate::domain::{Actor, ActorKind};
use crate::reading::Reader;

/// One for all tests: it holds the encoder.
static READER: LazyLock<Mutex<Reader>> =
    LazyLock::new(|| Mutex::new(Reader::load(Path::new("models")).unwrap()));

fn find(document: &Document) -> Vec<Mention> {
    READER.lock().unwrap_or_else(PoisonError::into_inner).mentions(document).unwrap()
}

/// `Nelson Mandela/P` for every mention, in order.
pub fn found(text: &str) -> Vec<String> {
    let document = Document::new(text, None);
    let name = |mention: &Mention| format!("{}/{}", document.slice(mention.span), letter(mention.kind));
    find(&document).iter().map(name).collect()
}

fn letter(kind: ActorKind) -> char {
    match kind {
        ActorKind::Person => 'P',
        ActorKind::Organization => 'O',
        ActorKind::Place => 'L',
    }
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let expected: Vec<&str> = expected.split(" | ").filter(|name| !name.is_empty()).collect();
    assert_eq!(found(text), expected, "in {text:?}");
}

/// Which names of a text share an entity: every entity once, names joined by " = ".
fn joined(text: &str) -> Vec<String> {
    let document = Document::new(text, None);
    let mut entities: Vec<Vec<String>> = Vec::new();
    for mention in find(&document) {
        let name = document.slice(mention.span).to_owned();
        if entities.len() <= mention.actor {
            entities.resize(mention.actor + 1, Vec::new());
        }
        entities[mention.actor].push(name);
    }
    entities.iter().map(|names| names.join(" = ")).collect()
}

fn actors_of(document: &Document) -> Vec<Actor> {
    let salient: Vec<f32> = (0..document.sentences.len()).map(|at| 1.0 / (1.0 + at as f32)).collect();
    key_actors(document, &find(document), &salient)
}

fn article(title: &str, text: &str) -> Document {
    let mut document = Document::new(text, None);
    document.title = Some(title.to_owned());
    document
}

fn names(actors: &[Actor]) -> Vec<&str> {
    actors.iter().map(|actor| actor.name.as_str()).collect()
}

#[test]
fn finds_names_and_their_kinds() {
    let cases = [
        ("Nelson Mandela walked out of prison in Paarl on Sunday.", "Nelson Mandela/P | Paarl/L"),
        ("The Soviet Union launched its first satellite from Kazakhstan.", "Soviet Union/L | Kazakhstan/L"),
        ("Officials in Paris said the treaty was signed in Versailles.", "Paris/L | Versailles/L"),
        (
            "The Bank of England raised rates, and NATO met in Lisbon.",
            "Bank of England/O | NATO/O | Lisbon/L",
        ),
        (
            "The Ministry of Foreign Affairs and the University of Oslo declined to comment.",
            "Ministry of Foreign Affairs/O | University of Oslo/O",
        ),
        ("Rosa Parks, 42, was arrested in Montgomery, Alabama.", "Rosa Parks/P | Montgomery/L | Alabama/L"),
        (
            "The liner was built by Harland & Wolff for the White Star Line.",
            "Harland & Wolff/O | White Star Line/O",
        ),
        ("Troops crossed the Volga River near Stalingrad.", "Volga River/L | Stalingrad/L"),
        (
            "Prime Minister Winston Churchill told the House of Commons on Tuesday.",
            "Winston Churchill/P | House of Commons/O",
        ),
        ("Mr. Gorbachev and Mrs. Thatcher met again.", "Gorbachev/P | Thatcher/P"),
        ("Secretary of State Cordell Hull received the envoys.", "Cordell Hull/P"),
        ("U.S. President Franklin D. Roosevelt spoke of infamy.", "U.S./L | Franklin D. Roosevelt/P"),
        (
            "The Food and Drug Administration approved the vaccine of Jonas Salk.",
            "Food and Drug Administration/O | Jonas Salk/P",
        ),
        (
            "Charles de Gaulle and Luiz Inacio Lula da Silva never met.",
            "Charles de Gaulle/P | Luiz Inacio Lula da Silva/P",
        ),
        ("Pope John Paul II visited Warsaw.", "John Paul II/P | Warsaw/L"),
        (
            "Gamal Abdel Nasser nationalised the Suez Canal Company.",
            "Gamal Abdel Nasser/P | Suez Canal Company/O",
        ),
        ("She moved to Łódź in winter. Łódź was grey.", "Łódź/L | Łódź/L"),
        ("Walesa climbed the fence. Mourners wept.", "Walesa/P"),
        ("The rescue flight left Entebbe for Nairobi.", "Entebbe/L | Nairobi/L"),
        ("The European Community and Norway agreed.", "European Community/O | Norway/L"),
        ("He landed at Charles Lindbergh airport at noon.", "Charles Lindbergh/L"),
        ("The glider was tested near Kitty Hawk at dawn.", "Kitty Hawk/L"),
        (
            "It was told by the United Nations Environment Programme.",
            "United Nations Environment Programme/O",
        ),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn leaves_out_what_is_no_name() {
    let cases = [
        ("The Prime Minister said on Wednesday that he would go in May.", ""),
        ("Iranian officials and Soviet diplomats spoke Russian.", ""),
        ("Police arrested two men. Witnesses said they ran.", ""),
        ("Yesterday the minister resigned. He gave no reason.", ""),
        ("“Freedom has come,” a student shouted at Christmas.", ""),
        ("World War II ended in Europe that Tuesday.", "Europe/L"),
        ("Twenty-four lands signed. Seven did not. Six-year-old boys sang.", ""),
        ("The liner Lusitania sank. The Lusitania had left New York.", "New York/L"),
        ("Their landing craft, the Eagle, came down. The Eagle held.", ""),
        ("The Kursk, a nuclear submarine, sank in the Barents Sea.", "Barents Sea/L"),
        ("HMS Hood went down. Luna 15 crashed.", ""),
        ("South African miners and Bosnian Serb soldiers stopped.", ""),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn ends_a_name_where_it_ends() {
    let cases = [
        ("Albania’s king fled Tirana's palace.", "Albania/L | Tirana/L"),
        ("The Soviet-backed government in Kabul fell.", "Kabul/L"),
        ("The U.S.-led landing at Incheon began.", "U.S./L | Incheon/L"),
        ("Theresa May resigned in May.", "Theresa May/P"),
        ("Martin Luther King Jr. led the march.", "Martin Luther King Jr./P"),
        (
            "George H. W. Bush met J. Danforth Quayle in Houston.",
            "George H. W. Bush/P | J. Danforth Quayle/P | Houston/L",
        ),
        ("The US and the UK protested, and Moscow answered.", "US/L | UK/L | Moscow/L"),
        ("Billie Jean King beat Bobby Riggs in Houston.", "Billie Jean King/P | Bobby Riggs/P | Houston/L"),
        ("J. R. R. Tolkien taught at the University of Leeds.", "J. R. R. Tolkien/P | University of Leeds/O"),
        ("Anwar al-Sadat flew to Jerusalem.", "Anwar al-Sadat/P | Jerusalem/L"),
        ("The Kurdistan Workers’ Party declared a truce.", "Kurdistan Workers’ Party/O"),
    ];
    for (text, expected) in cases {
        check(text, expected);
    }
}

#[test]
fn headlines_in_capitals_do_not_make_names_of_words() {
    check(
        "GERMANY SURRENDERS TO THE ALLIES\nThe army of Adolf Hitler is no more.",
        "GERMANY/L | Adolf Hitler/P",
    );
    check("War Is Over As Germany Surrenders\nCrowds cheered in London.", "Germany/L | London/L");
}

#[test]
fn mentions_are_ordered_and_do_not_overlap() {
    let document = Document::new(
        "The People’s Mujahedeen of Iran (MEK) — “Neil Armstrong”, Buzz Aldrin; U.N. Security Council, New York-based NASA.",
        None,
    );
    let mentions = find(&document);
    assert!(mentions.len() > 4);
    assert!(mentions.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
}

#[test]
fn joins_the_names_of_one_entity() {
    let cases: [(&str, &[&str]); 7] = [
        ("Lech Walesa spoke in Gdansk. Walesa was cheered.", &["Lech Walesa = Walesa", "Gdansk"]),
        (
            "The International Atomic Energy Agency sent men. The IAEA found nothing.",
            &["International Atomic Energy Agency = IAEA"],
        ),
        (
            "The People’s Mujahedeen of Iran (MEK) left. The MEK denied it.",
            &["People’s Mujahedeen of Iran = MEK = MEK"],
        ),
        ("The United States agreed. The U.S. signed. America paid.", &["United States = U.S. = America"]),
        ("Orville Wright flew first. Wilbur Wright flew next.", &["Orville Wright", "Wilbur Wright"]),
        (
            "President Bill Clinton stayed. Hillary Clinton went. Mrs. Clinton spoke; Mr. Clinton did not.",
            &["Bill Clinton = Clinton", "Hillary Clinton = Clinton"],
        ),
        ("Harry S. Truman won. Harry Truman smiled.", &["Harry S. Truman = Harry Truman"]),
    ];
    for (text, expected) in cases {
        assert_eq!(joined(text), expected, "in {text:?}");
    }
}

#[test]
fn father_and_son_stay_apart() {
    let entities = joined("George H. W. Bush watched as George W. Bush took the oath in Washington.");
    assert_eq!(entities, ["George H. W. Bush", "George W. Bush", "Washington"]);
}

const RUPTURE: &str = "Egypt broke diplomatic ties with Britain on Thursday over the attack on the Suez Canal, prompting \
    rebuke from Washington, which vowed to hold London accountable.\n\
    “The Council of Ministers has decided on the severance of relations with Britain with immediate effect,” said Nasser.\n\
    Nasser accused Britain of bombing Egyptian airfields.\n\
    The president went on to say that British diplomats had two days to leave the country.\n\
    The quarrel stems from Cairo’s backing of the National Liberation Front of Algeria (FLN) on its soil.\n\
    The FLN has fought French rule since 1954.";

#[test]
fn key_actors_of_a_rupture() {
    let actors = actors_of(&article("Egypt breaks with Britain", RUPTURE));
    let all = names(&actors);
    assert!(actors.len() <= 5);
    assert!(["Egypt", "Britain", "Nasser"].iter().all(|name| all.contains(name)), "{all:?}");
    assert!(all.contains(&"National Liberation Front of Algeria (FLN)"), "{all:?}");
    let nasser = actors.iter().find(|actor| actor.name == "Nasser").unwrap();
    assert_eq!((nasser.kind, nasser.role.as_deref()), (ActorKind::Person, Some("president")));
    assert_eq!(nasser.mentions.len(), 2);
    // "London" stands for the British government.
    let document = Document::new(RUPTURE, None);
    let britain = actors.iter().find(|actor| actor.name == "Britain").unwrap();
    assert!(britain.mentions.iter().any(|span| document.slice(*span) == "London"));
    assert!(!all.contains(&"London") && !all.contains(&"Suez Canal"), "{all:?}");
}

#[test]
fn roles_as_the_article_words_them() {
    let cases = [
        ("Prime Minister Edi Rama opened the bridge.", "Edi Rama", Some("prime minister")),
        ("Edi Rama, Albania's prime minister, opened the bridge.", "Edi Rama", Some("prime minister")),
        ("Golda Meir, the prime minister, resigned.", "Golda Meir", Some("prime minister")),
        ("Former president Jimmy Carter won the prize.", "Jimmy Carter", Some("former president")),
        ("Secretary of State Cordell Hull received the envoys.", "Cordell Hull", Some("secretary of state")),
        ("Yuri Gagarin, a cosmonaut, orbited the Earth.", "Yuri Gagarin", Some("cosmonaut")),
        ("The chancellor, Willy Brandt, knelt in Warsaw.", "Willy Brandt", Some("chancellor")),
        (
            "Konrad Adenauer, the West German chancellor, flew to Moscow.",
            "Konrad Adenauer",
            Some("chancellor"),
        ),
        (
            "Mostafa Tolba, the director of the United Nations Environment Programme, spoke.",
            "Mostafa Tolba",
            Some("director of the United Nations Environment Programme"),
        ),
        (
            "Rachel Carson, a biologist of the United States Fish and Wildlife Service of the Interior, wrote.",
            "Rachel Carson",
            Some("biologist"),
        ),
        ("Keir Hardie, Labour Party Leader, spoke.", "Keir Hardie", Some("Labour Party leader")),
        ("Henry Ford, the president of the company in Detroit, agreed.", "Henry Ford", Some("president")),
        (
            "Ernst Reuter, the mayor of West Berlin since 1948, spoke.",
            "Ernst Reuter",
            Some("mayor of West Berlin"),
        ),
        ("George Marshall, the secretary of state, spoke.", "George Marshall", Some("secretary of state")),
        ("The energy minister, Anna Walentynowicz, said so.", "Anna Walentynowicz", Some("energy minister")),
        ("Pierre Curie and his wife Marie Curie won.", "Marie Curie", None),
        ("Mr. Havel was cheered.", "Havel", None),
        ("Amelia Earhart took off from Lae.", "Amelia Earhart", None),
        ("Edmund Hillary reached the top. The king sent a telegram.", "Edmund Hillary", None),
    ];
    for (text, name, role) in cases {
        let actors = actors_of(&Document::new(text, None));
        let actor = actors.iter().find(|actor| actor.name == name);
        assert_eq!(actor.map(|actor| actor.role.as_deref()), Some(role), "in {text:?}: {actors:?}");
    }
}

#[test]
fn a_setting_a_dateline_and_an_outlet_are_no_actors() {
    let mut document = article(
        "Armstrong walks on the Moon",
        "HOUSTON (Reuters) — Neil Armstrong stepped onto the surface on Sunday, NASA said in Houston.\n\
         Armstrong told the New York Herald in Florida that he felt fine, according to the Associated Press.",
    );
    document.outlet = Some("New York Herald".to_owned());
    document.byline = Some("By Walter Cronkite".to_owned());
    let actors = actors_of(&document);
    let all = names(&actors);
    assert_eq!(all.first(), Some(&"Neil Armstrong"));
    assert!(all.contains(&"NASA"));
    assert!(
        !all.iter()
            .any(|name| name.contains("Houston") || name.contains("HOUSTON") || name.contains("Herald")),
        "{all:?}"
    );
    assert!(
        !all.contains(&"Associated Press") && !all.contains(&"Reuters") && !all.contains(&"Florida"),
        "{all:?}"
    );
}

#[test]
fn a_dateline_and_its_agency_are_no_actors_wherever_they_are_spelt() {
    for dateline in [
        "LAKEHURST, N.J. (Meridian) — ",
        "LAKEHURST, May 6 (Meridian) - ",
        "(Meridian) — ",
        "MANCHESTER, N.J. (AP) — ",
    ] {
        let mut document = article(
            "Airship burns at Lakehurst",
            &format!(
                "{dateline}Captain Max Pruss was taken to a hospital on Thursday, Meridian said.\n\
                 Charles Rosendahl spoke at Lakehurst, where the Ledger’s reporters stood."
            ),
        );
        document.outlet = Some("Meridian Ledger".to_owned());
        let actors = actors_of(&document);
        assert_eq!(names(&actors), ["Max Pruss", "Charles Rosendahl"], "{dateline}");
        assert_eq!(actors[0].role.as_deref(), Some("captain"));
    }
}

#[test]
fn a_direction_a_goal_and_a_thing_are_no_actors() {
    let actors = actors_of(&article(
        "Thousands stream west from Leipzig",
        "Erich Honecker let thousands leave Prague for the West through the Wall on Sunday.\n\
         The Council met. Willy Brandt, the mayor of West Berlin, went to reach Hamburg.",
    ));
    assert_eq!(names(&actors), ["Erich Honecker", "Willy Brandt"]);
}

#[test]
fn what_a_role_tells_of_is_not_told_again() {
    let actors = actors_of(&article(
        "Engine fails over the Potomac",
        "Samuel Langley, the secretary of the Smithsonian Institution, said on Tuesday that he would go on.",
    ));
    assert_eq!(names(&actors), ["Samuel Langley"]);
}

#[test]
fn who_speaks_once_is_named_beside_a_land_that_fills_the_story() {
    let actors = actors_of(&article(
        "Iceland votes, Iceland wins",
        "Iceland voted on Sunday. Iceland said yes. Iceland celebrated. Iceland sang. Iceland danced.\n\
         Fog lay over Norway. Nobody worked. Shops were closed. Ships stood still. Birds sang.\n\
         The energy minister, Vigdis Finnbogadottir, said that all was well.",
    ));
    assert_eq!(names(&actors)[..2], ["Iceland", "Vigdis Finnbogadottir"], "{actors:?}");
}

#[test]
fn an_actor_is_ranked_by_what_it_does() {
    let actors = actors_of(&article(
        "Chile nationalises copper mines",
        "Chile took over its copper mines on Sunday, President Salvador Allende said in Rancagua.\n\
         The mines belonged to Anaconda and Kennecott, companies of the United States.\n\
         Rancagua celebrated. People danced in Rancagua, near Rancagua and around Rancagua.",
    ));
    let all = names(&actors);
    assert_eq!(&all[..2], ["Chile", "Salvador Allende"], "{all:?}");
}

#[test]
fn odd_input_is_survived() {
    let cases = [
        String::new(),
        "\n\n \n".to_owned(),
        "((((((((".to_owned(),
        "A".repeat(5000),
        "A. ".repeat(2000),
        "’s ’s ’s -- “".to_owned(),
        "Bank of ".repeat(3000),
        "President ".repeat(3000),
        "Łódź İstanbul ǅ ß İ-led 日本 e\u{301}A\u{301}".to_owned(),
    ];
    for text in cases {
        let document = Document::new(text, None);
        let mentions = find(&document);
        assert!(mentions.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
        assert!(key_actors(&document, &mentions, &[]).len() <= 5);
    }
}
