//! Who may wish what, wish by wish.

use std::collections::BTreeSet;

use pingyi_rules::meeting::permission::may;
use pingyi_rules::meeting::{LinkRole, Wish};

const ROLES: [LinkRole; 4] = [LinkRole::Chair, LinkRole::Projector, LinkRole::Teller, LinkRole::Scrutineer];

/// Every wish as it travels, by who may wish it.
const WISHES: [(&[LinkRole], &[&str]); 5] = [
    (
        &[LinkRole::Chair],
        &[
            r#"{"do":"open_checkin"}"#,
            r#"{"do":"begin"}"#,
            r#"{"do":"go_to","step":1}"#,
            r#"{"do":"start_timer","step":1}"#,
            r#"{"do":"pause_timer","step":1}"#,
            r#"{"do":"extend_timer","step":1,"limit_s":60}"#,
            r#"{"do":"arm","round":1,"small_groups":"refuse"}"#,
            r#"{"do":"open","round":1}"#,
            r#"{"do":"close","round":1}"#,
            r#"{"do":"undo_close","round":1}"#,
            r#"{"do":"close_without","round":1,"servers":["b"]}"#,
            r#"{"do":"ask","round":1,"number":1,"asked":{"what":"certificate"}}"#,
            r#"{"do":"withdraw","round":1,"number":1,"asked":{"what":"certificate"}}"#,
            r#"{"do":"repeat","round":1}"#,
            r#"{"do":"reorder","steps":[1]}"#,
            r#"{"do":"add_step","step_kind":"break","subject":null,"step":9,"after":1}"#,
            r#"{"do":"remove_step","step":9}"#,
            r#"{"do":"set_absent","subject":1,"absent":true}"#,
            r#"{"do":"set_scene","scene":"join"}"#,
            r#"{"do":"close_meeting"}"#,
            r#"{"do":"archive"}"#,
            r#"{"do":"erase_people"}"#,
            r#"{"do":"import_components","round":1,"rows":[]}"#,
            r#"{"do":"ask_reissue","round":1,"number":1,"group":"A","leads_subject":null,"slip":"x"}"#,
        ],
    ),
    (
        &[LinkRole::Scrutineer],
        &[
            r#"{"do":"confirm","round":1,"number":1,"asked":{"what":"certificate"}}"#,
            r#"{"do":"decline","round":1,"number":1,"asked":{"what":"certificate"}}"#,
            r#"{"do":"confirm_reissue","round":1,"number":1}"#,
        ],
    ),
    (&[LinkRole::Chair, LinkRole::Teller], &[r#"{"do":"issue_paper","round":1,"group":"A","sheets":1}"#]),
    (
        &[LinkRole::Teller],
        &[r#"{"do":"enter_paper","round":1,"group":"A","by":"teller","entry":{"as":"sheets","sheets":[]}}"#],
    ),
    (
        &[LinkRole::Scrutineer],
        &[r#"{"do":"enter_paper","round":1,"group":"A","by":"scrutineer","entry":{"as":"sheets","sheets":[]}}"#],
    ),
];

fn wish(text: &str) -> Wish {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn m15_each_link_does_its_own_half_alone() {
    for (roles, texts) in WISHES {
        for text in texts {
            let may: Vec<LinkRole> = ROLES.into_iter().filter(|role| may(*role, &wish(text))).collect();
            assert_eq!(may, roles, "{text}");
        }
    }
    // The list is whole: it has each wish that the pages know.
    let pages = concat!(env!("CARGO_MANIFEST_DIR"), "/../web-client/src/protocol.ts");
    let pages = std::fs::read_to_string(pages).unwrap();
    let known: BTreeSet<&str> =
        pages.split(r#"{ "do": ""#).skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let listed = WISHES.iter().flat_map(|(_, texts)| *texts);
    let listed: BTreeSet<&str> = listed.map(|text| text.split('"').nth(3).unwrap()).collect();
    assert_eq!(listed, known);
}

#[test]
fn m15_nobody_wishes_with_what_only_the_server_says() {
    for text in WISHES.iter().flat_map(|(_, texts)| *texts) {
        let sent: serde_json::Value = serde_json::from_str(text).unwrap();
        let mut again = serde_json::to_value(wish(text)).unwrap();
        // Written though it may be left out.
        if again["form"].is_null() {
            again.as_object_mut().unwrap().remove("form");
        }
        assert_eq!(again, sent);
    }
    for refused in [
        r#"{"do":"go_to","step":1,"round":1}"#,
        r#"{"do":"arm","round":1,"small_groups":"refuse","manifest_hash":"00"}"#,
        r#"{"do":"confirm","round":1,"number":1,"asked":{"what":"certificate"},"record":null}"#,
        r#"{"do":"enter_paper","round":1,"group":"A","by":"teller","count":{"returned":0,"invalid":0,"rows":[]}}"#,
        r#"{"do":"seat_at_kiosk","round":1,"group":"A","credential":"00"}"#,
        r#"{"do":"certify","round":1}"#,
        r#"{"do":"go_to"}"#,
        r#"{"step":1}"#,
    ] {
        assert!(serde_json::from_str::<Wish>(refused).is_err(), "{refused}");
    }
    // What a wish without fields brings is not looked at.
    assert_eq!(wish(r#"{"do":"erase_people","signatures":[]}"#), Wish::ErasePeople);
}
