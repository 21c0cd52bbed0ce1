//! An envelope that one key opens, and the answers to it: RFC 9458's construction on HPKE (RFC 9180), base mode,
//! DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305. On the wire stand the encapsulated key, 32 bytes, and the
//! ciphertext; an answer is a nonce of 32 bytes and messages, each under the next number, the last one marked as such. It must
//! not know what is inside, nor who sent it.

use chacha20poly1305::ChaCha20Poly1305 as Cipher;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use hkdf::Hkdf;
use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256 as Kem;
use hpke::{Deserializable, Kem as _, OpModeR, OpModeS, Serializable, setup_receiver, setup_sender_with_rng};
use rand::CryptoRng;
use sha2::Sha256;

/// Bytes of either half of a key.
pub const KEY_BYTES: usize = 32;
/// By how much an envelope is longer than what is in it: the encapsulated key and the tag.
pub const ENVELOPE_BYTES: usize = KEY_BYTES + TAG_BYTES;
/// By how much a message of an answer is longer than what is in it.
pub const TAG_BYTES: usize = 16;
/// Bytes of an answer's nonce: as many as the longer one of a cipher's key and nonce (RFC 9458, section 4.4).
pub const NONCE_BYTES: usize = 32;

/// What the secret of an answer is exported under.
const ANSWER: &[u8] = b"pingyi-answer/1";
/// What the last message of an answer is tied to.
const LAST: &[u8] = b"final";

/// What opens envelopes.
#[derive(Clone)]
pub struct EnvelopeKey(<Kem as hpke::Kem>::PrivateKey);

// A private key never reaches a log line.
impl std::fmt::Debug for EnvelopeKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("EnvelopeKey")
    }
}

impl EnvelopeKey {
    /// A new one.
    #[must_use]
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        Self(Kem::gen_keypair_with_rng(rng).0)
    }

    /// The key that [`to_bytes`](Self::to_bytes) wrote, or any other 32 bytes; nothing for bytes that are no key.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; KEY_BYTES]) -> Option<Self> {
        <Kem as hpke::Kem>::PrivateKey::from_bytes(bytes).ok().map(Self)
    }

    /// The private half, to be kept.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; KEY_BYTES] {
        self.0.to_bytes().into()
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> [u8; KEY_BYTES] {
        Kem::sk_to_pk(&self.0).to_bytes().into()
    }

    /// What is in an envelope that was sealed to this key under `info`, and what its answers are sealed with; nothing for any
    /// other bytes.
    #[must_use]
    pub fn open(&self, info: &[u8], envelope: &[u8]) -> Option<(Vec<u8>, AnswerSecret)> {
        let (key, ciphertext) = envelope.split_first_chunk::<KEY_BYTES>()?;
        let encapsulated = <Kem as hpke::Kem>::EncappedKey::from_bytes(key).ok()?;
        let context = setup_receiver::<ChaCha20Poly1305, HkdfSha256, Kem>(&OpModeR::Base, &self.0, &encapsulated, info);
        let mut context = context.ok()?;
        let body = context.open(ciphertext, b"").ok()?;
        let mut secret = [0; KEY_BYTES];
        context.export(ANSWER, &mut secret).ok()?;
        Some((body, AnswerSecret { encapsulated: *key, secret }))
    }
}

/// An envelope around `body` that only the holder of the private half opens, and what opens its answers; nothing where `public`
/// is no key. Each call makes another one.
#[must_use]
pub fn seal(
    public: &[u8; KEY_BYTES],
    info: &[u8],
    body: &[u8],
    rng: &mut impl CryptoRng,
) -> Option<(Vec<u8>, AnswerSecret)> {
    let public = <Kem as hpke::Kem>::PublicKey::from_bytes(public).ok()?;
    let context = setup_sender_with_rng::<ChaCha20Poly1305, HkdfSha256, Kem>(&OpModeS::Base, &public, info, rng);
    let (encapsulated, mut context) = context.ok()?;
    let ciphertext = context.seal(body, b"").ok()?;
    let mut secret = [0; KEY_BYTES];
    context.export(ANSWER, &mut secret).ok()?;
    let encapsulated: [u8; KEY_BYTES] = encapsulated.to_bytes().into();
    Some(([encapsulated.as_slice(), &ciphertext].concat(), AnswerSecret { encapsulated, secret }))
}

/// What both ends of an envelope know and nobody between them: the key of its answers.
#[derive(Clone)]
pub struct AnswerSecret {
    encapsulated: [u8; KEY_BYTES],
    secret: [u8; KEY_BYTES],
}

impl AnswerSecret {
    /// The encapsulated key of the envelope: it differs between any two that were not copied.
    #[must_use]
    pub fn encapsulated(&self) -> [u8; KEY_BYTES] {
        self.encapsulated
    }

    /// The messages of one answer, of which the nonce is the beginning; nothing where the system cannot make the keys.
    #[must_use]
    pub fn messages(&self, nonce: &[u8; NONCE_BYTES]) -> Option<Messages> {
        let salt = [self.encapsulated, *nonce].concat();
        let drawn = Hkdf::<Sha256>::new(Some(&salt), &self.secret);
        let (mut key, mut base) = ([0; KEY_BYTES], [0; 12]);
        drawn.expand(b"key", &mut key).ok()?;
        drawn.expand(b"nonce", &mut base).ok()?;
        Some(Messages { cipher: Cipher::new(&key.into()), base, number: 0 })
    }

    /// An answer of one message.
    #[must_use]
    pub fn answer(&self, body: &[u8], nonce: [u8; NONCE_BYTES]) -> Option<Vec<u8>> {
        let message = self.messages(&nonce)?.seal(body, true)?;
        Some([nonce.as_slice(), &message].concat())
    }

    /// What is in an answer of one message; nothing for any other bytes.
    #[must_use]
    pub fn read(&self, answer: &[u8]) -> Option<Vec<u8>> {
        let (nonce, message) = answer.split_first_chunk::<NONCE_BYTES>()?;
        self.messages(nonce)?.open(message, true)
    }
}

/// The messages of one answer in their order, on either end.
pub struct Messages {
    cipher: Cipher,
    base: [u8; 12],
    number: u64,
}

impl Messages {
    /// The next message; nothing where there is no memory for it.
    pub fn seal(&mut self, body: &[u8], is_last: bool) -> Option<Vec<u8>> {
        let nonce = self.next();
        self.cipher.encrypt(&nonce.into(), Payload { msg: body, aad: tied_to(is_last) }).ok()
    }

    /// What is in the next message; nothing for any other one.
    pub fn open(&mut self, message: &[u8], is_last: bool) -> Option<Vec<u8>> {
        let nonce = self.next();
        self.cipher.decrypt(&nonce.into(), Payload { msg: message, aad: tied_to(is_last) }).ok()
    }

    fn next(&mut self) -> [u8; 12] {
        let mut nonce = self.base;
        nonce.iter_mut().skip(4).zip(self.number.to_be_bytes()).for_each(|(of_base, of_number)| *of_base ^= of_number);
        self.number += 1;
        nonce
    }
}

fn tied_to(is_last: bool) -> &'static [u8] {
    if is_last { LAST } else { b"" }
}

/// What it is, with its length before it and nothing after it but zeros up to one of few lengths: what is sealed so tells no
/// length of its own. At least as long as something of `least` bytes would be.
#[must_use]
pub fn padded(body: &[u8], least: usize) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    let mut padded = Vec::with_capacity(padded_length(body.len().max(least)));
    padded.extend_from_slice(&length.to_be_bytes());
    padded.extend_from_slice(body);
    padded.resize(padded_length(body.len().max(least)), 0);
    padded
}

/// What was padded; nothing where its length is not true.
#[must_use]
pub fn unpadded(padded: &[u8]) -> Option<&[u8]> {
    let (length, rest) = padded.split_first_chunk::<LENGTH_BYTES>()?;
    rest.get(..usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

const LENGTH_BYTES: usize = 4;

/// How long something of so many bytes is once it is padded: a power of two from 512 bytes to 64 KiB, above it a multiple
/// of 64 KiB.
#[must_use]
pub const fn padded_length(length: usize) -> usize {
    const SMALLEST: usize = 512;
    const LARGE: usize = 64 * 1024;
    match length + LENGTH_BYTES {
        length if length > LARGE => length.next_multiple_of(LARGE),
        length if length > SMALLEST => length.next_power_of_two(),
        _ => SMALLEST,
    }
}
