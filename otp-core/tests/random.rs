//! New secrets from a random source.

#![cfg(feature = "rand_core")]
use otp_core::{Algorithm, Secret};
use rand_core::{TryCryptoRng, TryRng};

/// Gives 1, 2, 3 ... for so many bytes, then fails.
struct Bytes {
    given: u8,
    left: usize,
}

#[derive(Debug, PartialEq)]
struct Dry;

impl core::fmt::Display for Dry {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("dry")
    }
}

impl core::error::Error for Dry {}

impl TryRng for Bytes {
    type Error = Dry;

    fn try_next_u32(&mut self) -> Result<u32, Dry> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)
            .map(|()| u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Dry> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)
            .map(|()| u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Dry> {
        self.left = self.left.checked_sub(bytes.len()).ok_or(Dry)?;
        for byte in bytes {
            self.given = self.given.wrapping_add(1);
            *byte = self.given;
        }
        Ok(())
    }
}

impl TryCryptoRng for Bytes {}

#[test]
fn a_generated_secret_is_as_long_as_the_hash_and_holds_what_the_source_gave() {
    for algorithm in Algorithm::ALL {
        let mut source = Bytes { given: 0, left: 64 };
        let secret = Secret::generate(algorithm, &mut source).unwrap();
        let expected: Vec<u8> = (1..=u8::try_from(algorithm.output_len()).unwrap()).collect();
        assert_eq!(secret.expose(), expected);
        assert_eq!(source.left, 64 - algorithm.output_len());
    }
}

#[test]
fn a_failing_source_is_an_error_and_never_a_weaker_secret() {
    let mut source = Bytes { given: 0, left: 31 };
    assert_eq!(
        Secret::generate(Algorithm::Sha256, &mut source).unwrap_err(),
        Dry
    );
}

#[cfg(feature = "getrandom")]
#[test]
fn the_system_gives_a_new_secret_each_time() {
    for algorithm in Algorithm::ALL {
        let [one, other] = [(); 2].map(|()| Secret::generate_from_system(algorithm).unwrap());
        assert_eq!(one.expose().len(), algorithm.output_len());
        // Equal by chance once in 2^160.
        assert_ne!(one.expose(), other.expose());
    }
}
