//! Private RSA keys as PKCS#8 (RFC 5208) with RSAPrivateKey (RFC 8017, A.1.2), written and read here byte by byte, so that a test depends
//! on no library's opinion of a key.

use num_bigint::BigUint;

/// A length and what follows, in DER.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let first = length.iter().position(|byte| *byte > 0).unwrap_or(length.len() - 1);
    let length = &length[first..];
    let long = u8::try_from(0x80 + length.len()).unwrap();
    let head = if content.len() < 0x80 { vec![tag] } else { vec![tag, long] };
    [&head, length, content].concat()
}

fn integer(number: &BigUint) -> Vec<u8> {
    // The zero keeps it positive where the top bit is set.
    let bytes = number.to_bytes_be();
    der(2, &if bytes[0] & 0x80 == 0 { bytes } else { [vec![0], bytes].concat() })
}

/// The key of two primes and an exponent.
pub fn pkcs8(p: &BigUint, q: &BigUint, e: &BigUint) -> Vec<u8> {
    let one = BigUint::from(1_u8);
    let (n, zero) = (p * q, BigUint::ZERO);
    let d = e.modinv(&((p - &one) * (q - &one))).unwrap();
    let (dp, dq, inverse) = (&d % (p - &one), &d % (q - &one), q.modinv(p).unwrap());
    let parts = [&zero, &n, e, &d, p, q, &dp, &dq, &inverse].map(integer).concat();
    let rsa_encryption = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0];
    der(0x30, &[integer(&zero), rsa_encryption.to_vec(), der(4, &der(0x30, &parts))].concat())
}

/// Version, n, e, d, p, q, d mod (p − 1), d mod (q − 1) and q⁻¹ mod p of such a key.
pub fn parts(pkcs8: &[u8]) -> [BigUint; 9] {
    let (all, _) = content(0x30, pkcs8);
    let (_, after_version) = content(2, all);
    let (_, after_algorithm) = content(0x30, after_version);
    let (octets, _) = content(4, after_algorithm);
    let (mut rest, _) = content(0x30, octets);
    std::array::from_fn(|_| {
        let number;
        (number, rest) = content(2, rest);
        BigUint::from_bytes_be(number)
    })
}

/// What an element with this tag holds, and what comes after it.
fn content(tag: u8, der: &[u8]) -> (&[u8], &[u8]) {
    assert_eq!(der[0], tag);
    let long = usize::from(der[1].saturating_sub(0x80));
    let length = if der[1] < 0x80 { &der[1..2] } else { &der[2..2 + long] };
    let length = length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
    der[2 + long..].split_at(length)
}
