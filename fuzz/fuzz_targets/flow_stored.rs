//! Any bytes as a stored account: what is read is written and read back alike, and whatever it holds, every operation comes to
//! an end, with the next version, and with something that can be stored.

#![no_main]

use std::sync::LazyLock;

use chacha20::ChaCha20Rng;
use chacha20::rand_core::SeedableRng as _;
use libfuzzer_sys::fuzz_target;
use mfa_flow::{
    Account, AccountKey, Answer, Change, Confirmed, Flow, HashKey, Operation, SecurityKeyResult,
    SessionId, TenantId, Version, Visit,
};
use mfa_policy::{
    Capability, Method, PersonId, Preset, Purpose, RegistrationId, Subject, Timestamp,
};
use otp_uri::Issuer;

static FLOW: LazyLock<Flow> = LazyLock::new(|| {
    let mut draft = Preset::SecurityInfo.draft();
    draft.remembered_devices.enabled = Some(true);
    draft
        .methods
        .entry(Method::TemporaryPass)
        .or_default()
        .enabled = Some(true);
    let policy = draft.validate().unwrap();
    let issuer = Issuer::new("Acme").unwrap();
    Flow::new(policy, HashKey::from_bytes([7; 32]), issuer)
});

/// The beginning and the end of time, and when accounts of the corpus were made.
const TIMES: [i64; 4] = [i64::MIN, 0, 1_796_115_600, i64::MAX];

fuzz_target!(|data: &[u8]| {
    // Accounts have 4 kB; beyond four times that nothing changes, and every byte costs time.
    if data.len() > 16 * 1024 {
        return;
    }
    let Ok(account) = Account::from_stored(key(), Version::new(1), data) else {
        return;
    };
    let stored = account.to_stored();
    let again = Account::from_stored(key(), Version::new(1), &stored).unwrap();
    assert_eq!(*again.to_stored(), *stored);
    assert_eq!(again.view(), account.view());

    // Which time, and which registration, is a choice too; a password hash takes long, so only a few are tried.
    let choice = usize::from(data.last().copied().unwrap_or_default()) + data.len();
    let now = Timestamp::from_unix_seconds(TIMES[choice % TIMES.len()]);
    let mut account = Stored {
        version: Version::new(1),
        bytes: stored.to_vec(),
        random: ChaCha20Rng::from_seed([1; 32]),
        visit: Visit::new(Subject::new(key().person().unwrap().clone()), now)
            .with_capability(Capability::Webauthn, true)
            .with_capability(Capability::Telephony, true)
            .with_number_at_risk(false),
    };
    account.is_operated_on(choice);
});

fn key() -> AccountKey {
    AccountKey::new(
        TenantId::new("acme").unwrap(),
        PersonId::new("ada").unwrap(),
    )
}

struct Stored {
    version: Version,
    bytes: Vec<u8>,
    random: ChaCha20Rng,
    visit: Visit,
}

impl Stored {
    fn account(&self) -> Account {
        Account::from_stored(key(), self.version, &self.bytes).unwrap()
    }

    fn run<T>(&mut self, decide: impl FnOnce(Operation<'_>) -> Change<T>) -> T {
        let account = self.account();
        let change = decide(FLOW.on(account, &self.visit, &mut self.random));
        let write = change.write();
        assert_eq!(write.base(), self.version);
        let version = write.account().version();
        assert!(version.get() == self.version.get() + 1);
        self.bytes = write.account().to_stored().to_vec();
        self.version = version;
        assert_eq!(*self.account().to_stored(), self.bytes);
        let durable = write.danger_declare_durable();
        change.reveal(&durable).unwrap()
    }

    fn enter(&mut self, session: &SessionId) {
        self.visit = self.visit.clone().in_session(session.clone());
    }

    fn is_operated_on(&mut self, choice: usize) {
        let ids: Vec<RegistrationId> = self
            .account()
            .registrations()
            .map(|registered| registered.id().clone())
            .collect();
        let begun = self.run(|on| on.begin_reset());
        self.enter(begun.session());
        let gate = begun.prompt().choices().first().cloned();
        if let Some(gate) = gate {
            let _ = self.run(|on| on.ask(begun.prompt().challenge(), gate.registration()));
        }
        let begun = self.run(|on| on.begin_phone_sign_in());
        self.enter(begun.session());
        let tried = self.run(|on| on.password_tried("secret"));
        let right = self.run(|on| on.password_was_right(&tried, None));
        assert!(tried.is_open() || right.is_err());
        let signed_in = self.run(|on| on.first_factor(None));
        let Ok(signed_in) = signed_in else {
            return;
        };
        self.enter(signed_in.session());
        let purposes = [
            Purpose::TwoStep,
            Purpose::StepUp,
            Purpose::ManageSecurityInfo,
        ];
        let prompt = self.run(|on| on.challenge(purposes[choice % 3]));
        if let (Ok(prompt), Some(id)) = (prompt, ids.get(choice % ids.len().max(1))) {
            let challenge = prompt.challenge();
            let _ = self.run(|on| on.ask(challenge, id));
            let answers = [
                Answer::Code("123456"),
                Answer::Approved,
                Answer::SecurityKey(SecurityKeyResult {
                    credential: "",
                    user_verified: true,
                    sign_count: u32::MAX,
                }),
                Answer::External,
            ];
            for answer in answers {
                let proof = self.run(|on| on.answer(challenge, id, answer));
                if let Ok(proof) = proof {
                    assert!(ids.contains(proof.registration()));
                    self.enter(proof.session());
                }
            }
            let _ = self.run(|on| on.set_default(id));
            let _ = self.run(|on| on.remove(id, Confirmed::after_asking()));
        }
        let _ = self.run(|on| on.make_recovery_codes());
        let _ = self.run(|on| on.remember_device());
        self.run(|on| on.password_changed());
        self.visit = self
            .visit
            .clone()
            .by_operator(PersonId::new("night shift").unwrap());
        self.run(|on| on.repair_clock()).unwrap();
        self.run(|on| on.burn()).unwrap();
        self.run(|on| on.suspend()).unwrap();
        assert!(self.account().is_suspended());
    }
}
