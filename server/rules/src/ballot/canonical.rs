//! Canonical JSON (RFC 8785), restricted to what a manifest and a ballot need: objects, arrays, strings, integers, booleans, null.
//! One value has one spelling in bytes, so that a hash of it means the value. It knows nothing of what the values mean.

use serde_json::{Map, Value};

/// The largest integer that every JSON reader keeps exactly: 2⁵³ − 1 (RFC 7493, section 2.2).
pub const INTEGER_MAX: u64 = (1 << 53) - 1;
/// How deep objects and arrays may be nested.
pub const DEPTH_MAX: usize = 32;

/// Why a value or its bytes are not canonical.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotCanonical {
    /// The bytes are no JSON text in UTF-8.
    NotJson,
    /// A number with a fraction or an exponent, or beyond 64 bits.
    Fraction,
    /// An integer beyond ±[`INTEGER_MAX`].
    OutOfRange,
    /// Nested deeper than [`DEPTH_MAX`].
    TooDeep,
    /// Another spelling of the same value: blanks, order, a name twice, escapes.
    OtherSpelling,
}

/// The canonical bytes of a value.
///
/// # Errors
/// The number or the depth that has no canonical form here.
pub fn canonical(value: &Value) -> Result<Vec<u8>, NotCanonical> {
    let mut out = Vec::with_capacity(256);
    write_value(&mut out, value, 0)?;
    Ok(out)
}

/// The value of bytes that are canonical.
///
/// # Errors
/// Every other spelling of a value, and everything that is no value.
pub fn parse(bytes: &[u8]) -> Result<Value, NotCanonical> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| NotCanonical::NotJson)?;
    if canonical(&value)? == bytes { Ok(value) } else { Err(NotCanonical::OtherSpelling) }
}

fn write_value(out: &mut Vec<u8>, value: &Value, depth: usize) -> Result<(), NotCanonical> {
    if depth > DEPTH_MAX {
        return Err(NotCanonical::TooDeep);
    }
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => write_integer(out, number)?,
        Value::String(text) => write_string(out, text),
        Value::Array(values) => {
            out.push(b'[');
            for (at, value) in values.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_value(out, value, depth + 1)?;
            }
            out.push(b']');
        }
        Value::Object(members) => write_object(out, members, depth)?,
    }
    Ok(())
}

fn write_object(out: &mut Vec<u8>, members: &Map<String, Value>, depth: usize) -> Result<(), NotCanonical> {
    // RFC 8785 orders names by UTF-16 code units; UTF-8 order differs above U+FFFF.
    let mut sorted: Vec<(&String, &Value)> = members.iter().collect();
    sorted.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
    out.push(b'{');
    for (at, (name, value)) in sorted.into_iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        write_string(out, name);
        out.push(b':');
        write_value(out, value, depth + 1)?;
    }
    out.push(b'}');
    Ok(())
}

fn write_integer(out: &mut Vec<u8>, number: &serde_json::Number) -> Result<(), NotCanonical> {
    let size = match (number.as_u64(), number.as_i64()) {
        (Some(positive), _) => positive,
        (None, Some(negative)) => negative.unsigned_abs(),
        (None, None) => return Err(NotCanonical::Fraction),
    };
    if size > INTEGER_MAX {
        return Err(NotCanonical::OutOfRange);
    }
    out.extend_from_slice(number.to_string().as_bytes());
    Ok(())
}

/// Appends a string as RFC 8785, section 3.2.2.2 spells it.
pub(crate) fn write_string(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0..0x20 => {
                out.extend_from_slice(b"\\u00");
                out.push(HEX[usize::from(byte >> 4)]);
                out.push(HEX[usize::from(byte & 15)]);
            }
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}
