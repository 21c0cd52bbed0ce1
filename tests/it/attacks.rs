//! The attacks on secrecy, with numbers: what somebody can do who has everything that a server, its disk and Redis ever held
//! and said. Each attack is also made on something that leaks on purpose, where it must succeed.

mod algebra;
mod at_redis;
mod canaries;
mod evidence;
mod exported;
mod items;
mod links;
mod listener;
mod operator;
mod sealed;
mod shapes;
