//! The private keys of one round, and the manifest that publishes their other halves.
//! Keys are made one after the other by a thread of their own while the round is a draft, because one takes up to a second.
//! It knows no seat and no ballot.

use std::sync::{Arc, OnceLock};

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::SigningKey;
use rand::rngs::{StdRng, SysRng};
use rand::{SeedableRng, TryRng};
use serde::{Deserialize, Serialize};
use tokio::sync::{Mutex, mpsc};

use crate::signer::{BlindSign, BlindSignError, RsaSigner};
use pingyi_rules::ballot::manifest::{self, Manifest, ManifestGroup, ManifestItem, ManifestKey};
use pingyi_rules::ballot::seal::SealKey;
use pingyi_rules::ballot::text::seen;
use pingyi_rules::form::{Item, Mark, OwnBranch};
use pingyi_rules::meeting::reissue::REISSUES_MAX;
use pingyi_rules::meeting::round::{Round, SmallGroups};
use pingyi_rules::meeting::{Meeting, Plan};

/// Keys that are made ahead of any round: a sheet of seven rows for three groups needs 24.
pub const KEYS_AHEAD: usize = 48;

/// Makes token keys ahead, on one thread, so that the other cores stay free for the hall.
#[derive(Clone)]
pub struct KeyMaker {
    ready: Arc<Mutex<mpsc::Receiver<RsaSigner>>>,
}

impl KeyMaker {
    /// Starts the thread. It ends when the last clone of the maker is gone.
    #[must_use]
    pub fn start() -> Self {
        let (sender, receiver) = mpsc::channel(KEYS_AHEAD);
        std::thread::spawn(move || {
            while !sender.is_closed() {
                match RsaSigner::generate() {
                    Ok(key) => {
                        if sender.blocking_send(key).is_err() {
                            return;
                        }
                    }
                    Err(error) => {
                        tracing::error!(?error, "a token key could not be made; trying again");
                        std::thread::sleep(std::time::Duration::from_secs(1));
                    }
                }
            }
        });
        Self { ready: Arc::new(Mutex::new(receiver)) }
    }

    /// The maker of this process, started at its first use and shared by every hub in it: keys that one meeting did not use
    /// are there for the next one, and a process with many servers, as in tests, makes no more than it needs.
    #[must_use]
    pub fn of_this_process() -> Self {
        static MAKER: OnceLock<KeyMaker> = OnceLock::new();
        MAKER.get_or_init(Self::start).clone()
    }

    /// The next key: at once while there are some ahead, else as soon as one is made.
    pub async fn key(&self) -> Option<RsaSigner> {
        self.ready.lock().await.recv().await
    }
}

/// All keys of a round.
pub struct RoundKeys {
    /// Token keys by contest, then by group in the order of the plan; empty once the round is closed.
    pub tokens: Vec<Arc<RsaSigner>>,
    /// Signs receipts and the record.
    pub box_key: SigningKey,
    /// Opens the envelopes of casts; gone once the meeting is over.
    pub seal_key: Option<SealKey>,
}

/// The form in which keys are kept.
#[derive(Serialize, Deserialize)]
struct KeptKeys {
    tokens: Vec<String>,
    box_key: String,
    seal_key: Option<String>,
}

/// How many token keys a round needs.
#[must_use]
pub fn keys_needed(plan: &Plan, round: &Round) -> usize {
    (round.subjects.len() + 1) * plan.groups.len()
}

/// A new box key, from the system's randomness.
///
/// # Errors
/// When the system has none to give.
pub fn new_box_key() -> Result<SigningKey, String> {
    let mut secret = [0; 32];
    SysRng.try_fill_bytes(&mut secret).map_err(|error| error.to_string())?;
    Ok(SigningKey::from_bytes(&secret))
}

/// A new seal key, from the system's randomness.
///
/// # Errors
/// When the system has none to give.
pub fn new_seal_key() -> Result<SealKey, String> {
    let mut seed = [0; 32];
    SysRng.try_fill_bytes(&mut seed).map_err(|error| error.to_string())?;
    Ok(SealKey::generate(&mut StdRng::from_seed(seed)))
}

impl RoundKeys {
    /// The keys as a text for [`crate::store::MeetingStore::keep_keys`].
    ///
    /// # Errors
    /// When a key cannot be written out.
    pub fn kept(&self) -> Result<Vec<u8>, BlindSignError> {
        let tokens: Result<Vec<String>, BlindSignError> =
            self.tokens.iter().map(|key| Ok(BASE64URL_NOPAD.encode(&key.to_pkcs8()?))).collect();
        let box_key = BASE64URL_NOPAD.encode(self.box_key.as_bytes());
        let seal_key = self.seal_key.as_ref().map(|key| BASE64URL_NOPAD.encode(&key.to_bytes()));
        let kept = KeptKeys { tokens: tokens?, box_key, seal_key };
        serde_json::to_vec(&kept).map_err(|_| BlindSignError::Library)
    }

    /// The keys that [`kept`](Self::kept) wrote; nothing for any other text.
    #[must_use]
    pub fn read(kept: &[u8]) -> Option<Self> {
        let kept: KeptKeys = serde_json::from_slice(kept).ok()?;
        let mut tokens = Vec::with_capacity(kept.tokens.len());
        for token in &kept.tokens {
            let der = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
            tokens.push(Arc::new(RsaSigner::from_pkcs8(&der).ok()?));
        }
        let secret: [u8; 32] = BASE64URL_NOPAD.decode(kept.box_key.as_bytes()).ok()?.try_into().ok()?;
        let seal_key = match kept.seal_key {
            Some(text) => Some(SealKey::from_bytes(&BASE64URL_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()?)?),
            None => None,
        };
        Some(Self { tokens, box_key: SigningKey::from_bytes(&secret), seal_key })
    }

    /// The same without the token keys: what stays after closing.
    #[must_use]
    pub fn without_tokens(&self) -> Self {
        Self { tokens: Vec::new(), box_key: self.box_key.clone(), seal_key: self.seal_key.clone() }
    }

    /// The same with the box key alone: what stays when the meeting is over, so that a recording of the air opens for nobody.
    #[must_use]
    pub fn box_key_alone(&self) -> Self {
        Self { tokens: Vec::new(), box_key: self.box_key.clone(), seal_key: None }
    }

    /// The token keys of a plan whose groups may be merged, by contest and then by group: those of each first group. The keys of
    /// the others sign nothing.
    #[must_use]
    pub fn tokens_for(&self, made_for: &Plan, plan: &Plan) -> Vec<Arc<RsaSigner>> {
        let is_there = |at: usize| plan.group(&made_for.groups[at].id).is_some();
        let groups = made_for.groups.len().max(1);
        let tokens = self.tokens.iter().enumerate().filter(|(at, _)| is_there(at % groups));
        tokens.map(|(_, token)| Arc::clone(token)).collect()
    }

    /// The manifest that a round is held under.
    #[must_use]
    pub fn manifest(
        &self,
        meeting: &Meeting,
        round: &Round,
        small_groups: SmallGroups,
        merged: &[Vec<String>],
    ) -> Manifest {
        let plan = &meeting.form_plan(round).with_merged(merged);
        let tokens = self.tokens_for(&meeting.plan, plan);
        let recused = plan.own_branch == OwnBranch::Recused;
        let groups: Vec<ManifestGroup> = plan
            .groups
            .iter()
            .map(|group| ManifestGroup {
                id: group.id.clone(),
                name: seen(&group.name),
                weight_bp: group.weight_bp,
                recuses: recused && group.leaders > 0,
            })
            .collect();
        let places =
            (0u16..).take(round.subjects.len() + 1).flat_map(|c| groups.iter().map(move |group| (c, group.id.clone())));
        let keys = places
            .zip(&tokens)
            .map(|((c, g), key)| ManifestKey { c, g, spki: BASE64URL_NOPAD.encode(key.public().spki()) })
            .collect();
        Manifest {
            format: manifest::FORMAT.to_owned(),
            meeting: meeting.id.clone(),
            title: seen(&plan.title),
            round: round.number,
            contests: contests(plan, round),
            groups,
            scale: plan.scale.iter().map(mark).collect(),
            items: plan.items.iter().map(item).collect(),
            own_branch: plan.own_branch,
            sheet_rules: plan.sheet_rules.clone(),
            scoring: seen_in(serde_json::to_value(&plan.scoring).unwrap_or_default()),
            k_min: plan.k_min,
            opinions: plan.opinions,
            opinions_min: plan.opinions_min,
            group_columns: match small_groups {
                SmallGroups::Refuse | SmallGroups::Merge => manifest::GroupColumns::Shown,
                SmallGroups::TotalsOnly => manifest::GroupColumns::TotalsOnly,
            },
            live: plan.live,
            pool_k: plan.pool_k,
            record: manifest::Record::Open,
            reissues_max: REISSUES_MAX,
            keys,
            box_key: BASE64URL_NOPAD.encode(self.box_key.verifying_key().as_bytes()),
            seal_key: self.seal_key.as_ref().map_or_else(String::new, |key| BASE64URL_NOPAD.encode(&key.public())),
        }
    }
}

/// The texts of the scoring rules, as they may be in a manifest; a meeting of today has no others.
fn seen_in(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value;
    match value {
        Value::String(text) => Value::String(seen(&text)),
        Value::Array(values) => values.into_iter().map(seen_in).collect(),
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, seen_in(value))).collect(),
        other => other,
    }
}

fn contests(plan: &Plan, round: &Round) -> Vec<manifest::Contest> {
    let subjects = round.subjects.iter().filter_map(|id| plan.subject(*id));
    (1u16..)
        .zip(subjects)
        .map(|(c, subject)| manifest::Contest {
            c,
            subject: subject.id,
            branch: seen(&subject.branch),
            secretary: seen(&subject.secretary),
            without: plan.without(subject.id),
        })
        .collect()
}

fn item(item: &Item) -> ManifestItem {
    ManifestItem { label: seen(&item.label), label_en: seen(&item.label_en) }
}

/// A mark, with its texts as they may be in a manifest.
fn mark(mark: &Mark) -> Mark {
    Mark { label: seen(&mark.label), label_en: seen(&mark.label_en), ..mark.clone() }
}
