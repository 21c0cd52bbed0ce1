//! The wire's TypeScript: every type of `protocol` as the pages read it, in one file.
//! It must not decide anything: a stale file fails here, `UPDATE=1` rewrites it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use pingyi::config::{LEAVES_PART, LEAVES_WHOLE_MAX};
use pingyi::protocol::{self, CloseCode};
use pingyi_rules::meeting::Wish;
use ts_rs::{Config, TS, TypeVisitor};

const HEAD: &str = "\
// Generated from server/src/protocol by tests/it/generated.rs. Do not edit:
// `UPDATE=1 cargo test --test it generated` writes it anew.
";

/// Declarations by name, so that the file does not depend on the order of visits.
struct Declarations {
    config: Config,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Only declared types have a place in a file; numbers, lists and options are written inline.
        if T::output_path().is_none() {
            return;
        }
        let name = T::ident(&self.config);
        if self.by_name.contains_key(&name) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        self.by_name.insert(name, format!("{docs}export {}", T::decl(&self.config)));
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

fn wire_in_typescript() -> String {
    let mut all = Declarations { config: Config::new(), by_name: BTreeMap::new() };
    // What travels by itself; everything else hangs below these.
    all.visit::<protocol::PlanView>();
    all.visit::<protocol::First>();
    all.visit::<protocol::MeetingList>();
    all.visit::<protocol::Roster>();
    all.visit::<protocol::Join>();
    all.visit::<protocol::Joined>();
    all.visit::<protocol::OpenSession>();
    all.visit::<protocol::NewSlipsRequest>();
    all.visit::<protocol::SessionOpened>();
    all.visit::<protocol::PapersRequest>();
    all.visit::<protocol::Papers>();
    all.visit::<protocol::CastReply>();
    all.visit::<protocol::ServerMessage>();
    all.visit::<protocol::Hello>();
    all.visit::<Wish>();
    all.visit::<protocol::Done>();
    all.visit::<protocol::InventoryView>();
    all.visit::<protocol::RecordView>();
    all.visit::<protocol::Problem>();
    all.visit::<protocol::Explained>();
    all.visit::<protocol::Prints>();
    all.visit::<protocol::ComponentsPreview>();
    all.visit::<protocol::ChannelKey>();
    all.visit::<protocol::SealedHead>();
    all.visit::<protocol::AnswerHead>();

    let mut text = String::from(HEAD);
    let constants = [
        ("PROTOCOL", protocol::PROTOCOL),
        ("CLOSE_RESTART", CloseCode::RESTART.0.into()),
        ("CLOSE_UNKNOWN_SESSION", CloseCode::UNKNOWN_SESSION.0.into()),
        ("CLOSE_OLD_PAGE", CloseCode::OLD_PAGE.0.into()),
        ("CLOSE_REPLACED", CloseCode::REPLACED.0.into()),
        ("CLOSE_UNKNOWN_MEETING", CloseCode::UNKNOWN_MEETING.0.into()),
        ("PAPER_BYTES", u32::try_from(protocol::PAPER_BYTES).unwrap()),
        ("CLOSE_NOT_SEALED", CloseCode::NOT_SEALED.0.into()),
        ("CLOSE_STALE", CloseCode::STALE.0.into()),
        ("LEAVES_WHOLE_MAX", u32::try_from(LEAVES_WHOLE_MAX).unwrap()),
        ("LEAVES_PART", u32::try_from(LEAVES_PART).unwrap()),
    ];
    for (name, value) in constants {
        write!(text, "\nexport const {name} = {value};").unwrap();
    }
    text.push('\n');
    for declaration in all.by_name.values() {
        write!(text, "\n{declaration}\n").unwrap();
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

#[test]
fn p1_the_typescript_of_the_wire_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web-client/src/protocol.ts");
    let wanted = wire_in_typescript();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "web-client/src/protocol.ts is stale: run `UPDATE=1 cargo test --test it generated`");
}
