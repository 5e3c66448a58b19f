//! What words leave in doubt, meaning settles: a paragraph that shares no words with its article may be
//! its own, or the first sentence of another story.
//!
//! The vectors come as values from whoever has an encoder: this room has none.

use super::warning;
use crate::domain::Article;

/// A doubtful paragraph is another story's when the cosine of its vector and the body's is below this.
///
/// Measured on the pages under `tests/fixtures/articles`, each with a paragraph of another put at its end:
/// of 142 doubtful paragraphs of their own one lies below it, of 149 of others one in seven.
const APART: f32 = 0.06;
/// The same for those after the last paragraph beyond doubt, where other stories gather.
const APART_AT_END: f32 = 0.12;

/// The paragraphs of an article, by index, that are another story's by their meaning.
///
/// `vectors` holds one unit vector for each paragraph, an empty one where none is known. Where no
/// paragraph is beyond doubt, or nothing is in doubt, all stay.
pub fn apart(article: &Article, vectors: &[Vec<f32>]) -> Vec<usize> {
    let doubtful = |at: &usize| article.doubtful.contains(at);
    let mut centre: Vec<f32> = Vec::new();
    for (_, vector) in vectors.iter().enumerate().filter(|(at, _)| !doubtful(at)) {
        centre.resize(centre.len().max(vector.len()), 0.0);
        centre.iter_mut().zip(vector).for_each(|(sum, x)| *sum += x);
    }
    let length = centre.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length == 0.0 {
        return Vec::new();
    }
    let cosine = |vector: &[f32]| vector.iter().zip(&centre).map(|(x, y)| x * y).sum::<f32>() / length;
    let last = (0..article.paragraphs.len()).rfind(|at| !doubtful(at)).unwrap_or_default();
    let known = |at: &usize| vectors.get(*at).filter(|vector| !vector.is_empty());
    article
        .doubtful
        .iter()
        .copied()
        .filter(|at| {
            let apart = if *at > last { APART_AT_END } else { APART };
            known(at).is_some_and(|vector| cosine(vector) < apart)
        })
        .collect()
}

/// The article without some of its paragraphs, and a warning that says so; nothing is in doubt any more.
pub fn without(article: &Article, paragraphs: &[usize]) -> Article {
    let warnings = article.warnings.iter().cloned().chain([warning::APART.to_owned()]).collect();
    let kept = article.paragraphs.iter().enumerate().filter(|(at, _)| !paragraphs.contains(at));
    Article {
        paragraphs: kept.map(|(_, text)| text.clone()).collect(),
        doubtful: Vec::new(),
        warnings,
        ..article.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_in_doubt_can_be_taken_away() {
        let article = Article {
            paragraphs: ["canal", "pilots", "pole", "ships"].map(str::to_owned).to_vec(),
            doubtful: vec![2, 3],
            ..Article::default()
        };
        let of = |x: f32, y: f32| vec![x, y];
        let vectors = [of(1.0, 0.0), of(0.0, 1.0), of(-0.6, 0.8), of(0.8, 0.6)];
        assert!(apart(&article, &vectors).is_empty());
        let vectors = [of(1.0, 0.0), of(-1.0, 0.1), of(-0.8, 0.6), Vec::new()];
        assert!(apart(&article, &vectors).is_empty());
        let vectors = [of(1.0, 0.0), of(0.8, 0.6), of(-0.8, 0.6), Vec::new()];
        assert_eq!(apart(&article, &vectors), [2], "what has no vector stays");
        assert!(apart(&article, &[]).is_empty(), "without an encoder all stay");
        let left = without(&article, &[2]);
        assert_eq!(left.paragraphs, ["canal", "pilots", "ships"]);
        assert_eq!((left.doubtful, left.warnings), (vec![], vec![warning::APART.to_owned()]));
    }
}
