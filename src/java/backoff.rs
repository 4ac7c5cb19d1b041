//! `org.apache.kafka.common.utils.ExponentialBackoff`, with its cap that can be missed by one.

/// Waits that grow by `multiplier` with each attempt, up to `max_ms`, with jitter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExponentialBackoff {
    initial_ms: u64,
    multiplier: u32,
    max_ms: u64,
    jitter_percent: u32,
}

impl ExponentialBackoff {
    /// `CommonClientConfigs.RETRY_BACKOFF_JITTER`: 0.2, also of reconnecting.
    pub const CLIENT_JITTER_PERCENT: u32 = 20;
    /// `CommonClientConfigs.RETRY_BACKOFF_EXP_BASE`.
    pub const CLIENT_MULTIPLIER: u32 = 2;

    /// `multiplier` is 2 or more, `jitter_percent` below 100.
    pub fn new(initial_ms: u64, multiplier: u32, max_ms: u64, jitter_percent: u32) -> ExponentialBackoff {
        assert!(multiplier > 1, "a backoff grows");
        assert!(jitter_percent < 100, "a backoff is not negative");
        ExponentialBackoff { initial_ms: initial_ms.min(max_ms), multiplier, max_ms, jitter_percent }
    }

    /// What the clients make of `retry.backoff.ms` and `reconnect.backoff.ms` with their maxima: doubling, jitter 0.2.
    pub fn of_client(initial_ms: u64, max_ms: u64) -> ExponentialBackoff {
        Self::new(initial_ms, Self::CLIENT_MULTIPLIER, max_ms, Self::CLIENT_JITTER_PERCENT)
    }

    /// Milliseconds to wait after `attempts` failed attempts, from 0. `draw` is 64 random bits.
    ///
    /// f64, as Java computes it: rounding decides whether the cap is reached or missed by one (416 up to 3306 gives
    /// 3305). No float outlives the call, and only operations that IEEE 754 rounds correctly take part, so that
    /// every machine gets the same.
    pub fn backoff_ms(&self, attempts: u64, draw: u64) -> u64 {
        // `ThreadLocalRandom.nextDouble(origin, bound)`: 53 bits, scaled, and kept below the bound.
        let unit = (draw >> 11) as f64 * (1.0 / (1u64 << 53) as f64);
        let jitter = f64::from(self.jitter_percent) / 100.0;
        let (origin, bound) = (1.0 - jitter, 1.0 + jitter);
        let factor =
            if self.jitter_percent == 0 { 1.0 } else { (unit * (bound - origin) + origin).min(bound.next_down()) };
        self.with_factor(attempts, factor)
    }

    fn with_factor(&self, attempts: u64, factor: f64) -> u64 {
        if self.max_ms <= self.initial_ms {
            return self.initial_ms;
        }
        let initial = self.initial_ms as f64;
        let ratio = self.max_ms as f64 / initial.max(1.0);
        let most = precise::ln(ratio).rounded() / precise::ln(f64::from(self.multiplier)).rounded();
        let term = initial * precise::pow(f64::from(self.multiplier), most.min(attempts as f64));
        ((factor * term) as u64).min(self.max_ms)
    }
}

/// Logarithm and power to about 100 bits in pairs of f64, so that their rounding to 53 bits is the right one.
/// The standard library's may differ from machine to machine in the last bit.
mod precise {
    /// The sum of two floats, the second at most half a unit in the last place of the first.
    #[derive(Clone, Copy)]
    pub struct Pair(f64, f64);

    const LN_2: Pair = Pair(std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17);

    impl Pair {
        pub fn rounded(self) -> f64 {
            self.0 + self.1
        }

        fn add(self, other: Pair) -> Pair {
            let sum = self.0 + other.0;
            let part = sum - self.0;
            let error = (self.0 - (sum - part)) + (other.0 - part);
            Pair::normal(sum, error + self.1 + other.1)
        }

        fn times(self, other: Pair) -> Pair {
            let product = self.0 * other.0;
            // Dekker's exact product: no fused multiply-add, which WebAssembly has not.
            let ((a, b), (c, d)) = (split(self.0), split(other.0));
            let error = ((a * c - product) + a * d + b * c) + b * d;
            Pair::normal(product, error + self.0 * other.1 + self.1 * other.0)
        }

        fn over(self, other: Pair) -> Pair {
            let first = self.0 / other.0;
            let rest = self.add(other.times(Pair(-first, 0.0)));
            let second = rest.0 / other.0;
            let rest = rest.add(other.times(Pair(-second, 0.0)));
            Pair::normal(first, second).add(Pair(rest.0 / other.0, 0.0))
        }

        fn normal(high: f64, low: f64) -> Pair {
            let sum = high + low;
            Pair(sum, low - (sum - high))
        }
    }

    fn split(a: f64) -> (f64, f64) {
        let c = 134_217_729.0 * a;
        let high = c - (c - a);
        (high, a - high)
    }

    /// The natural logarithm of a number of at least 1: powers of two out, then the series of atanh.
    pub fn ln(x: f64) -> Pair {
        assert!(x >= 1.0, "only ratios and multipliers come here");
        let (mut fraction, mut twos) = (x, 0.0);
        while fraction > std::f64::consts::SQRT_2 {
            fraction /= 2.0;
            twos += 1.0;
        }
        let s = Pair(fraction, 0.0).add(Pair(-1.0, 0.0)).over(Pair(fraction, 0.0).add(Pair(1.0, 0.0)));
        let square = s.times(s);
        let mut sum = Pair(0.0, 0.0);
        for n in (0..24).rev() {
            sum = sum.times(square).add(Pair(1.0, 0.0).over(Pair(f64::from(2 * n + 1), 0.0)));
        }
        sum.times(s).times(Pair(2.0, 0.0)).add(LN_2.times(Pair(twos, 0.0)))
    }

    /// `base` to the power of `exponent`, not negative.
    pub fn pow(base: f64, exponent: f64) -> f64 {
        let power = ln(base).times(Pair(exponent, 0.0));
        let twos = (power.0 / LN_2.0).round();
        let rest = power.add(LN_2.times(Pair(-twos, 0.0)));
        let mut sum = Pair(1.0, 0.0);
        for n in (1..30).rev() {
            sum = sum.times(rest).over(Pair(f64::from(n), 0.0)).add(Pair(1.0, 0.0));
        }
        (0..twos as u32).fold(sum.rounded(), |value, _| value * 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_and_misses_the_cap_by_one() {
        let exact = |initial, max, attempts| ExponentialBackoff::new(initial, 2, max, 0).backoff_ms(attempts, 0);
        assert_eq!([0, 1, 2, 3, 4, 40].map(|n| exact(100, 1000, n)), [100, 200, 400, 800, 1000, 1000]);
        assert_eq!(exact(416, 3306, 9), 3305);
        assert_eq!(exact(1000, 100, 0), 100, "an initial wait above the maximum is the maximum");
        assert_eq!(exact(0, 1000, 7), 0);
    }

    #[test]
    fn jitter_stays_within_a_fifth() {
        let backoff = ExponentialBackoff::of_client(100, 1000);
        assert_eq!((backoff.backoff_ms(0, 0), backoff.backoff_ms(0, u64::MAX)), (80, 119));
        assert_eq!((backoff.backoff_ms(9, 0), backoff.backoff_ms(9, u64::MAX)), (800, 1000));
    }

    #[test]
    fn powers_agree_with_the_integers() {
        for exponent in 0..60 {
            assert_eq!(precise::pow(2.0, f64::from(exponent)), (1u64 << exponent) as f64);
        }
        for exponent in 0..30 {
            assert_eq!(precise::pow(3.0, f64::from(exponent)), 3u64.pow(exponent) as f64);
        }
    }
}
