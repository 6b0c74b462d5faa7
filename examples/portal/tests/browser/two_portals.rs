//! Several portals on one PostgreSQL.

use tokio::join;

use crate::postgres::Database;
use crate::stage::story;

#[test]
fn of_the_same_code_in_two_portals_at_once_one_gets_in() {
    let Some(database) = Database::make("portal_browser") else {
        return;
    };
    story(&database.settings(), async |stage| {
        let second_portal = stage.another_portal();
        let first = stage.visitor().await;
        let second = stage.visitor_of(&second_portal, "en").await;
        let app = first.registers(&stage.portal, "ada").await;
        // What the one knows, the other knows.
        second.signs_in(&stage.portal, "ada").await;
        second.arrives_at("Verify that it is you").await;
        first.signs_out().await;
        first.signs_in(&stage.portal, "ada").await;
        first.arrives_at("Verify that it is you").await;

        let code = app.code();
        first.fill("Code", &code).await;
        second.fill("Code", &code).await;
        join!(first.press("Verify"), second.press("Verify"));
        let is_in = async |browser: &crate::browser::Browser| {
            browser.goto("/security-info").await;
            browser.heading().await == "Security info"
        };
        let gone_in = [is_in(&first).await, is_in(&second).await];
        assert!(gone_in[0] != gone_in[1], "{gone_in:?}");
    });
}
