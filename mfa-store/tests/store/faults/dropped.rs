//! The connection to PostgreSQL breaks, before or after what was sent has arrived.

use mfa_store::{PostgresOptions, PostgresStore, StoreError};

use super::Asked;
use super::proxy::{Cut, Proxy};
use crate::common::keyring;
use crate::place::{Fresh, runtime};

#[test]
fn a_connection_that_breaks_at_any_message_leaves_a_code_that_is_good_once() {
    let Some(fresh) = Fresh::postgres("read committed") else {
        return;
    };
    let Some(proxy) = Proxy::before(fresh.place.url()) else {
        return;
    };
    let mut seen = (0, 0);
    for cut in [Cut::Before, Cut::After] {
        for message in 0.. {
            let broke = runtime().block_on(async {
                let direct =
                    PostgresStore::connect(PostgresOptions::new(fresh.place.url()), keyring());
                let direct = direct.await.unwrap();
                let asked = Asked::new(&direct, &format!("{cut:?}-{message}")).await;
                let options = PostgresOptions::new(proxy.url()).with_connections(1);
                let store = PostgresStore::connect(options, keyring()).await.unwrap();
                proxy.arm(message, cut);
                let outcome = asked.answer(&store).await;
                let broke = !proxy.disarm();
                match &outcome {
                    Err(StoreError::InDoubt) => seen.0 += 1,
                    Err(_) => seen.1 += 1,
                    Ok(accepted) => assert!(accepted),
                }
                asked.is_good_once(&direct, Some(outcome)).await;
                broke
            });
            if !broke {
                break;
            }
        }
    }
    let (in_doubt, failed) = seen;
    assert!(
        in_doubt >= 2,
        "the commit was cut before and after it arrived: {seen:?}"
    );
    assert!(failed >= 1, "{failed} failed for sure");
}
