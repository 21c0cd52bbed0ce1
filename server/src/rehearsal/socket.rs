//! A simulated page's socket: says hello in an envelope, and opens what a role is shown. It knows messages and nothing of what
//! they mean.

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use super::sealed_wire::{self, scope_of};
use super::wire::{ServerAddress, Wire};
use pingyi_rules::envelope::{AnswerSecret, Messages, NONCE_BYTES, unpadded};

/// A socket that has said hello.
pub struct Socket {
    stream: WebSocketStream<TcpStream>,
    secret: AnswerSecret,
    /// Of a role, from the first one on.
    messages: Option<Messages>,
}

impl Socket {
    /// A socket to a path of a server, with a session or a credential.
    ///
    /// # Errors
    /// Why not, in the words of the system.
    pub async fn connect(address: &ServerAddress, path: &str, session: &str) -> Result<Self, String> {
        // Thousands of simulated phones live in one process: their buffers are as small as the server's.
        let config =
            WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0).max_write_buffer_size(64 * 1024);
        let scope = scope_of(path);
        let known = match sealed_wire::known(&address.authority, scope) {
            Some(known) => known,
            None => Wire::learn_key(address, scope).await.map_err(|why| format!("{why:?}"))?,
        };
        let stream = address.connect().await.map_err(|error| error.to_string())?;
        let url = format!("ws://{}{path}", address.authority);
        let upgraded = client_async_with_config(url, stream, Some(config)).await;
        let (mut stream, _) = upgraded.map_err(|error| error.to_string())?;
        let (envelope, secret) = known.hello(scope, session).map_err(|why| format!("{why:?}"))?;
        stream.send(Message::binary(envelope)).await.map_err(|error| error.to_string())?;
        Ok(Self { stream, secret, messages: None })
    }

    /// The next message, with what is sealed opened.
    pub async fn next(&mut self) -> Option<Result<Message, Error>> {
        match self.stream.next().await? {
            Ok(Message::Binary(sealed)) => {
                Some(self.opened(&sealed).ok_or(Error::Utf8("a message of others".to_owned())))
            }
            other => Some(other),
        }
    }

    /// Sends what no page would.
    ///
    /// # Errors
    /// The socket's.
    pub async fn send(&mut self, message: Message) -> Result<(), Error> {
        self.stream.send(message).await
    }

    /// Closes it.
    ///
    /// # Errors
    /// The socket's.
    pub async fn close(&mut self) -> Result<(), Error> {
        self.stream.close(None).await
    }

    fn opened(&mut self, sealed: &[u8]) -> Option<Message> {
        let (messages, sealed) = match &mut self.messages {
            Some(messages) => (messages, sealed),
            begins => {
                let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
                (begins.insert(self.secret.messages(nonce)?), sealed)
            }
        };
        let text = messages.open(sealed, false)?;
        Some(Message::text(String::from_utf8(unpadded(&text)?.to_vec()).ok()?))
    }
}
