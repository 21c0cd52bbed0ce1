//! Tokens: RFC 9578 type 0x0002 (blind RSA, 2048 bits) whose nonce is the ballot's own Ed25519 key, so that a token is no bearer ticket.
//! Here are the public half of the keys, the message that is signed, and the check; no private key and no blinding.

use aws_lc_rs::signature::{RSA_PSS_2048_8192_SHA384, RsaPublicKeyComponents};

use super::sha256;

/// Bytes of a token, of a blinded message and of its signature: the size of the modulus.
pub const TOKEN_BYTES: usize = 256;
/// Bytes of a token key in the manifest.
pub const SPKI_BYTES: usize = SPKI_HEAD.len() + TOKEN_BYTES + SPKI_TAIL.len();
/// Bytes of a token input (RFC 9578, section 6.1).
pub const INPUT_BYTES: usize = 98;
/// 65537, the only public exponent in use, as AWS-LC reads it.
pub const EXPONENT: [u8; 3] = [1, 0, 1];

/// What tells these tokens from those of any other service (RFC 9577, section 2.1: the issuer's name).
const ISSUER_NAME: &[u8] = b"pingyi";
const TOKEN_TYPE: [u8; 2] = [0, 2];

/// Everything before the modulus: `SubjectPublicKeyInfo` with id-RSASSA-PSS, SHA-384, MGF1 with SHA-384 and salt 48 (RFC 9578, section 6.5),
/// then the bit string and the integer's head. With 2048 bits the lengths never vary, so a key is parsed by comparing bytes.
const SPKI_HEAD: [u8; 81] = [
    0x30, 0x82, 0x01, 0x52, // SubjectPublicKeyInfo
    0x30, 0x3d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a, // id-RSASSA-PSS
    0x30, 0x30, 0xa0, 0x0d, 0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
    0x02, // SHA-384
    0xa1, 0x1a, 0x30, 0x18, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x08, // MGF1
    0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, // of SHA-384
    0xa2, 0x03, 0x02, 0x01, 0x30, // salt 48
    0x03, 0x82, 0x01, 0x0f, 0x00, 0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00, // RSAPublicKey, modulus
];
/// Everything after the modulus: the exponent 65537.
const SPKI_TAIL: [u8; 5] = [0x02, 0x03, 0x01, 0x00, 0x01];

/// Why bytes are no token key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadKey {
    /// Another size, algorithm, salt length or exponent than the only ones in use.
    OtherForm,
    /// The modulus has fewer than 2048 bits or is even.
    Modulus,
}

/// The public half of a key that signs tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    spki: [u8; SPKI_BYTES],
    id: [u8; 32],
}

impl PublicKey {
    /// The key of a modulus, big-endian.
    ///
    /// # Errors
    /// [`BadKey::Modulus`].
    pub fn from_modulus(modulus: &[u8; TOKEN_BYTES]) -> Result<Self, BadKey> {
        if modulus[0] & 0x80 == 0 || modulus[TOKEN_BYTES - 1] & 1 == 0 {
            return Err(BadKey::Modulus);
        }
        let mut spki = [0; SPKI_BYTES];
        let (head, rest) = spki.split_at_mut(SPKI_HEAD.len());
        let (middle, tail) = rest.split_at_mut(TOKEN_BYTES);
        head.copy_from_slice(&SPKI_HEAD);
        middle.copy_from_slice(modulus);
        tail.copy_from_slice(&SPKI_TAIL);
        Ok(Self { id: sha256(&[&spki]), spki })
    }

    /// The key of a `SubjectPublicKeyInfo` in DER.
    ///
    /// # Errors
    /// Everything but 2048 bits, e = 65537, RSASSA-PSS with SHA-384, MGF1-SHA-384 and salt 48.
    pub fn from_spki(spki: &[u8]) -> Result<Self, BadKey> {
        let rest = spki.strip_prefix(&SPKI_HEAD).ok_or(BadKey::OtherForm)?;
        let modulus = rest.strip_suffix(&SPKI_TAIL).ok_or(BadKey::OtherForm)?;
        Self::from_modulus(modulus.try_into().map_err(|_| BadKey::OtherForm)?)
    }

    /// The key as `SubjectPublicKeyInfo` in DER.
    #[must_use]
    pub const fn spki(&self) -> &[u8; SPKI_BYTES] {
        &self.spki
    }

    /// SHA-256 of [`spki`](Self::spki): the token key id of RFC 9578, section 6.5.
    #[must_use]
    pub const fn id(&self) -> &[u8; 32] {
        &self.id
    }

    /// The modulus, big-endian, [`TOKEN_BYTES`] long.
    #[must_use]
    pub fn modulus(&self) -> &[u8] {
        &self.spki[SPKI_HEAD.len()..SPKI_HEAD.len() + TOKEN_BYTES]
    }
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PublicKey({})", data_encoding::HEXLOWER.encode(&self.id))
    }
}

/// A key in its place: one contest and one group of one manifest.
#[derive(Clone, Debug)]
pub struct TokenKey {
    public: PublicKey,
    challenge_digest: [u8; 32],
}

impl TokenKey {
    /// The key for a contest and a group under the manifest whose hash is `m`.
    #[must_use]
    pub fn new(public: PublicKey, m: &[u8; 32], contest: u16, group: &str) -> Self {
        Self { challenge_digest: sha256(&[&challenge(m, contest, group)]), public }
    }

    /// The public half.
    #[must_use]
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// What the issuer signs blindly for the ballot key `pk`: `type ‖ pk ‖ SHA-256(challenge) ‖ SHA-256(spki)`.
    #[must_use]
    pub fn input(&self, pk: &[u8; 32]) -> [u8; INPUT_BYTES] {
        let mut input = [0; INPUT_BYTES];
        input[..2].copy_from_slice(&TOKEN_TYPE);
        input[2..34].copy_from_slice(pk);
        input[34..66].copy_from_slice(&self.challenge_digest);
        input[66..].copy_from_slice(self.public.id());
        input
    }

    /// Whether `token` was signed for the ballot key `pk`, this contest, this group and this manifest.
    #[must_use]
    pub fn is_good(&self, pk: &[u8; 32], token: &[u8; TOKEN_BYTES]) -> bool {
        verify(self.public.modulus(), &self.input(pk), token)
    }
}

/// The challenge of RFC 9577, section 2.1: token type, issuer name, `m` as redemption context, origin `c<contest>.g<group>`.
#[must_use]
pub fn challenge(m: &[u8; 32], contest: u16, group: &str) -> Vec<u8> {
    let origin = format!("c{contest}.g{group}");
    let mut out = Vec::with_capacity(2 + 2 + ISSUER_NAME.len() + 33 + 2 + origin.len());
    out.extend_from_slice(&TOKEN_TYPE);
    push_with_length(&mut out, ISSUER_NAME);
    out.push(32);
    out.extend_from_slice(m);
    push_with_length(&mut out, origin.as_bytes());
    out
}

fn push_with_length(out: &mut Vec<u8>, bytes: &[u8]) {
    // Both callers pass a few bytes; a longer origin would be cut nowhere but refused by every check of the digest.
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(bytes);
}

/// RSASSA-PSS with SHA-384, MGF1-SHA-384, salt 48 and e = 65537, for a modulus of 2048 bits or more (RFC 8017, section 8.1.2).
#[must_use]
pub fn verify(modulus: &[u8], message: &[u8], signature: &[u8]) -> bool {
    RsaPublicKeyComponents { n: modulus, e: &EXPONENT }.verify(&RSA_PSS_2048_8192_SHA384, message, signature).is_ok()
}
