//! How Redis is named on the command line: one server, a group watched by Sentinels, or a Cluster. It opens nothing.

use redis::{ConnectionAddr, IntoConnectionInfo, ProtocolVersion};

/// Addresses of a group or a cluster that are tried.
const ADDRESSES_MAX: usize = 64;

/// Where Redis is.
#[derive(Clone, Debug)]
pub(in crate::store::redis) enum RedisAddress {
    /// `redis://…`, `rediss://…` or `redis+unix://…`.
    One(redis::ConnectionInfo),
    /// `redis+sentinel://host:port,host:port/service`.
    Sentinel { sentinels: Vec<ConnectionAddr>, service: String, login: Option<Login> },
    /// `redis+cluster://host:port,host:port`.
    Cluster { nodes: Vec<String>, login: Option<Login> },
}

/// A user's name (empty: the default one) and password.
#[derive(Clone)]
pub(in crate::store::redis) struct Login {
    pub(in crate::store::redis) user: String,
    pub(in crate::store::redis) password: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login")
    }
}

impl RedisAddress {
    /// Reads a URL; none where it has another form.
    pub(in crate::store::redis) fn read(url: &str) -> Option<Self> {
        if let Some(rest) = url.strip_prefix("redis+sentinel://") {
            let (login, rest) = login(rest);
            let (hosts, service) = rest.split_once('/')?;
            let sentinels = hosts_of(hosts)?.into_iter().map(|(host, port)| ConnectionAddr::Tcp(host, port)).collect();
            let service = service.trim_end_matches('/');
            let is_name = !service.is_empty() && !service.contains('/');
            return is_name.then(|| Self::Sentinel { sentinels, service: service.to_owned(), login });
        }
        if let Some(rest) = url.strip_prefix("redis+cluster://") {
            let (login, rest) = login(rest);
            let nodes = hosts_of(rest.trim_end_matches('/'))?;
            let nodes = nodes.into_iter().map(|(host, port)| format!("redis://{host}:{port}")).collect();
            return Some(Self::Cluster { nodes, login });
        }
        let info = url.into_connection_info().ok()?;
        // Pokes come on the connection that commands go through, which only this protocol can do.
        let settings = info.redis_settings().clone().set_protocol(ProtocolVersion::RESP3);
        let tcp = info.tcp_settings().clone().set_nodelay(true);
        Some(Self::One(info.set_redis_settings(settings).set_tcp_settings(tcp)))
    }
}

fn login(rest: &str) -> (Option<Login>, &str) {
    let Some((login, rest)) = rest.rsplit_once('@') else { return (None, rest) };
    let (user, password) = login.split_once(':').unwrap_or(("", login));
    (Some(Login { user: user.to_owned(), password: password.to_owned() }), rest)
}

fn hosts_of(hosts: &str) -> Option<Vec<(String, u16)>> {
    let hosts: Option<Vec<(String, u16)>> = hosts
        .split(',')
        .map(|host| {
            let (host, port) = host.rsplit_once(':')?;
            let port = port.parse().ok().filter(|port| *port > 0)?;
            (!host.is_empty()).then(|| (host.to_owned(), port))
        })
        .collect();
    hosts.filter(|hosts| (1..=ADDRESSES_MAX).contains(&hosts.len()))
}
