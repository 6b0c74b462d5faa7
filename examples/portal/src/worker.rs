//! The worker: takes what has to go out from the outbox, carries it out, and says how it ended.
//!
//! Every portal has one, and they share the work. What one does not finish, because it was stopped or unplugged, another one
//! does when the lease is over; so everything here can happen twice, and is told apart by its idempotency key.

use std::sync::Arc;
use std::time::Duration;

use mfa_flow::{AccountKey, Contact, Effect, Event, Notice, Outgoing, What};
use mfa_policy::{Language, Timestamp};
use mfa_store::{Delivery, Settled, Store as _, StoreError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::audit;
use crate::deliver::answer::{AnswerKey, Call};
use crate::deliver::{
    Gateway, Kind, Lane, Letter, Mailer, Message, Minutes, NotSent, Words, demonstration,
    played_app, requests,
};
use crate::people::{self, Person};
use crate::site::{Site, now};

/// Taken at once, and for so long.
const BATCH: u32 = 100;
const LEASE_SECONDS: u32 = 60;
/// What has not ended by then is begun again later: the lease lasts until after that.
const LONGEST: Duration = Duration::from_secs(50);
/// So much is under way at a time that all of it is settled within its lease. It is more than both lanes hold, so that
/// there is always room for what waits for neither.
const MOST_UNDER_WAY: usize = 400;
/// After so many tries, with longer and longer pauses about half a day, something is given up.
const MOST_TRIES: u32 = 24;
const CLEAN_UP: Duration = Duration::from_secs(3_600);

/// What carries out what was promised.
pub(crate) struct Worker {
    site: Arc<Site>,
    mailer: Option<Mailer>,
    gateway: Option<Gateway>,
    answers: AnswerKey,
    mail: Lane,
    telephone: Lane,
}

impl Worker {
    /// With the ways that are configured.
    pub(crate) fn new(site: Arc<Site>) -> anyhow::Result<Self> {
        let config = &site.config;
        let mailer = config
            .smtp_url
            .as_deref()
            .map(|url| Mailer::new(url, &config.mail_from))
            .transpose()?;
        let token = config.gateway_token.as_deref().unwrap_or_default();
        let gateway = config
            .gateway_url
            .as_deref()
            .map(|url| Gateway::new(url, token))
            .transpose()?;
        let answers = AnswerKey::derive(site.keys.portal_key());
        Ok(Self {
            mailer,
            gateway,
            answers,
            mail: Lane::new(),
            telephone: Lane::new(),
            site,
        })
    }

    /// Works until it is told to stop, and ends when what is under way has ended.
    pub(crate) async fn run(self: Arc<Self>, stop: impl Future<Output = ()>) {
        let (mut under_way, mut stop) = (JoinSet::new(), std::pin::pin!(stop));
        let room = Arc::new(Semaphore::new(MOST_UNDER_WAY));
        let (mut cleaned, mut failing) = (None, false);
        loop {
            while under_way.try_join_next().is_some() {}
            if cleaned.is_none_or(|at: Instant| at.elapsed() >= CLEAN_UP) {
                cleaned = Some(Instant::now());
                let worker = Arc::clone(&self);
                under_way.spawn(async move { worker.clean_up().await });
            }
            let places = tokio::select! {
                biased;
                () = &mut stop => break,
                places = Arc::clone(&room).acquire_many_owned(BATCH) => places,
            };
            let Ok(places) = places else { break };
            match self.take(places, &mut under_way).await {
                Ok(taken) if taken == BATCH as usize => continue,
                Ok(_) => failing = false,
                // Said when it begins, not each second.
                Err(error) if !failing => {
                    failing = true;
                    tracing::error!(%error, "nothing can be taken from the outbox");
                }
                Err(_) => {}
            }
            tokio::select! {
                () = &mut stop => break,
                () = self.site.outbox.notified() => {}
                () = sleep(Duration::from_secs(1)) => {}
            }
        }
        self.mail.close();
        self.telephone.close();
        while under_way.join_next().await.is_some() {}
    }

    /// Takes what is due, and begins with it. How much that was. Each has a place until it is settled.
    async fn take(
        self: &Arc<Self>,
        mut places: OwnedSemaphorePermit,
        under_way: &mut JoinSet<()>,
    ) -> Result<usize, StoreError> {
        let store = &self.site.store;
        let taken = store.claim_outbox(BATCH, now(), LEASE_SECONDS).await?;
        let count = taken.len();
        let (messages, quiet): (Vec<_>, Vec<_>) = taken.into_iter().partition(is_message);
        for delivery in messages {
            let (worker, place) = (Arc::clone(self), places.split(1));
            under_way.spawn(async move {
                worker.deliver(delivery).await;
                drop(place);
            });
        }
        if !quiet.is_empty() {
            let (worker, place) = (Arc::clone(self), places.split(quiet.len()));
            under_way.spawn(async move {
                worker.write_down(quiet).await;
                drop(place);
            });
        }
        Ok(count)
    }

    /// Writes events to the audit log, all at once. Sessions need nothing more: one of the website lasts no longer than that
    /// of the account which stands in it.
    async fn write_down(&self, deliveries: Vec<Delivery>) {
        let events = deliveries
            .iter()
            .filter_map(|delivery| match delivery.outgoing() {
                Outgoing::Event(event) => {
                    Some((delivery.idempotency_key(), delivery.account(), event))
                }
                Outgoing::Effect(_) => None,
            });
        let events: Vec<_> = events.collect();
        let written = audit::write(&self.site.database, &events).await;
        if let Err(error) = &written {
            tracing::error!(%error, "the audit log cannot be written");
        }
        for delivery in deliveries {
            let settled = if written.is_ok() {
                Settled::Delivered
            } else {
                Settled::Failed(now())
            };
            self.settle(delivery, settled).await;
        }
    }

    /// Sends a message, or says in the audit log that it is given up.
    async fn deliver(&self, delivery: Delivery) {
        let sent = timeout(LONGEST, self.send(&delivery)).await;
        let sent = sent.unwrap_or_else(|_| Err(NotSent::now("it took too long")));
        let settled = match sent {
            Ok(()) => Settled::Delivered,
            Err(problem) => {
                let last = problem.never || delivery.attempt() >= MOST_TRIES;
                let key = delivery.idempotency_key();
                tracing::warn!(
                    delivery = key,
                    attempt = delivery.attempt(),
                    status = problem.status,
                    last,
                    "not sent: {}",
                    problem.why
                );
                match last {
                    true if self.given_up(&delivery, &key).await.is_ok() => Settled::GivenUp(now()),
                    _ => Settled::Failed(now()),
                }
            }
        };
        self.settle(delivery, settled).await;
    }

    async fn settle(&self, delivery: Delivery, settled: Settled) {
        let metrics = &self.site.metrics;
        match (delivery.outgoing(), &settled) {
            (Outgoing::Event(event), Settled::Delivered) => metrics.event(&event.what),
            (Outgoing::Event(_), _) => {}
            (Outgoing::Effect(_), Settled::Delivered) => metrics.delivery("delivered"),
            (Outgoing::Effect(_), Settled::Failed(_)) => metrics.delivery("failed"),
            (Outgoing::Effect(_), Settled::GivenUp(_)) => metrics.delivery("given_up"),
        }
        if let Err(error) = self.site.store.settle(delivery, settled).await {
            tracing::error!(%error, "a delivery cannot be settled, and comes again");
        }
    }

    async fn send(&self, delivery: &Delivery) -> Result<(), NotSent> {
        let Outgoing::Effect(effect) = delivery.outgoing() else {
            return Ok(());
        };
        let (account, key) = (delivery.account(), delivery.idempotency_key());
        let person = self.person(account).await?;
        let language = person
            .as_ref()
            .map_or(Language::English, |person| person.language);
        let words = self.words(language);
        let left = |until: &Timestamp| Minutes::left(now(), *until);
        let plain = |text| Letter {
            subject: String::new(),
            text,
        };
        let mut asked = None;
        let (kind, to, letter, answer) = match effect {
            Effect::SendText {
                to,
                code,
                reason,
                until,
            } => (
                Kind::Text,
                to.as_str(),
                plain(words.text(code.expose(), reason, left(until))),
                None,
            ),
            Effect::SendMail {
                to,
                code,
                reason,
                until,
            } => (
                Kind::Mail,
                to.as_str(),
                words.mail(code.expose(), reason, left(until)),
                None,
            ),
            Effect::PlaceCall { to, reason, until } => (
                Kind::Call,
                to.as_str(),
                plain(words.call(reason)),
                Some((reason.clone(), *until)),
            ),
            Effect::Push {
                address, request, ..
            } if !played_app::is_played(address) => {
                let kept = requests::keep(&self.site.database, address, request).await;
                self.site.listening.wake();
                return kept.map_err(|_| DATABASE);
            }
            Effect::Push {
                address,
                request,
                reason,
                until,
            } => {
                let asks = words.push(reason, request.origin());
                asked = Some(request.clone());
                (
                    Kind::Push,
                    address.as_str(),
                    plain(asks),
                    Some((reason.clone(), *until)),
                )
            }
            Effect::NotifyUser { notice, also } => {
                return self
                    .notify(delivery, person.as_ref(), &words, notice, also)
                    .await;
            }
            _ => return Ok(()),
        };
        let message = Message {
            kind,
            to: to.to_owned(),
            letter,
            language,
            answer,
            request: asked,
        };
        self.send_by_its_way(account, &key, message).await
    }

    /// Tells the person, wherever he can be reached. Who was told already is not told again when it failed elsewhere.
    async fn notify(
        &self,
        delivery: &Delivery,
        person: Option<&Person>,
        words: &Words<'_>,
        notice: &Notice,
        also: &[Contact],
    ) -> Result<(), NotSent> {
        let by = match notice {
            Notice::Administered { by, .. } => self.name_of(by.as_str()).await?,
            _ => String::new(),
        };
        let notice = words.notice(notice, &by);
        let language = person.map_or(Language::English, |person| person.language);
        let own = person.map(|person| person.mail.as_str());
        let mut contacts: Vec<(Kind, &str)> =
            own.map(|mail| (Kind::Mail, mail)).into_iter().collect();
        for contact in also {
            match contact {
                Contact::Email(mail)
                    if own.is_some_and(|own| own.eq_ignore_ascii_case(mail.as_str())) => {}
                Contact::Email(mail) => contacts.push((Kind::Mail, mail.as_str())),
                Contact::Phone(number) => contacts.push((Kind::Text, number.as_str())),
            }
        }
        let mut result = Ok(());
        for (place, (kind, to)) in contacts.into_iter().enumerate() {
            let key = format!("{}.{place}", delivery.idempotency_key());
            if self.was_told(&key).await? {
                continue;
            }
            let letter = match kind {
                Kind::Mail => words.notice_mail(&notice),
                _ => Letter {
                    subject: String::new(),
                    text: words.notice_text(&notice),
                },
            };
            let message = Message {
                kind,
                to: to.to_owned(),
                letter,
                language,
                answer: None,
                request: None,
            };
            match self
                .send_by_its_way(delivery.account(), &key, message)
                .await
            {
                Ok(()) => self.told(&key).await?,
                Err(problem) if problem.never => {
                    tracing::warn!(
                        delivery = key,
                        status = problem.status,
                        "a notice was not sent: {}",
                        problem.why
                    );
                    self.given_up(delivery, &key).await?;
                    self.told(&key).await?;
                }
                Err(problem) => result = Err(problem),
            }
        }
        result
    }

    async fn send_by_its_way(
        &self,
        account: &AccountKey,
        key: &str,
        message: Message,
    ) -> Result<(), NotSent> {
        let played = match message.kind {
            Kind::Mail => match &self.mailer {
                Some(mailer) => {
                    return self
                        .mail
                        .send(mailer.send(&message.to, &message.letter, key))
                        .await;
                }
                None => self.site.plays_mailbox(),
            },
            Kind::Text | Kind::Call => match &self.gateway {
                Some(gateway) => {
                    return self
                        .telephone
                        .send(self.by_gateway(gateway, account, key, &message))
                        .await;
                }
                None => self.site.plays_telephone(),
            },
            Kind::Push => self.site.plays_app(),
        };
        if !played {
            return Err(NotSent::never("there is no way to send it"));
        }
        let (database, holder) = (&self.site.database, account.holder());
        let kept = demonstration::keep(database, key, &holder, message, now()).await;
        kept.map_err(|_| DATABASE)
    }

    async fn by_gateway(
        &self,
        gateway: &Gateway,
        account: &AccountKey,
        key: &str,
        message: &Message,
    ) -> Result<(), NotSent> {
        let url = format!("{}/gateway/answer", self.site.config.public_url());
        let token = message
            .answer
            .clone()
            .map(|(why, until)| self.answers.token(&Call::new(account, why, until)));
        let answer = token.as_deref().map(|token| (url.as_str(), token));
        gateway.send(message, answer, key).await
    }

    fn words(&self, language: Language) -> Words<'_> {
        Words::new(
            language,
            &self.site.config.organisation,
            &self.site.config.public_url(),
        )
    }

    async fn person(&self, account: &AccountKey) -> Result<Option<Person>, NotSent> {
        match account.person() {
            Some(person) => people::by_id(&self.site.database, person.as_str())
                .await
                .map_err(|_| DATABASE),
            None => Ok(None),
        }
    }

    /// What a person is called.
    async fn name_of(&self, id: &str) -> Result<String, NotSent> {
        let person = people::by_id(&self.site.database, id)
            .await
            .map_err(|_| DATABASE)?;
        Ok(person.map_or_else(|| id.to_owned(), |person| person.shown))
    }

    async fn given_up(&self, delivery: &Delivery, key: &str) -> Result<(), NotSent> {
        let Outgoing::Effect(effect) = delivery.outgoing() else {
            return Ok(());
        };
        let registration = effect.registration().cloned();
        let event = Event {
            at: now(),
            what: What::NotSent,
            registration,
            method: None,
            session: None,
            by: None,
            origin: None,
        };
        let written = audit::write(
            &self.site.database,
            &[(key.to_owned(), delivery.account(), &event)],
        )
        .await;
        written.map_err(|_| DATABASE)
    }

    async fn was_told(&self, key: &str) -> Result<bool, NotSent> {
        let row = sqlx::query("SELECT delivery FROM portal_told WHERE delivery = $1")
            .bind(key.to_owned())
            .fetch_optional(&self.site.database)
            .await;
        Ok(row.map_err(|_| DATABASE)?.is_some())
    }

    async fn told(&self, key: &str) -> Result<(), NotSent> {
        let told = sqlx::query("INSERT INTO portal_told (delivery, at) VALUES ($1, $2) ON CONFLICT (delivery) DO NOTHING")
            .bind(key.to_owned())
            .bind(now().unix_seconds())
            .execute(&self.site.database)
            .await;
        told.map(|_| ()).map_err(|_| DATABASE)
    }

    /// Forgets what nobody needs any more.
    async fn clean_up(&self) {
        let (site, now) = (&self.site, now());
        let day = Timestamp::from_unix_seconds(now.unix_seconds().saturating_sub(86_400));
        let week = Timestamp::from_unix_seconds(now.unix_seconds().saturating_sub(7 * 86_400));
        let told = sqlx::query("DELETE FROM portal_told WHERE at < $1").bind(week.unix_seconds());
        let cleaned = async {
            site.store.clean_up(week, 10_000).await?;
            demonstration::clean_up(&site.database, day).await?;
            requests::clean_up(&site.database, now).await?;
            told.execute(&site.database).await?;
            anyhow::Ok(())
        };
        if let Err(error) = cleaned.await {
            tracing::error!("cleaning up failed: {error:#}");
        }
    }
}

const DATABASE: NotSent = NotSent::now("the database failed");

/// Whether somebody gets it. Everything else is for us.
fn is_message(delivery: &Delivery) -> bool {
    match delivery.outgoing() {
        Outgoing::Event(_) => false,
        Outgoing::Effect(effect) => !matches!(
            effect,
            Effect::RotateSession { .. } | Effect::EndSessions { .. }
        ),
    }
}
