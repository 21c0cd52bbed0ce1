//! The way to a real Redis: one connection that many callers share, made anew when it breaks, wherever the primary is then.
//! Pokes come back on it. It knows commands and channels, and nothing of what they are for.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use redis::aio::MultiplexedConnection;
use redis::cluster::{ClusterClient, ClusterClientBuilder};
use redis::cluster_async::ClusterConnection;
use redis::cluster_routing::{MultipleNodeRoutingInfo, RoutingInfo};
use redis::io::tcp::TcpSettings;
use redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use redis::{
    AsyncConnectionConfig, Client, Cmd, ErrorKind, Pipeline, ProtocolVersion, PushInfo, PushKind, RedisError,
    ServerErrorKind, Value,
};
use tokio::sync::{Notify, mpsc};

use super::address::{Login, RedisAddress};
use super::step::{Call, broken, unreadable};
use super::transport::Transport;
use crate::store::StoreError;

/// How long an answer may take. Longer, and nobody knows whether it was done.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long replicas have, in milliseconds.
const WAIT_MS: u64 = 2_000;
/// How long a connection may take to be made.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(2);

/// One connection to whatever kind of Redis it is.
#[derive(Clone)]
enum Connection {
    One(MultiplexedConnection),
    Cluster(ClusterConnection),
}

enum Kind {
    One(Box<Client>),
    // Asking for the primary needs it alone; connections are made one at a time.
    Sentinel(Box<tokio::sync::Mutex<SentinelClient>>),
    Cluster(Box<ClusterClient>),
}

/// One connection to Redis that many callers share.
pub(in crate::store::redis) struct SharedConnection {
    kind: Kind,
    config: AsyncConnectionConfig,
    // A std mutex: held to copy a handle, never across an await.
    current: Mutex<(u64, Option<Connection>)>,
    connecting: tokio::sync::Mutex<()>,
    channels: Mutex<BTreeSet<String>>,
    connected: Arc<Notify>,
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SharedConnection {
    /// One that connects at its first use. Names of channels on which somebody published go to `pokes`; where nobody takes
    /// them in time they are lost, as pokes may be.
    pub(in crate::store::redis) fn new(address: RedisAddress, pokes: mpsc::Sender<String>) -> Result<Self, RedisError> {
        // Where TLS is compiled in without a choice of cryptography, the first connection would end the process.
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        let hear = move |push: PushInfo| -> Result<(), redis::aio::SendError> {
            if let (PushKind::Message | PushKind::SMessage, Some(Value::BulkString(channel))) =
                (&push.kind, push.data.first())
                && let Ok(channel) = String::from_utf8(channel.clone())
            {
                drop(pokes.try_send(channel));
            }
            Ok(())
        };
        let config = AsyncConnectionConfig::new()
            .set_response_timeout(Some(RESPONSE_TIMEOUT))
            .set_connection_timeout(Some(CONNECTION_TIMEOUT));
        let tcp = TcpSettings::default().set_nodelay(true);
        let login_of = |login: Option<Login>| login.map(|login| (login.user, login.password));
        let kind = match address {
            RedisAddress::One(info) => Kind::One(Box::new(Client::open(info)?)),
            RedisAddress::Sentinel { sentinels, service, login } => {
                let mut builder = SentinelClientBuilder::new(sentinels, service, SentinelServerType::Master)?
                    .set_client_to_redis_protocol(ProtocolVersion::RESP3)
                    .set_client_to_redis_tcp_settings(tcp);
                if let Some((user, password)) = login_of(login) {
                    builder = builder.set_client_to_redis_password(password);
                    builder = if user.is_empty() { builder } else { builder.set_client_to_redis_username(user) };
                }
                Kind::Sentinel(Box::new(tokio::sync::Mutex::new(builder.build()?)))
            }
            RedisAddress::Cluster { nodes, login } => {
                let mut builder = ClusterClientBuilder::new(nodes)
                    .use_protocol(ProtocolVersion::RESP3)
                    .response_timeout(RESPONSE_TIMEOUT)
                    .connection_timeout(CONNECTION_TIMEOUT)
                    .tcp_settings(tcp)
                    .push_sender(hear.clone());
                if let Some((user, password)) = login_of(login) {
                    builder = builder.password(password);
                    builder = if user.is_empty() { builder } else { builder.username(user) };
                }
                Kind::Cluster(Box::new(builder.build()?))
            }
        };
        let config = if matches!(kind, Kind::Cluster(_)) { config } else { config.set_push_sender(hear) };
        Ok(Self {
            kind,
            config,
            current: Mutex::default(),
            connecting: tokio::sync::Mutex::default(),
            channels: Mutex::default(),
            connected: Arc::default(),
        })
    }

    fn there(&self) -> Option<(u64, Connection)> {
        let current = locked(&self.current);
        current.1.clone().map(|connection| (current.0, connection))
    }

    async fn connection(&self) -> Result<(u64, Connection), RedisError> {
        if let Some(there) = self.there() {
            return Ok(there);
        }
        let _connecting = self.connecting.lock().await;
        if let Some(there) = self.there() {
            return Ok(there);
        }
        let mut made = match &self.kind {
            Kind::One(client) => {
                Connection::One(client.get_multiplexed_async_connection_with_config(&self.config).await?)
            }
            Kind::Sentinel(client) => {
                Connection::One(client.lock().await.get_async_connection_with_config(&self.config).await?)
            }
            Kind::Cluster(client) => Connection::Cluster(client.get_async_connection().await?),
        };
        let channels: Vec<String> = locked(&self.channels).iter().cloned().collect();
        for channel in channels {
            subscribe(&mut made, &channel).await?;
        }
        let generation = {
            let mut current = locked(&self.current);
            *current = (current.0 + 1, Some(made.clone()));
            current.0
        };
        self.connected.notify_one();
        Ok((generation, made))
    }

    /// A connection that failed is not used again, unless somebody replaced it already.
    fn failed(&self, generation: u64, error: &RedisError) {
        let moved = matches!(
            error.kind(),
            ErrorKind::Server(ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown | ServerErrorKind::BusyLoading)
        );
        let is_cluster = matches!(self.kind, Kind::Cluster(_));
        // A cluster's connections mend themselves; all of it is made anew only when no node of it answers.
        let is_broken = error.is_unrecoverable_error() || error.is_timeout() || error.is_io_error() || moved;
        let mut current = locked(&self.current);
        if is_broken && !(is_cluster && moved) && current.0 == generation {
            current.1 = None;
        }
    }

    /// Sends a command. It is sent again once where the connection was gone already, so it must be one that may be repeated.
    async fn ask(&self, command: &Cmd) -> Result<Value, RedisError> {
        let (generation, mut connection) = self.connection().await?;
        let first = query(&mut connection, command).await;
        let Err(error) = &first else { return first };
        self.failed(generation, error);
        if !error.is_connection_dropped() {
            return first;
        }
        let (generation, mut connection) = self.connection().await?;
        let second = query(&mut connection, command).await;
        if let Err(error) = &second {
            self.failed(generation, error);
        }
        second
    }

    /// Sends a command to every primary.
    pub(in crate::store::redis) async fn ask_each(&self, command: &Cmd) -> Result<Vec<Value>, RedisError> {
        let (_, connection) = self.connection().await?;
        let Connection::Cluster(mut connection) = connection else { return Ok(vec![self.ask(command).await?]) };
        let everywhere = RoutingInfo::MultiNode((MultipleNodeRoutingInfo::AllMasters, None));
        let answers = connection.route_command(command.clone(), everywhere).await?;
        Ok(match answers {
            Value::Map(answers) => answers.into_iter().map(|(_, answer)| answer).collect(),
            answer => vec![answer],
        })
    }

    /// Sends commands that must go over the same connection, one after the other.
    async fn ask_all(&self, commands: &Pipeline) -> Result<Vec<Value>, RedisError> {
        let (generation, mut connection) = self.connection().await?;
        let answers = match &mut connection {
            Connection::One(connection) => commands.query_async(connection).await,
            Connection::Cluster(connection) => commands.query_async(connection).await,
        };
        if let Err(error) = &answers {
            self.failed(generation, error);
        }
        answers
    }

    async fn hear_on_each(&self, channel: &str) -> Result<(), RedisError> {
        if !locked(&self.channels).insert(channel.to_owned()) {
            return Ok(());
        }
        let Some((generation, mut connection)) = self.there() else { return Ok(()) };
        let heard = subscribe(&mut connection, channel).await;
        if let Err(error) = &heard {
            // The next connection hears it.
            self.failed(generation, error);
        }
        heard
    }

    async fn ask_replicated(&self, how: How, calls: &[Call], replicas: u32) -> Result<Vec<Value>, RedisError> {
        let mut pipeline = Pipeline::new();
        calls.iter().for_each(|call| {
            pipeline.add_command(command(how, call));
        });
        pipeline.cmd("WAIT").arg(replicas).arg(WAIT_MS);
        self.ask_all(&pipeline).await
    }
}

#[async_trait]
impl Transport for SharedConnection {
    async fn run(&self, call: &Call) -> crate::store::Result<Value> {
        let by_hash = self.ask(&command(How::ByHash, call)).await;
        let answer = match by_hash {
            Err(error) if is_not_loaded(&error) => self.ask(&command(How::ByCode, call)).await,
            answered => answered,
        };
        answer.map_err(|error| broken(&error))
    }

    async fn run_replicated(&self, calls: &[Call], replicas: u32) -> crate::store::Result<Vec<Value>> {
        let mut answers = self.ask_replicated(How::ByHash, calls, replicas).await;
        if answers.as_ref().is_err_and(is_not_loaded) {
            answers = self.ask_replicated(How::ByCode, calls, replicas).await;
        }
        let mut answers = answers.map_err(|error| broken(&error))?;
        let reached = answers.pop().filter(|_| answers.len() == calls.len());
        let Some(Value::Int(reached)) = reached else { return Err(unreadable()) };
        if reached < i64::from(replicas) {
            return Err(StoreError::Broken("redis: too few replicas have it; it may be repeated".to_owned()));
        }
        Ok(answers)
    }

    async fn hear(&self, channel: &str) -> crate::store::Result<()> {
        self.hear_on_each(channel).await.map_err(|error| broken(&error))
    }

    async fn publish(&self, channel: &str) -> crate::store::Result<()> {
        let publish = if matches!(self.kind, Kind::Cluster(_)) { "SPUBLISH" } else { "PUBLISH" };
        self.ask(redis::cmd(publish).arg(channel).arg("")).await.map(drop).map_err(|error| broken(&error))
    }

    fn connected(&self) -> Arc<Notify> {
        Arc::clone(&self.connected)
    }
}

/// How a step is named.
#[derive(Clone, Copy)]
enum How {
    ByHash,
    /// Where Redis does not have the step yet.
    ByCode,
}

fn command(how: How, call: &Call) -> Cmd {
    let mut command = match how {
        How::ByHash => redis::cmd("EVALSHA"),
        How::ByCode => redis::cmd("EVAL"),
    };
    match how {
        How::ByHash => command.arg(&call.step.hash),
        How::ByCode => command.arg(call.step.code),
    };
    command.arg(call.keys.len()).arg(&call.keys);
    for argument in &call.arguments {
        command.arg(argument.as_slice());
    }
    command
}

/// Whether Redis does not have the step yet.
fn is_not_loaded(error: &RedisError) -> bool {
    error.kind() == ErrorKind::Server(ServerErrorKind::NoScript)
}

async fn query(connection: &mut Connection, command: &Cmd) -> Result<Value, RedisError> {
    match connection {
        Connection::One(connection) => command.query_async(connection).await,
        Connection::Cluster(connection) => command.query_async(connection).await,
    }
}

async fn subscribe(connection: &mut Connection, channel: &str) -> Result<(), RedisError> {
    match connection {
        Connection::One(connection) => connection.subscribe(channel).await,
        Connection::Cluster(connection) => connection.ssubscribe(channel).await,
    }
}
