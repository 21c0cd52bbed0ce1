//! The chair's import over HTTP: the file to fill in, the look at a filled one, the command, and who may do none of it.

use std::sync::Arc;
use std::time::Duration;

use pingyi::protocol::{ChairView, ComponentsPreview, Done, ProblemKind, Role, ServerMessage};
use pingyi::rehearsal::chair::open_session;
use pingyi::rehearsal::own_server::{OwnServer, prepare};
use pingyi::rehearsal::{ServerAddress, Target, Wire, capability};
use pingyi_rules::meeting::Wish;

use super::totals::combination;
use crate::patience::PATIENCE;
use crate::rehearsal::shipped;

struct Desk {
    wire: Wire,
    session: String,
    at: String,
}

impl Desk {
    async fn of(target: &Target, role: Role) -> Self {
        let wire = Wire::new(Arc::new(ServerAddress::parse(&target.base_url).unwrap()), PATIENCE);
        let (session, opened) = open_session(&wire, capability(&target.handout, role).unwrap()).await.unwrap();
        Self { wire, session, at: format!("/api/meetings/{}", opened.meeting) }
    }

    async fn looks_at(&self, file: &[u8]) -> Result<ComponentsPreview, Option<ProblemKind>> {
        let path = format!("{}/rounds/1/components", self.at);
        let answer = self.wire.post(&path, Some(&self.session), file.to_vec().into()).await;
        answer.map(|body| serde_json::from_slice(&body).unwrap()).map_err(|error| error.kind())
    }

    /// The chair's view, as soon as it has imported components.
    async fn sees_components(&self) -> ChairView {
        loop {
            let view = self.wire.get(&format!("{}/view", self.at), Some(&self.session)).await.unwrap();
            let ServerMessage::Chair(view) = serde_json::from_slice(&view).unwrap() else { panic!("no chair") };
            if view.components.as_ref().is_some_and(|components| !components.rows.is_empty()) {
                return view;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn commands(&self, command: &Wish) -> Result<Done, Option<ProblemKind>> {
        let body = serde_json::to_vec(command).unwrap();
        let answer = self.wire.post(&format!("{}/commands", self.at), Some(&self.session), body.into()).await;
        answer.map(|body| serde_json::from_slice(&body).unwrap()).map_err(|error| error.kind())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e25_the_chair_fills_in_a_file_has_it_looked_at_and_imports_it() {
    let mut folder = shipped("institute");
    folder.plan.scoring.combination = Some(combination());
    let server = OwnServer::start().await.unwrap();
    let target = prepare(&server.base_url, Some(&server.key), &folder).await.unwrap();
    let chair = Desk::of(&target, Role::Chair).await;
    let path = format!("{}/rounds/1/components.csv?language=zh", chair.at);
    let blank = String::from_utf8(chair.wire.get(&path, Some(&chair.session)).await.unwrap().to_vec()).unwrap();
    assert!(blank.starts_with("\u{feff}序号,党组织,平时考核,加减分,等次上限\r\n1,第一党支部,,,\r\n"), "{blank}");
    let filled = blank.replace("第一党支部,,", "第一党支部,91.25,").replace("第二党支部,,,", "第二党支部,90,-1,较好");
    let preview = chair.looks_at(filled.as_bytes()).await.unwrap();
    assert_eq!(preview.mistakes, []);
    assert_eq!(preview.rows.len(), 7);
    assert_eq!((preview.rows[0].components[0].as_str(), preview.rows[1].best_band), ("91.25", 1));
    let wrong = chair.looks_at(filled.replace("91.25", "很好").as_bytes()).await.unwrap();
    assert_eq!((wrong.rows.len(), wrong.mistakes[0].line), (0, Some(2)));
    assert!(wrong.mistakes[0].message[0].contains("很好") && wrong.mistakes[0].message[1].contains("points from 0"));
    for role in [Role::Teller, Role::Scrutineer, Role::Projector] {
        let desk = Desk::of(&target, role).await;
        assert_eq!(desk.looks_at(filled.as_bytes()).await.unwrap_err(), Some(ProblemKind::NotAllowed));
        let rows = preview.rows.clone();
        let command = Wish::ImportComponents { round: 1, rows };
        assert_eq!(desk.commands(&command).await.unwrap_err(), Some(ProblemKind::NotAllowed), "{role:?}");
    }
    let command = Wish::ImportComponents { round: 1, rows: preview.rows.clone() };
    let done = chair.commands(&command).await.unwrap();
    assert_eq!(chair.commands(&command).await.unwrap(), done, "a repeat changes nothing");
    let mut bad = preview.rows.clone();
    bad[0].components[0] = "091".to_owned();
    let refused = chair.commands(&Wish::ImportComponents { round: 1, rows: bad }).await;
    assert_eq!(refused.unwrap_err(), Some(ProblemKind::Refused));
    let view = chair.sees_components().await;
    let components = view.components.unwrap();
    assert_eq!((&components.rows, components.missing.len()), (&preview.rows, 5));
    assert_eq!(view.history[0].command, "import_components");
    let again = chair.wire.get(&path, Some(&chair.session)).await.unwrap();
    assert_eq!(String::from_utf8(again.to_vec()).unwrap(), filled, "the file is what was imported");
    server.stop().await;
}
