//! Where somebody is signed in: ending it everywhere, and forgetting devices that skip the second step.

use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use axum::routing::post;
use mfa_flow::RememberedDeviceId;
use serde::Deserialize;

use crate::failure::Failure;
use crate::pages::security_info::HERE;
use crate::site::Site;
use crate::visitor::{Filled, SignedIn};

/// One device, or all of them.
#[derive(Deserialize)]
struct Forget {
    device: Option<RememberedDeviceId>,
}

pub(crate) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route(
            "/security-info/sign-out-everywhere",
            post(sign_out_everywhere),
        )
        .route("/security-info/devices/forget", post(forget))
}

/// Ends every session, that of this browser last, and skips the second step nowhere any more.
async fn sign_out_everywhere(SignedIn(mut visitor): SignedIn) -> Result<Response, Failure> {
    let forgotten = visitor.run(|on| on.forget_all_devices()).await?;
    let ended = visitor.run(|on| on.sign_out_elsewhere()).await?;
    if let Err(refused) = forgotten.and(ended) {
        return visitor.refused(refused, HERE).await;
    }
    visitor.run(|on| on.sign_out()).await?;
    visitor.end().await?;
    visitor.go("/sign-in")
}

async fn forget(
    SignedIn(visitor): SignedIn,
    Filled(form): Filled<Forget>,
) -> Result<Response, Failure> {
    let forgotten = visitor.run(|on| match form.device {
        Some(device) => on.forget_device(device),
        None => on.forget_all_devices(),
    });
    match forgotten.await? {
        Ok(()) => {
            let notice = visitor.say("info-device-forgotten", &[]);
            visitor.go_with(HERE, notice).await
        }
        Err(refused) => visitor.refused(refused, HERE).await,
    }
}
