//! Korean particles: which form follows a name depends on the sound it ends with.

/// A particle with two forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Particle {
    /// 은 / 는
    Topic,
    /// 이 / 가
    Subject,
    /// 을 / 를
    Object,
    /// 으로 / 로
    To,
    /// 과 / 와
    And,
}

/// How a name ends when it is read aloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Vowel,
    /// ㄹ, behind which 로 stands in place of 으로.
    Rieul,
    Consonant,
}

impl Particle {
    /// The particle of either of its forms.
    pub fn from_form(form: &str) -> Option<Particle> {
        Some(match form {
            "은" | "는" => Particle::Topic,
            "이" | "가" => Particle::Subject,
            "을" | "를" => Particle::Object,
            "으로" | "로" => Particle::To,
            "과" | "와" => Particle::And,
            _ => return None,
        })
    }

    /// The form that follows `name`.
    pub fn after(self, name: &str) -> &'static str {
        let ending = ending(name);
        let closed = ending != Ending::Vowel;
        match self {
            Particle::Topic => {
                if closed {
                    "은"
                } else {
                    "는"
                }
            }
            Particle::Subject => {
                if closed {
                    "이"
                } else {
                    "가"
                }
            }
            Particle::Object => {
                if closed {
                    "을"
                } else {
                    "를"
                }
            }
            Particle::And => {
                if closed {
                    "과"
                } else {
                    "와"
                }
            }
            Particle::To => {
                if ending == Ending::Consonant {
                    "으로"
                } else {
                    "로"
                }
            }
        }
    }
}

/// A name with its particle: `producer-1이`.
pub fn with_particle(name: &str, particle: Particle) -> String {
    format!("{name}{}", particle.after(name))
}

fn ending(name: &str) -> Ending {
    let read: Vec<char> = name.chars().filter(|c| c.is_alphanumeric()).collect();
    match read.last() {
        Some(last) if ('가'..='힣').contains(last) => hangul(*last),
        Some(last) if last.is_ascii_digit() => digit(&read),
        Some(last) if last.is_ascii_alphabetic() => latin(&read, name.contains('_')),
        _ => Ending::Vowel,
    }
}

/// The final of a syllable block: their code points run through 28 finals, of which the first is none and the ninth ㄹ.
fn hangul(last: char) -> Ending {
    match (u32::from(last) - u32::from('가')) % 28 {
        0 => Ending::Vowel,
        8 => Ending::Rieul,
        _ => Ending::Consonant,
    }
}

/// Digits are read in Sino-Korean: 영 일 이 삼 사 오 육 칠 팔 구, and zeros at the end as 십 백 천 만.
fn digit(read: &[char]) -> Ending {
    match read.last() {
        Some('1' | '7' | '8') => Ending::Rieul,
        Some('0' | '3' | '6') => Ending::Consonant,
        _ => Ending::Vowel,
    }
}

/// A single letter or an acronym is read by its letters, a word as Koreans write it: `topic` 토픽, `orders` 오더스, and so
/// are the words of a code: `TIMED_OUT` 아웃. Behind another consonant such a letter gets a vowel: `client` 클라이언트.
fn latin(read: &[char], is_code: bool) -> Ending {
    let word: Vec<char> = read.iter().rev().take_while(|c| c.is_ascii_alphabetic()).copied().collect();
    let last = word[0].to_ascii_lowercase();
    let by_letters = word.len() == 1 || !is_code && word.iter().all(char::is_ascii_uppercase);
    let before = word.get(1).map_or('a', char::to_ascii_lowercase);
    let is_closed =
        matches!(before, 'a' | 'e' | 'i' | 'o' | 'u' | 'y') || matches!((before, last), ('c', 'k') | ('p', 'p'));
    match last {
        'l' => Ending::Rieul,
        'r' if by_letters => Ending::Rieul,
        'm' | 'n' => Ending::Consonant,
        'b' | 'c' | 'k' | 'p' | 't' | 'q' if !by_letters && is_closed => Ending::Consonant,
        'g' if !by_letters && before == 'n' => Ending::Consonant,
        _ => Ending::Vowel,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_follows_the_last_sound() {
        let table = [
            ("브로커", "브로커는", "브로커가", "브로커를", "브로커로", "브로커와"),
            ("그룹", "그룹은", "그룹이", "그룹을", "그룹으로", "그룹과"),
            ("오프셋", "오프셋은", "오프셋이", "오프셋을", "오프셋으로", "오프셋과"),
            ("레코드 7", "레코드 7은", "레코드 7이", "레코드 7을", "레코드 7로", "레코드 7과"),
            ("producer-1", "producer-1은", "producer-1이", "producer-1을", "producer-1로", "producer-1과"),
            ("c2", "c2는", "c2가", "c2를", "c2로", "c2와"),
            ("c3", "c3은", "c3이", "c3을", "c3으로", "c3과"),
            ("c4", "c4는", "c4가", "c4를", "c4로", "c4와"),
            ("orders-6", "orders-6은", "orders-6이", "orders-6을", "orders-6으로", "orders-6과"),
            ("orders-9", "orders-9는", "orders-9가", "orders-9를", "orders-9로", "orders-9와"),
            ("10", "10은", "10이", "10을", "10으로", "10과"),
            ("billing", "billing은", "billing이", "billing을", "billing으로", "billing과"),
            ("orders", "orders는", "orders가", "orders를", "orders로", "orders와"),
            ("audit", "audit은", "audit이", "audit을", "audit으로", "audit과"),
            ("client", "client는", "client가", "client를", "client로", "client와"),
            ("stock", "stock은", "stock이", "stock을", "stock으로", "stock과"),
            ("app", "app은", "app이", "app을", "app으로", "app과"),
            ("TIMED_OUT", "TIMED_OUT은", "TIMED_OUT이", "TIMED_OUT을", "TIMED_OUT으로", "TIMED_OUT과"),
            ("NOT_LEADER", "NOT_LEADER는", "NOT_LEADER가", "NOT_LEADER를", "NOT_LEADER로", "NOT_LEADER와"),
            ("mail", "mail은", "mail이", "mail을", "mail로", "mail과"),
            ("NONE", "NONE는", "NONE가", "NONE를", "NONE로", "NONE와"),
            ("URL", "URL은", "URL이", "URL을", "URL로", "URL과"),
            ("orders-1@12", "orders-1@12는", "orders-1@12가", "orders-1@12를", "orders-1@12로", "orders-1@12와"),
            ("", "는", "가", "를", "로", "와"),
        ];
        for (name, topic, subject, object, to, and) in table {
            assert_eq!(with_particle(name, Particle::Topic), topic);
            assert_eq!(with_particle(name, Particle::Subject), subject);
            assert_eq!(with_particle(name, Particle::Object), object);
            assert_eq!(with_particle(name, Particle::To), to);
            assert_eq!(with_particle(name, Particle::And), and);
        }
    }

    #[test]
    fn a_particle_is_known_by_either_form() {
        for form in ["은", "는", "이", "가", "을", "를", "으로", "로", "과", "와"] {
            assert!(Particle::from_form(form).is_some(), "{form}");
        }
        assert_eq!(Particle::from_form("도"), None);
    }
}
