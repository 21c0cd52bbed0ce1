//! A seat as it lies at Redis: its group and the subject that it leads, which steps must know, and the whole seat with its name
//! sealed. It never sees a ballot.

use super::{Kind, Sealing};
use crate::store::{Result, StoreError};
use pingyi_rules::meeting::plan::EntitledSeat;

/// Writes a seat.
pub(in crate::store::redis) fn written(sealing: &Sealing, meeting: &str, seat: &EntitledSeat) -> Result<Vec<u8>> {
    let json = serde_json::to_vec(seat).map_err(|_| StoreError::Broken("a seat cannot be written".to_owned()))?;
    let leads = seat.leads_subject.map(|subject| subject.to_string()).unwrap_or_default();
    let open = format!("{}\n{leads}\n", seat.group).into_bytes();
    Ok([open, sealing.seal(Kind::Seat, meeting, seat.seat, &json)?].concat())
}

/// Reads the seat of a number.
pub(in crate::store::redis) fn read(
    sealing: &Sealing,
    meeting: &str,
    number: &[u8],
    written: &[u8],
) -> Result<EntitledSeat> {
    let broken = || StoreError::Broken("redis: a seat cannot be read".to_owned());
    let number = std::str::from_utf8(number).ok().and_then(|number| number.parse().ok()).ok_or_else(broken)?;
    // Group and subject are letters and digits, so the second line feed is the one before what is sealed.
    let sealed = written.splitn(3, |byte| *byte == b'\n').nth(2).ok_or_else(broken)?;
    serde_json::from_slice(&sealing.open(Kind::Seat, meeting, number, sealed)?).map_err(|_| broken())
}
