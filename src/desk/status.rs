//! How the bot is.

use crate::discord::DeskError;
use crate::reading::models;
use crate::render::answer::Status;
use crate::store::queues::queues;
use crate::tasks::Ctx;

pub async fn status(ctx: &Ctx) -> Result<Status, DeskError> {
    Ok(Status {
        version: env!("CARGO_PKG_VERSION"),
        encoder: models::encoder().name.clone(),
        summarizer: ctx.reader.summarizer().map(str::to_owned),
        for_model: ctx.reader.queued() as u64,
        queues: queues(&mut *ctx.store.once().await?, ctx.clock.now()).await?,
    })
}
