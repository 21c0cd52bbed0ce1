//! One connection to the redis-server of the simulation, as plain as it can be: in a debug build the real client takes longer for an
//! answer than all the rest of a seed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use redis::Value;

/// An answer, or what Redis says is wrong.
pub type Answer = Result<Value, String>;

pub struct Resp(BufReader<TcpStream>);

impl Resp {
    pub fn to(port: u16) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    pub fn ask(&mut self, words: &[&[u8]]) -> Answer {
        self.ask_all(&[words.to_vec()]).remove(0)
    }

    /// Sends all of them at once.
    pub fn ask_all(&mut self, commands: &[Vec<&[u8]>]) -> Vec<Answer> {
        let mut bytes = Vec::new();
        for words in commands {
            bytes.extend(format!("*{}\r\n", words.len()).bytes());
            for word in words {
                bytes.extend(format!("${}\r\n", word.len()).bytes());
                bytes.extend_from_slice(word);
                bytes.extend(b"\r\n");
            }
        }
        self.0.get_mut().write_all(&bytes).unwrap();
        commands.iter().map(|_| self.answer()).collect()
    }

    fn answer(&mut self) -> Answer {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        let (kind, rest) = line.trim_end().split_at(1);
        let length = || rest.parse::<usize>().ok();
        match kind {
            "+" => Ok(Value::SimpleString(rest.to_owned())),
            "-" => Err(rest.to_owned()),
            ":" => Ok(Value::Int(rest.parse().unwrap())),
            "*" => length().map_or(Ok(Value::Nil), |some| {
                (0..some).map(|_| self.answer()).collect::<Result<_, _>>().map(Value::Array)
            }),
            "$" => Ok(length().map_or(Value::Nil, |length| {
                let mut bytes = vec![0; length + 2];
                self.0.read_exact(&mut bytes).unwrap();
                bytes.truncate(length);
                Value::BulkString(bytes)
            })),
            other => panic!("Redis answers {other}{rest}"),
        }
    }
}

/// The bytes of an answer that is a text.
pub fn bytes(answer: Answer) -> Vec<u8> {
    match answer {
        Ok(Value::BulkString(bytes)) => bytes,
        other => panic!("Redis answers {other:?}"),
    }
}
