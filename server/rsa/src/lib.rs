//! RSA private keys and their raw operation (RFC 8017, section 5.1.2, "RSASP1"), on AWS-LC's C interface, for blind signing: no padding,
//! constant time, blinded once more, and checked against faults. It must not know what is signed, nor for whom: only numbers and sizes.

use std::ffi::c_int;
use std::ptr::{self, NonNull};

use aws_lc_sys as c;

/// AWS-LC did not do it: for want of memory or randomness, or because the bytes are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RsaError;

/// An RSA private key. Its memory is overwritten when it is dropped.
pub struct PrivateKey(NonNull<c::RSA>);

// SAFETY: an `RSA` belongs to no thread; AWS-LC keeps nothing of it in thread-local storage.
unsafe impl Send for PrivateKey {}
// SAFETY: nothing here changes a key once it was made, and AWS-LC's rsa.h says of each function that is called on one ("Raw operations",
// "Signatures", "Properties") that several threads may do so at once: what they compute on the first use is made under the key's lock.
unsafe impl Sync for PrivateKey {}

impl Drop for PrivateKey {
    fn drop(&mut self) {
        // SAFETY: the pointer came from AWS-LC, is owned by `self` alone, and is not used again.
        unsafe { c::RSA_free(self.0.as_ptr()) };
    }
}

impl PrivateKey {
    /// A new key with e = 65537 and a modulus of `bits`, a multiple of 128, from AWS-LC's own randomness. 2048 bits take 20 ms to 1 s.
    ///
    /// # Errors
    /// [`RsaError`], also for fewer than 256 bits.
    pub fn generate(bits: u16) -> Result<Self, RsaError> {
        // SAFETY: it takes nothing, and answers an empty key or null.
        let key = Self(NonNull::new(unsafe { c::RSA_new() }).ok_or(RsaError)?);
        let exponent = Number::from_word(65_537)?;
        // SAFETY: both pointers are live; nobody else has the key yet; null stands for "no callback".
        let made =
            unsafe { c::RSA_generate_key_ex(key.0.as_ptr(), c_int::from(bits), exponent.0.as_ptr(), ptr::null_mut()) };
        done(made)?;
        Ok(key)
    }

    /// The key in PKCS#8 (RFC 5208) in DER, of any size. That its parts belong together is checked, not that its factors are
    /// prime.
    ///
    /// # Errors
    /// [`RsaError`] for anything else, also for bytes after it.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, RsaError> {
        let mut rest = c::CBS { data: der.as_ptr(), len: der.len() };
        // SAFETY: `rest` describes exactly the bytes of `der`, which live until after the call.
        let any = unsafe { c::EVP_parse_private_key(&raw mut rest) };
        let any = AnyKey(NonNull::new(any).ok_or(RsaError)?);
        if rest.len > 0 {
            return Err(RsaError);
        }
        // SAFETY: the pointer is live; the answer is a reference that is owned here, or null for a key of another kind.
        let key = unsafe { c::EVP_PKEY_get1_RSA(any.0.as_ptr()) };
        NonNull::new(key).map(Self).ok_or(RsaError)
    }

    /// The key as PKCS#8 in DER.
    ///
    /// # Errors
    /// [`RsaError`].
    pub fn to_pkcs8(&self) -> Result<Vec<u8>, RsaError> {
        // SAFETY: it takes nothing, and answers an empty key or null.
        let any = AnyKey(NonNull::new(unsafe { c::EVP_PKEY_new() }).ok_or(RsaError)?);
        // SAFETY: both pointers are live; `any` takes a reference of its own.
        done(unsafe { c::EVP_PKEY_set1_RSA(any.0.as_ptr(), self.0.as_ptr()) })?;
        let mut writer = Writer::new()?;
        // SAFETY: `writer` was initialised, and both are live.
        done(unsafe { c::EVP_marshal_private_key(&raw mut writer.0, any.0.as_ptr()) })?;
        writer.finish()
    }

    /// The modulus, big-endian, without leading zeros.
    #[must_use]
    pub fn modulus(&self) -> Vec<u8> {
        // SAFETY: the key is live; what is answered belongs to it and lives as long.
        let number = unsafe { c::RSA_get0_n(self.0.as_ptr()) };
        bytes_of(number)
    }

    /// The public exponent, big-endian, without leading zeros.
    #[must_use]
    pub fn exponent(&self) -> Vec<u8> {
        // SAFETY: the key is live; what is answered belongs to it and lives as long.
        let number = unsafe { c::RSA_get0_e(self.0.as_ptr()) };
        bytes_of(number)
    }

    /// `input^d mod n`, both as long as the modulus. AWS-LC blinds the operation and checks what comes out against faults.
    ///
    /// # Errors
    /// [`RsaError`], also for an `input` of another length, for 0, 1, n − 1 and whatever is above.
    pub fn private_operation(&self, input: &[u8]) -> Result<Vec<u8>, RsaError> {
        let mut output = vec![0; self.bytes()];
        let mut written = 0;
        // SAFETY: the key is live; input and output are passed with their lengths, do not overlap, and live until after the call.
        let signed = unsafe {
            c::RSA_sign_raw(
                self.0.as_ptr(),
                &raw mut written,
                output.as_mut_ptr(),
                output.len(),
                input.as_ptr(),
                input.len(),
                c::RSA_NO_PADDING,
            )
        };
        done(signed)?;
        if written == output.len() { Ok(output) } else { Err(RsaError) }
    }

    /// `input^e mod n`, both as long as the modulus.
    ///
    /// # Errors
    /// [`RsaError`], also for an `input` of another length or that is not below the modulus.
    pub fn public_operation(&self, input: &[u8]) -> Result<Vec<u8>, RsaError> {
        let mut output = vec![0; self.bytes()];
        let mut written = 0;
        // SAFETY: the key is live; input and output are passed with their lengths, do not overlap, and live until after the call.
        let computed = unsafe {
            c::RSA_verify_raw(
                self.0.as_ptr(),
                &raw mut written,
                output.as_mut_ptr(),
                output.len(),
                input.as_ptr(),
                input.len(),
                c::RSA_NO_PADDING,
            )
        };
        done(computed)?;
        if written == output.len() { Ok(output) } else { Err(RsaError) }
    }

    fn bytes(&self) -> usize {
        // SAFETY: the key is live.
        let bytes = unsafe { c::RSA_size(self.0.as_ptr()) };
        bytes as usize
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // No part of it reaches a log line.
        out.write_str("PrivateKey")
    }
}

/// What AWS-LC answers where it can fail: 1 for success.
fn done(code: c_int) -> Result<(), RsaError> {
    if code == 1 { Ok(()) } else { Err(RsaError) }
}

/// The bytes of a part of a live key, big-endian, without leading zeros; none for a part that is not there.
fn bytes_of(number: *const c::BIGNUM) -> Vec<u8> {
    if number.is_null() {
        return Vec::new();
    }
    // SAFETY: the pointer is not null, and both callers pass a part of a key that is live.
    let mut bytes = vec![0; unsafe { c::BN_num_bytes(number) } as usize];
    // SAFETY: as above, and it writes at most `BN_num_bytes`, the length of `bytes`.
    let written = unsafe { c::BN_bn2bin(number, bytes.as_mut_ptr()) };
    bytes.truncate(written);
    bytes
}

/// A number that is owned here.
struct Number(NonNull<c::BIGNUM>);

impl Number {
    fn from_word(word: u32) -> Result<Self, RsaError> {
        // SAFETY: it takes nothing, and answers a number or null.
        let number = Self(NonNull::new(unsafe { c::BN_new() }).ok_or(RsaError)?);
        // SAFETY: the pointer is live, and nobody else has it.
        done(unsafe { c::BN_set_word(number.0.as_ptr(), word.into()) })?;
        Ok(number)
    }
}

impl Drop for Number {
    fn drop(&mut self) {
        // SAFETY: the pointer is owned by `self` alone, and is not used again.
        unsafe { c::BN_free(self.0.as_ptr()) };
    }
}

/// A reference to a key of any kind, which is owned here.
struct AnyKey(NonNull<c::EVP_PKEY>);

impl Drop for AnyKey {
    fn drop(&mut self) {
        // SAFETY: the reference is owned by `self`, and is not used again.
        unsafe { c::EVP_PKEY_free(self.0.as_ptr()) };
    }
}

/// Bytes that grow as AWS-LC writes them, which overwrites them when it frees them.
struct Writer(c::CBB);

impl Writer {
    fn new() -> Result<Self, RsaError> {
        let mut writer = std::mem::MaybeUninit::<c::CBB>::uninit();
        // SAFETY: it initialises all of what it is given room for, without reading it.
        done(unsafe { c::CBB_init(writer.as_mut_ptr(), 2048) })?;
        // SAFETY: it was initialised, because the call succeeded.
        Ok(Self(unsafe { writer.assume_init() }))
    }

    fn finish(mut self) -> Result<Vec<u8>, RsaError> {
        // SAFETY: the writer was initialised, and is flushed: its length and bytes may be read.
        done(unsafe { c::CBB_flush(&raw mut self.0) })?;
        // SAFETY: as above.
        let (bytes, length) = (unsafe { c::CBB_data(&raw const self.0) }, unsafe { c::CBB_len(&raw const self.0) });
        // SAFETY: the writer owns `length` bytes there until it is dropped, at the end of this function.
        Ok(unsafe { std::slice::from_raw_parts(bytes, length) }.to_vec())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // SAFETY: it was initialised and not finished, and is not used again.
        unsafe { c::CBB_cleanup(&raw mut self.0) };
    }
}
