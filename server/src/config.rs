//! Every limit that the server keeps, each with its reason. What an operator chooses is in `command::serve`.

use std::time::Duration;

/// A whole cast: 201 ballots of some 560 bytes, padded.
pub const CAST_BYTES_MAX: usize = 192 * 1024;
/// A whole request for papers: 201 blinded tokens of 344 characters.
pub const PAPERS_BYTES_MAX: usize = 128 * 1024;
/// Any other request of a phone or a console.
pub const REQUEST_BYTES_MAX: usize = 16 * 1024;
/// A command: 500 paper sheets of 200 rows.
pub const COMMAND_BYTES_MAX: usize = 384 * 1024;
/// New slips for 20,000 seats: a hash of 43 characters each.
pub const SLIPS_BYTES_MAX: usize = 1024 * 1024;
/// A new meeting with 20,000 seats and written reports.
pub const MEETING_BYTES_MAX: usize = 16 * 1024 * 1024;
/// A sealed request is large from here on: none of a phone's, and few of a console's.
pub const SEALED_LARGE: usize = 512 * 1024;
/// Large ones that are read at a time: nobody was asked for a key before one is whole.
pub const SEALED_LARGE_AT_ONCE: usize = 4;
/// A sealed answer of more than this goes in parts.
pub const SEALED_PART_BYTES: usize = 256 * 1024;
/// How far the time in an envelope may be from the server's clock: phones correct theirs, and a request may wait on the way.
pub const SEALED_AGE_MAX: Duration = Duration::from_secs(120);
/// Envelopes that are remembered of four minutes, twice: a hall of 10,000 sends some 20,000.
pub const SEALED_SEEN_MAX: usize = 200_000;
/// A hello on a socket; screens send nothing else.
pub const HELLO_BYTES_MAX: usize = 1024;

/// How long a client may take to send a request's head.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a client may take to send a request's body: a cast on the worst Wi-Fi.
pub const BODY_TIMEOUT: Duration = Duration::from_secs(20);
/// How long a socket may wait before its hello.
pub const HELLO_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a screen may take to accept one view.
pub const SEND_TIMEOUT: Duration = Duration::from_secs(30);
/// How often a silent socket is told the time: phones call a connection dead after 45 s of silence.
pub const PING_INTERVAL: Duration = Duration::from_secs(20);
/// How long stopping waits for answers that are under way.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(5);

/// Over how long a stopping server closes its sockets: a millisecond or two for each, so that a hall of phones does not come
/// to the other servers at once.
pub const CLOSE_SPREAD_MAX: Duration = Duration::from_secs(2);
/// How long stopping waits for this server's ballots to be where they are counted.
pub const SIGN_OFF_TIMEOUT: Duration = Duration::from_secs(10);

/// How long stopping waits for tasks that still use the data directory.
pub const GIVE_BACK_TIMEOUT: Duration = Duration::from_secs(5);

/// Connections at once, sockets and event streams too: 20,000 seats with two each, and room for the rest of the house. Where
/// the system gives fewer descriptors it is fewer.
pub const CONNECTIONS_MAX: usize = 50_000;
/// Requests are answered on kept connections up to this many; above it each connection is closed after its answer. A
/// connection that waits for a next request holds a buffer of 8 KiB, and a thousand joining phones must not hold a thousand.
pub const KEPT_CONNECTIONS_MAX: usize = 64;
/// Sockets of one seat; the oldest is closed for a newer one.
pub const SOCKETS_A_SEAT_MAX: usize = 3;
/// Sockets and event streams of one seat together; the oldest is closed for a newer one. Twice the sockets, so that a page whose
/// socket is replaced is told so before its connection is taken from it.
pub const CONNECTIONS_A_SEAT_MAX: usize = 6;
/// Sockets and event streams of one role of a meeting: its 20 sessions with three windows each.
pub const CONNECTIONS_A_ROLE_MAX: usize = 60;

/// Meetings that are watched at once: each costs a task and its views, some hundred KiB for a large one.
pub const WATCHED_MAX: usize = 2_000;
/// How long whoever asks for a meeting waits until it is loaded: less than a page does, so that what waits is never more than
/// what somebody waits for.
pub const LOAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a meeting stays watched that nobody looks at and nobody asks for.
pub const LET_GO_AFTER: Duration = Duration::from_secs(300);

/// The least time between two views for the chair and the projector.
pub const HALL_VIEW_INTERVAL: Duration = Duration::from_millis(100);
/// The least time between two views for phones; in halls of over 10,000 it grows with their number.
pub const PHONE_VIEW_INTERVAL: Duration = Duration::from_millis(500);
/// Views to phones a second, over all of them.
pub const PHONE_VIEWS_A_SECOND_MAX: u32 = 20_000;
/// How often the pool rule may let ballots out. A tick carries no news of a single cast.
pub const RELEASE_INTERVAL: Duration = Duration::from_secs(2);

/// How long the envelopes of a round open after it was counted: a phone whose answer was lost repeats every four seconds, and
/// hears the outcome of its cast. After that only the record tells.
pub const SEAL_KEY_GRACE: Duration = Duration::from_secs(30);

/// How long whoever tried a wrong slip, code, link or operator key waits for the answer: a moment for who mistyped.
pub const FAILED_WAIT: Duration = Duration::from_secs(1);
/// Who may wait like that at a time; the answers to all others who fail are refused at once.
pub const FAILED_WAITING_MAX: usize = 64;
/// Failed attempts at one roster seat's personal code of six digits.
pub const FAILED_CODES_A_SEAT_MAX: u32 = 5;
/// How long a seat's personal code cannot be tried after too many failures.
pub const CODE_PAUSE: Duration = Duration::from_secs(60);
/// Leaves of a record that a phone fetches at once: 1 MiB. In a larger round it fetches only the parts that hold its own.
pub const LEAVES_WHOLE_MAX: usize = 32_768;
/// Leaves of a part: so many ballots that it tells nothing about one. A power of two, so that a part is a subtree.
pub const LEAVES_PART: usize = 4_096;
/// Meetings listed for a phone without a slip.
pub const MEETINGS_LISTED_MAX: u32 = 50;
