//! The devices that listen to this portal, and how they hear what waits for them: one question to the database for all of them,
//! about each second and when something has happened here.
//!
//! A device is told what is so now, not what has happened: who listens slowly misses nothing that still counts, and nothing piles
//! up for it.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mfa_flow::{AccountKey, PushRequest, RequestId, Visit};
use mfa_policy::{RegistrationId, Subject};
use mfa_store::Store as _;
use sqlx::{AssertSqlSafe, Row as _};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, sleep_until};

use crate::database::numbered;
use crate::deliver::requests;
use crate::serve::Stop;
use crate::site::{Site, now};

/// Streams that are listened to at once. Each has a connection, and half of those are for everybody else.
const MOST: usize = 256;
/// Of these one device has so many: an app that is open all day, a command beside it, and as many again that were cut off without a
/// word and are not found out yet. Then its oldest goes, so that no device takes the room of many.
const MOST_OF_ONE: usize = 4;
/// How often it is looked at what waits, by whichever portal it was asked for.
const OFTEN: Duration = Duration::from_secs(1);
/// Then a device has to come again: its connection would be closed soon, and it is an occasion to look whether it still may.
const LONGEST: Duration = Duration::from_secs(240);

/// Whoever listens here.
#[derive(Default)]
pub(crate) struct Listening {
    devices: Mutex<Devices>,
    /// Something has happened that somebody may want to hear.
    news: Notify,
}

#[derive(Default)]
struct Devices {
    /// By address.
    listening: HashMap<String, Device>,
    /// How many streams have come until now.
    come: u64,
    is_closed: bool,
}

/// A device, as it was found when it last connected.
struct Device {
    /// The stream that came last. What was found before it came is not told, because it may know more already.
    newest: u64,
    whose: Whose,
    /// Its connections, the oldest first. There is at least one.
    streams: VecDeque<Stream>,
    /// What the state was made of that all of them have been told.
    seen: Option<Seen>,
}

/// One connection of a device.
struct Stream {
    /// Which of those that have come.
    number: u64,
    state: watch::Sender<State>,
}

/// Whose device it is.
#[derive(Clone)]
pub(crate) struct Whose {
    pub(crate) account: AccountKey,
    pub(crate) subject: Subject,
    pub(crate) registration: RegistrationId,
}

/// What is so for a device.
#[derive(Clone)]
enum State {
    /// It has not been looked at yet.
    Unknown,
    /// These wait for its answer.
    Waiting(Vec<PushRequest>),
    /// It is none any more.
    Removed,
}

/// A version of the account, and the requests that had time left. While these are the same, so is the state.
#[derive(Clone, PartialEq, Eq)]
struct Seen {
    version: i64,
    requests: Vec<RequestId>,
}

/// What a device hears.
#[derive(Debug)]
pub(crate) enum News {
    Request(PushRequest),
    /// It was answered, or is out of time.
    Over(RequestId),
    /// The device is none any more. Nothing comes after that.
    Removed,
}

/// One hearing of a device. It ends when this is dropped.
pub(crate) struct Listener {
    site: Arc<Site>,
    address: String,
    number: u64,
    state: watch::Receiver<State>,
    until: Instant,
    /// What it was told of and waits for its answer.
    open: Vec<RequestId>,
    /// What it is told next.
    next: VecDeque<News>,
    is_over: bool,
}

impl Listening {
    /// Lets a device listen that shows those requests already: it hears of them when they are over. Its other streams go on, and
    /// where there are too many of them, the oldest ends. `None` if there is no room.
    pub(crate) fn listen(site: &Arc<Site>, whose: Whose, open: Vec<RequestId>) -> Option<Listener> {
        let address = requests::address(&whose.registration);
        let until = Instant::now().checked_add(LONGEST)?;
        let (sender, state) = watch::channel(State::Unknown);
        let number = site.listening.devices().add(&address, whose, sender)?;
        site.listening.wake();
        Some(Listener {
            site: Arc::clone(site),
            address,
            number,
            state,
            until,
            open,
            next: VecDeque::new(),
            is_over: false,
        })
    }

    /// Looks at once what waits.
    pub(crate) fn wake(&self) {
        self.news.notify_one();
    }

    /// How many streams are listened to.
    pub(crate) fn count(&self) -> usize {
        self.devices().count()
    }

    fn devices(&self) -> MutexGuard<'_, Devices> {
        self.devices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends every hearing, and lets nobody listen any more.
    fn close(&self) {
        let mut devices = self.devices();
        devices.is_closed = true;
        devices.listening.clear();
    }
}

impl Devices {
    /// Adds a stream of that device, in the place of its oldest if there is no room beside that. Its number, if it came in.
    fn add(&mut self, address: &str, whose: Whose, state: watch::Sender<State>) -> Option<u64> {
        if self.is_closed {
            return None;
        }
        let is_full = self.count() >= MOST;
        let newest = self.come.saturating_add(1);
        let device = match self.listening.entry(address.to_owned()) {
            Entry::Occupied(known) => {
                let device = known.into_mut();
                if is_full || device.streams.len() >= MOST_OF_ONE {
                    device.streams.pop_front();
                }
                // What the others were told is told to this one, too.
                (device.newest, device.whose, device.seen) = (newest, whose, None);
                device
            }
            Entry::Vacant(_) if is_full => return None,
            Entry::Vacant(place) => place.insert(Device {
                newest,
                whose,
                streams: VecDeque::new(),
                seen: None,
            }),
        };
        let stream = Stream {
            number: newest,
            state,
        };
        device.streams.push_back(stream);
        self.come = newest;
        Some(newest)
    }

    fn count(&self) -> usize {
        let devices = self.listening.values();
        devices.map(|device| device.streams.len()).sum()
    }
}

impl Listener {
    /// What the device hears next. `None` when it has to come again.
    pub(crate) async fn next(&mut self) -> Option<News> {
        loop {
            if let Some(news) = self.next.pop_front() {
                return Some(news);
            }
            if self.is_over {
                return None;
            }
            tokio::select! {
                // An error says that newer ones took its place, or that the portal ends.
                changed = self.state.changed() => changed.ok()?,
                () = sleep_until(self.until) => return None,
            }
            match &*self.state.borrow_and_update() {
                State::Unknown => {}
                State::Removed => {
                    self.is_over = true;
                    self.next.push_back(News::Removed);
                }
                State::Waiting(requests) => {
                    self.open.retain(|id| {
                        let waits = requests.iter().any(|request| request.id() == id);
                        if !waits {
                            self.next.push_back(News::Over(*id));
                        }
                        waits
                    });
                    for request in requests {
                        if !self.open.contains(request.id()) {
                            self.open.push(*request.id());
                            self.next.push_back(News::Request(request.clone()));
                        }
                    }
                }
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut devices = self.site.listening.devices();
        if let Some(device) = devices.listening.get_mut(&self.address) {
            device.streams.retain(|stream| stream.number != self.number);
            if device.streams.is_empty() {
                devices.listening.remove(&self.address);
            }
        }
    }
}

/// Tells the devices what waits for them, until it is time to stop.
pub(crate) async fn tell(site: Arc<Site>, mut stopped: Stop) {
    let mut failing = false;
    loop {
        let is_anybody = site.listening.count() > 0;
        tokio::select! {
            () = stopped.wait() => break,
            () = site.listening.news.notified() => {}
            () = sleep(OFTEN), if is_anybody => {}
        }
        let looked = look(&site).await;
        // Said when it begins, not each second.
        if let (Err(error), false) = (&looked, failing) {
            tracing::error!("what waits for devices cannot be looked at: {error:#}");
        }
        failing = looked.is_err();
    }
    site.listening.close();
}

/// Looks once for all devices, and tells those for which something is otherwise.
async fn look(site: &Site) -> anyhow::Result<()> {
    let devices: Vec<_> = {
        let devices = site.listening.devices();
        let listening = devices.listening.iter();
        let copied = listening.map(|(address, device)| {
            let (whose, seen) = (device.whose.clone(), device.seen.clone());
            (address.clone(), device.newest, whose, seen)
        });
        copied.collect()
    };
    if devices.is_empty() {
        return Ok(());
    }
    let addresses = devices.iter().map(|(address, ..)| address.as_str());
    let in_time = requests::in_time(&site.database, addresses, now()).await?;
    let versions = versions(site, devices.iter().map(|(_, _, whose, _)| &whose.account)).await?;
    let mut failed = Ok(());
    for (address, newest, whose, before) in devices {
        let own = in_time.iter().filter(|(to, _)| *to == address);
        let own: Vec<&PushRequest> = own.map(|(_, request)| request).collect();
        let seen = Seen {
            version: versions
                .get(whose.account.holder().as_ref())
                .copied()
                .unwrap_or_default(),
            requests: own.iter().map(|request| *request.id()).collect(),
        };
        if before.as_ref() == Some(&seen) {
            continue;
        }
        let state = match state(site, &whose, &own).await {
            Ok(state) => state,
            // An account that cannot be read is not the matter of the others.
            Err(error) => {
                failed = Err(error);
                continue;
            }
        };
        let mut devices = site.listening.devices();
        let device = devices.listening.get_mut(&address);
        if let Some(device) = device.filter(|device| device.newest == newest) {
            device.seen = Some(seen);
            for stream in &device.streams {
                stream.state.send_replace(state.clone());
            }
        }
    }
    failed
}

/// What the account says of the device and of those requests.
async fn state(site: &Site, whose: &Whose, requests: &[&PushRequest]) -> anyhow::Result<State> {
    let (visit, in_force) = (Visit::new(whose.subject.clone(), now()), site.in_force());
    let state = site.store.look(&whose.account, |account, rng| {
        let on = in_force.flow.on(account, &visit, rng);
        if !on.has_device(&whose.registration) {
            return State::Removed;
        }
        let waiting = requests.iter().filter(|request| on.awaits(request));
        State::Waiting(waiting.copied().cloned().collect())
    });
    Ok(state.await?)
}

/// The versions of those accounts by their holders. It is read from the table of the store, because opening every account each
/// second would be much more than looking whether it is still the same.
async fn versions(
    site: &Site,
    accounts: impl ExactSizeIterator<Item = &AccountKey> + Clone,
) -> anyhow::Result<HashMap<String, i64>> {
    let Some(first) = accounts.clone().next() else {
        return Ok(HashMap::new());
    };
    let places = numbered(2, accounts.len());
    let sql = format!(
        "SELECT holder, version FROM mfa_account WHERE tenant = $1 AND holder IN ({places})"
    );
    let query = sqlx::query(AssertSqlSafe(sql)).bind(first.tenant().as_str().to_owned());
    let query = accounts.fold(query, |query, account| {
        query.bind(account.holder().into_owned())
    });
    let rows = query.fetch_all(&site.database).await?;
    let read = rows.iter();
    let read = read.map(|row| Ok((row.try_get("holder")?, row.try_get("version")?)));
    read.collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::Parser as _;
    use mfa_policy::PersonId;

    use super::*;
    use crate::config::Config;
    use crate::keys::Keys;

    /// A portal that nobody is connected to, in a folder of the test's own.
    async fn site(name: &str) -> Arc<Site> {
        let folder = std::env::temp_dir().join(format!("portal-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let keys = folder.join("keys");
        Keys::make(&keys).unwrap();
        let data = ["portal", "--data", folder.to_str().unwrap()];
        let config = Config::try_parse_from(data).unwrap();
        let keys = Keys::read(&keys).unwrap();
        let site = Arc::new(Site::open(config, keys).await.unwrap());
        fs::remove_dir_all(&folder).unwrap();
        site
    }

    fn whose(site: &Site, registration: &str) -> Whose {
        let person = PersonId::new("ada").unwrap();
        Whose {
            account: site.account(&person),
            subject: Subject::new(person),
            registration: RegistrationId::new(registration).unwrap(),
        }
    }

    fn request(number: u8) -> PushRequest {
        let until = now().plus_seconds(60);
        let text = serde_json::json!({
            "id": format!("AAAAAAAAAAAAAAAAAAAA{number}A"), "reason": { "enrolment": { "registration": "a" } },
            "person": "ada", "until": until,
        });
        text.to_string().parse().unwrap()
    }

    fn tell(site: &Site, registration: &str, state: State) {
        let address = requests::address(&RegistrationId::new(registration).unwrap());
        let devices = site.listening.devices();
        for stream in &devices.listening[&address].streams {
            stream.state.send_replace(state.clone());
        }
    }

    #[tokio::test]
    async fn there_is_room_for_so_many_and_who_goes_makes_room() {
        let site = site("room").await;
        let listen = |name: &str| Listening::listen(&site, whose(&site, name), Vec::new());
        let names = 0..MOST;
        let mut all: Vec<_> = names.map(|name| listen(&name.to_string())).collect();
        assert!(all.iter().all(Option::is_some));
        assert!(listen("one more").is_none());
        // One that is there already takes its own place, and who is gone for it takes nothing away.
        let again = listen("7");
        let mut before = all[7].replace(again.unwrap()).unwrap();
        assert_eq!(site.listening.count(), MOST);
        assert!(before.next().await.is_none());
        drop(before);
        assert_eq!(site.listening.count(), MOST);
        all.pop();
        assert!(listen("one more").is_some());
        drop(all);
        assert_eq!(site.listening.count(), 0);
    }

    #[tokio::test]
    async fn who_listens_slowly_hears_what_is_so_now() {
        let site = site("slow").await;
        let mut listener = Listening::listen(&site, whose(&site, "a"), Vec::new()).unwrap();
        let waiting = |numbers: &[u8]| {
            State::Waiting(numbers.iter().map(|number| request(*number)).collect())
        };
        tell(&site, "a", waiting(&[1, 2]));
        assert!(matches!(listener.next().await, Some(News::Request(one)) if one == request(1)));
        assert!(matches!(listener.next().await, Some(News::Request(two)) if two == request(2)));
        // While nobody reads: the first is over, a third comes and goes, and a fourth comes.
        tell(&site, "a", waiting(&[2, 3]));
        tell(&site, "a", waiting(&[2, 4]));
        assert!(matches!(listener.next().await, Some(News::Over(id)) if id == *request(1).id()));
        assert!(matches!(listener.next().await, Some(News::Request(four)) if four == request(4)));
        tell(&site, "a", State::Removed);
        assert!(matches!(listener.next().await, Some(News::Removed)));
        assert!(listener.next().await.is_none());
    }

    #[tokio::test]
    async fn a_device_has_a_few_streams_that_hear_the_same_and_beyond_them_its_oldest_ends() {
        let site = site("few").await;
        let listen = |name: &str| Listening::listen(&site, whose(&site, name), Vec::new()).unwrap();
        let mut other = listen("b");
        let mut streams: Vec<_> = (0..MOST_OF_ONE).map(|_| listen("a")).collect();
        tell(&site, "a", State::Waiting(vec![request(1)]));
        for stream in &mut streams {
            assert!(matches!(stream.next().await, Some(News::Request(_))));
        }
        streams.push(listen("a"));
        assert_eq!(site.listening.count(), MOST_OF_ONE + 1);
        let mut oldest = streams.remove(0);
        assert!(oldest.next().await.is_none());
        drop(oldest);
        // The others are all there, and so is the other device.
        tell(&site, "a", State::Removed);
        for stream in &mut streams {
            assert!(matches!(stream.next().await, Some(News::Removed)));
        }
        tell(&site, "b", State::Waiting(vec![request(2)]));
        assert!(matches!(other.next().await, Some(News::Request(_))));
        // Who goes by itself makes room.
        streams.pop();
        streams.push(listen("a"));
        assert_eq!(site.listening.count(), MOST_OF_ONE + 1);
        drop((streams, other));
        assert_eq!(site.listening.count(), 0);
    }

    #[tokio::test]
    async fn the_end_of_the_portal_ends_all() {
        let site = site("end").await;
        let mut listener = Listening::listen(&site, whose(&site, "a"), Vec::new()).unwrap();
        site.listening.close();
        assert!(listener.next().await.is_none());
        assert!(Listening::listen(&site, whose(&site, "b"), Vec::new()).is_none());
    }
}
