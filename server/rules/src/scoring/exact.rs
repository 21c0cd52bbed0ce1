//! Exact numbers and the one routine that turns them into decimal strings.
//! It knows numbers only: no marks, groups or rules.

use num_bigint::{BigInt, Sign};
use num_rational::BigRational;
use num_traits::{One, Pow, Signed, ToPrimitive, Zero};

/// A number without rounding: a fraction of two integers of any size.
pub type Exact = BigRational;

/// Most decimals that are ever printed.
pub const DECIMALS_MAX: u32 = 6;

/// A whole number.
pub(crate) fn whole(value: u64) -> Exact {
    Exact::from_integer(BigInt::from(value))
}

/// A number kept in hundredths: 9,250 is 92.5. Weights in basis points become percents the same way.
pub(crate) fn hundredths(value: i64) -> Exact {
    Exact::new(BigInt::from(value), BigInt::from(100))
}

/// The number in units of the last printed decimal, rounded half-up (rule c1): away from zero at exactly one half.
pub(crate) fn rounded(value: &Exact, decimals: u32) -> BigInt {
    let scaled = value.abs() * Exact::from_integer(ten_to(decimals));
    let two = BigInt::from(2);
    // The denominator of a rational is positive, so the division truncates towards zero, which is the floor here.
    let magnitude = (scaled.numer() * &two + scaled.denom()) / (scaled.denom() * &two);
    if value.is_negative() { -magnitude } else { magnitude }
}

/// The number as a decimal string, rounded half-up; the only place that makes one. At most six decimals; more are cut to six.
#[must_use]
pub fn printed(value: &Exact, decimals: u32) -> String {
    let decimals = decimals.min(DECIMALS_MAX);
    units_text(&rounded(value, decimals), decimals)
}

/// Units of the last decimal as a string: 9,303 with two decimals is `93.03`.
fn units_text(units: &BigInt, decimals: u32) -> String {
    let places = decimals.to_usize().unwrap_or(0);
    let sign = if units.sign() == Sign::Minus { "-" } else { "" };
    let digits = format!("{:0>width$}", units.abs().to_string(), width = places + 1);
    let (before, after) = digits.split_at(digits.len() - places);
    if places == 0 { format!("{sign}{before}") } else { format!("{sign}{before}.{after}") }
}

/// The number as a fraction in lowest terms, as `3256/35`, or as an integer.
#[must_use]
pub fn exact_text(value: &Exact) -> String {
    value.to_string()
}

/// The shortest text that is still exact: `92.5` where six decimals are enough, else the fraction `660/7`.
#[must_use]
pub fn short_text(value: &Exact) -> String {
    let units = rounded(value, DECIMALS_MAX);
    if Exact::new(units.clone(), ten_to(DECIMALS_MAX)) != *value {
        return exact_text(value);
    }
    let text = units_text(&units, DECIMALS_MAX);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Reads `91`, `91.0` or `-0.25`: at most nine digits before and six after the point; anything else is nothing.
#[must_use]
pub fn parse_decimal(text: &str) -> Option<Exact> {
    let (negative, unsigned) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (before, after) = match unsigned.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (unsigned, ""),
    };
    let all_digits = before.bytes().chain(after.bytes()).all(|byte| byte.is_ascii_digit());
    if before.is_empty() || before.len() > 9 || after.len() > 6 || !all_digits {
        return None;
    }
    let digits: BigInt = format!("{before}{after}").parse().ok()?;
    let value = Exact::new(digits, ten_to(u32::try_from(after.len()).ok()?));
    Some(if negative { -value } else { value })
}

/// Nothing when the divisor is zero, where a plain division would panic.
pub(crate) fn divided(value: &Exact, by: &Exact) -> Option<Exact> {
    if by.is_zero() { None } else { Some(value / by) }
}

fn ten_to(power: u32) -> BigInt {
    if power == 0 { BigInt::one() } else { BigInt::from(10).pow(power) }
}
