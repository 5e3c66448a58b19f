//! What a text means to topics, in few bytes.

/// A text as the encoder sees it: a vector of the whole, and one of each word piece that says something.
///
/// Only directions are kept: every vector is stretched until its largest number is 127, and rounded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Meaning {
    /// Of `WHOLE` numbers, or empty.
    whole: Vec<i8>,
    /// Of `PIECE` numbers each.
    pieces: Vec<[i8; PIECE]>,
}

/// Words of a text that stand for it, its headline aside.
const LEAD: usize = 64;

/// Numbers of the vector of the whole.
pub const WHOLE: usize = 384;
/// Numbers of the vector of a word piece.
pub const PIECE: usize = 64;

/// Which of the two that are held against each other a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What was written.
    Article,
    /// What is asked for.
    Topic,
}

impl Meaning {
    /// Of a vector of `WHOLE` numbers and vectors of `PIECE` numbers each, of which what is of another length is left out;
    /// nothing without a whole.
    pub fn new<'a>(whole: &[f32], pieces: impl Iterator<Item = &'a [f32]>) -> Self {
        if whole.len() != WHOLE {
            return Self::default();
        }
        let pieces = pieces.filter_map(|piece| stretched(piece).try_into().ok()).collect();
        Self { whole: stretched(whole), pieces }
    }

    /// Cosine of the whole with that of another text, 0 where one has none.
    pub fn likeness(&self, other: &Self) -> f32 {
        cosine(&self.whole, &other.whole)
    }

    /// For each word piece of this text the cosine of the piece of `other` that comes nearest, -1 where it has none.
    pub fn nearest(&self, other: &Self) -> Vec<f32> {
        let near =
            |own: &[i8; PIECE]| other.pieces.iter().map(|piece| cosine(own, piece)).fold(-1.0, f32::max);
        self.pieces.iter().map(near).collect()
    }

    /// The whole, then the pieces.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.whole.iter().chain(self.pieces.as_flattened()).map(|number| number.cast_unsigned()).collect()
    }

    /// Of bytes that [`Meaning::to_bytes`] gave.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let numbers: Vec<i8> = bytes.iter().map(|byte| byte.cast_signed()).collect();
        let (whole, pieces) = numbers.split_at(WHOLE.min(numbers.len()));
        Self { whole: whole.to_vec(), pieces: pieces.as_chunks().0.to_vec() }
    }
}

/// Headline and first words of a text: what its meaning is taken from.
pub fn lead(title: Option<&str>, text: &str) -> String {
    let title = title.map(|title| format!("{title}."));
    title.as_deref().into_iter().chain(text.split_whitespace().take(LEAD)).collect::<Vec<_>>().join(" ")
}

fn stretched(vector: &[f32]) -> Vec<i8> {
    let largest = vector.iter().fold(f32::MIN_POSITIVE, |largest, number| largest.max(number.abs()));
    vector.iter().map(|number| (number / largest * 127.0).round() as i8).collect()
}

fn cosine(a: &[i8], b: &[i8]) -> f32 {
    let dot =
        |a: &[i8], b: &[i8]| -> i32 { a.iter().zip(b).map(|(x, y)| i32::from(*x) * i32::from(*y)).sum() };
    let lengths = (dot(a, a) as f32 * dot(b, b) as f32).sqrt();
    if lengths > 0.0 { dot(a, b) as f32 / lengths } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_directions_and_survives_its_bytes() {
        let whole: Vec<f32> = (0..WHOLE).map(|at| (at as f32).sin() / 20.0).collect();
        let piece = |turn: f32| -> Vec<f32> { (0..PIECE).map(|at| (at as f32 * turn).cos()).collect() };
        let (first, second) = (piece(1.0), piece(1.3));
        let text = Meaning::new(&whole, [first.as_slice(), &second].into_iter());
        assert_eq!(Meaning::from_bytes(&text.to_bytes()), text);

        let topic = Meaning::new(&whole, [second.as_slice(), &[1.0; 3]].into_iter());
        assert!((topic.likeness(&text) - 1.0).abs() < 1e-3);
        assert_eq!(topic.nearest(&text).len(), 1, "a vector of another length is left out");
        assert!((topic.nearest(&text)[0] - 1.0).abs() < 1e-3);
        assert!(text.nearest(&topic)[0] < 0.9);

        let nothing = Meaning::from_bytes(&[]);
        assert_eq!((nothing.likeness(&text), topic.nearest(&nothing)), (0.0, vec![-1.0]));
    }
}
