use std::net::TcpListener;

use super::*;

#[test]
fn a_port_in_use_is_skipped() {
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let taken = listener.local_addr().unwrap().port();
    let found = first_free_port(taken..u16::MAX).unwrap();
    assert!(found.is_none_or(|port| port > taken));
}

#[test]
fn a_range_without_a_free_port_gives_none() {
    let listener = TcpListener::bind("0.0.0.0:0").unwrap();
    let taken = listener.local_addr().unwrap().port();
    assert_eq!(first_free_port(taken..taken + 1).unwrap(), None);
    assert_eq!(first_free_port(taken..taken).unwrap(), None);
}

#[test]
fn port_zero_is_free() {
    assert_eq!(first_free_port(0..1).unwrap(), Some(0));
}
