//! Any public page, digested on demand.

use std::time::Duration;

use url::Url;

use super::in_time;
use crate::discord::DeskError;
use crate::domain::picture;
use crate::reading::ReadOptions;
use crate::render::answer::DigestedPage;
use crate::tasks::Ctx;
use crate::tasks::read::{clean_page, site};

/// Well within the 15 minutes for which Discord takes an answer, and thrice what the slowest model takes.
const PATIENCE: Duration = Duration::from_secs(100);

/// Fetches, cleans and reads a page; nothing of it is stored.
pub async fn digest(ctx: &Ctx, url: Url) -> Result<DigestedPage, DeskError> {
    let page = ctx.fetcher.page(&url).await.map_err(|error| {
        DeskError::user_with("That page cannot be read: {why}.", &[("why", error.to_string())])
    })?;
    let address = page.final_url.clone();
    let article = clean_page(ctx, page).await?;
    if article.paragraphs.is_empty() {
        return Err(DeskError::user(
            "There is no article on that page, or it is drawn by a script that I do not run.",
        ));
    }
    let outlet = article.outlet.clone().unwrap_or_else(|| site(&address));
    let published = article.published;
    let [image, icon] = [&article.image, &article.icon].map(|address| picture(address.as_deref()?));
    let reading = in_time(PATIENCE, ctx.reader.read(article, ReadOptions::default())).await?;
    Ok(DigestedPage { digest: reading.digest, outlet, url: address, published, image, icon })
}
