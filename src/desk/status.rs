//! How the bot is.

use crate::discord::DeskError;
use crate::reading::models;
use crate::render::answer::Status;
use crate::store::queues::{Queues, queues};
use crate::tasks::Ctx;

pub async fn status(ctx: &Ctx) -> Result<Status, DeskError> {
    let Queues { feeds, failing, due, last_poll, to_read, to_group, to_post, stories } =
        queues(&mut *ctx.store.read().await?, ctx.clock.now()).await?;
    Ok(Status {
        version: env!("CARGO_PKG_VERSION"),
        encoder: models::encoder().name.clone(),
        summarizer: ctx.reader.summarizer().map(str::to_owned),
        feeds,
        failing,
        due,
        last_poll,
        to_read,
        to_group,
        for_model: ctx.reader.queued() as u64,
        to_post,
        stories,
    })
}
