//! Any public page, digested on demand.

use anyhow::Context as _;
use url::Url;

use crate::discord::DeskError;
use crate::reading::ReadOptions;
use crate::render::answer::DigestedPage;
use crate::tasks::Ctx;
use crate::tasks::read::{clean_page, site};

/// Fetches, cleans and reads a page; nothing of it is stored.
pub async fn digest(ctx: &Ctx, url: Url) -> Result<DigestedPage, DeskError> {
    let page = ctx
        .fetcher
        .page(&url)
        .await
        .map_err(|error| DeskError::user(format!("That page cannot be read: {error}.")))?;
    let address = page.final_url.clone();
    let article = clean_page(ctx, page).await?;
    if article.paragraphs.is_empty() {
        return Err(DeskError::user(
            "There is no article on that page, or it is drawn by a script that I do not run.",
        ));
    }
    let outlet = article.outlet.clone().unwrap_or_else(|| site(&address));
    let published = article.published;
    let reading =
        ctx.reader.read(article, ReadOptions::default()).await.context("reading a page on demand")?;
    Ok(DigestedPage { digest: reading.digest, outlet, url: address, published })
}
