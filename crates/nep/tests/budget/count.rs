//! Hears every statement the database is asked in this process, through the trace the façade writes.

use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// The statements asked since the last look.
#[derive(Debug, Clone, Default)]
pub struct Asked(Arc<Mutex<Vec<String>>>);

impl Asked {
    /// What was asked since the last look, in order.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Listens from now on; once in a process.
pub fn listen() -> Asked {
    let asked = Asked::default();
    let of_database = filter_fn(|m| m.target() == "db::tx" && *m.level() == Level::TRACE);
    tracing_subscriber::registry().with(asked.clone().with_filter(of_database)).init();
    asked
}

impl<S: Subscriber> Layer<S> for Asked {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        event.record(&mut Sql(self));
    }
}

struct Sql<'a>(&'a Asked);

impl Visit for Sql<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "sql" {
            let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
            self.0.0.lock().unwrap().push(line);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}
