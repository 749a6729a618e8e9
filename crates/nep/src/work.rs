//! Background work: a named task on a thread of its own, run again and again with a rest between. Told to stop, it
//! ends what it has in hand and begins nothing more.
//! May touch nothing: what is done is the task's.

use std::fmt::Display;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Whether a task may begin its next piece; false as soon as it has been told to stop.
pub type GoesOn<'a> = &'a dyn Fn() -> bool;

/// A task at work.
#[derive(Debug)]
pub struct Work {
    stop: mpsc::Sender<()>,
    thread: JoinHandle<()>,
}

impl Work {
    /// Begins at once, then again after each rest. A long task asks between its pieces whether it goes on.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(name: &'static str, rest: Duration, mut task: impl FnMut(GoesOn<'_>) + Send + 'static) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel::<()>();
        let thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            // Nothing is ever sent: the other end gone is the word to stop.
            let goes_on = || matches!(stopped.try_recv(), Err(mpsc::TryRecvError::Empty));
            loop {
                task(&goes_on);
                if !matches!(stopped.recv_timeout(rest), Err(RecvTimeoutError::Timeout)) {
                    return;
                }
            }
        })?;
        Ok(Self { stop, thread })
    }

    /// Tells it to stop without waiting; several are told together and then waited for.
    pub fn tell(self) -> Stopping {
        drop(self.stop);
        Stopping(self.thread)
    }
}

/// Work that was told to stop and may still have something in hand.
#[must_use = "what is in hand may not be finished"]
#[derive(Debug)]
pub struct Stopping(JoinHandle<()>);

impl Stopping {
    /// Waits until what it had in hand is finished.
    pub fn wait(self) {
        // A task that broke down has said so in the log.
        let _ = self.0.join();
    }
}

/// Says that a step went wrong: its name and the kind of fault, never a word of content. The next run tries again.
pub fn tried<E: Display>(step: &'static str, done: Result<(), E>) {
    if let Err(fault) = done {
        tracing::warn!(%fault, step, "background work");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_task_is_run_again_and_again_until_it_is_told_to_stop() {
        let (tell, told) = mpsc::channel();
        let work = Work::start("again", Duration::from_millis(1), move |_| drop(tell.send(()))).unwrap();
        for _ in 0..5 {
            told.recv_timeout(Duration::from_secs(20)).unwrap();
        }
        work.tell().wait();
        while told.try_recv().is_ok() {}
        assert!(told.recv_timeout(Duration::from_millis(50)).is_err(), "nothing begins after the stop");
    }

    #[test]
    fn what_is_in_hand_is_finished_and_nothing_more_is_begun() {
        let (pieces, (tell, told)) = (Arc::new(AtomicUsize::new(0)), mpsc::channel());
        let done = pieces.clone();
        let (let_go, held) = mpsc::channel::<()>();
        let work = Work::start("pieces", Duration::from_secs(600), move |goes_on| {
            while goes_on() {
                drop(tell.send(()));
                let _ = held.recv();
                done.fetch_add(1, Ordering::SeqCst);
            }
        })
        .unwrap();
        told.recv_timeout(Duration::from_secs(20)).unwrap();
        let stopping = work.tell();
        assert_eq!(pieces.load(Ordering::SeqCst), 0, "the piece is still in hand");
        let_go.send(()).unwrap();
        stopping.wait();
        assert_eq!(pieces.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_rest_is_cut_short_by_the_stop() {
        let (tell, told) = mpsc::channel();
        let work = Work::start("rest", Duration::from_secs(600), move |_| drop(tell.send(()))).unwrap();
        told.recv_timeout(Duration::from_secs(20)).unwrap();
        let begun = std::time::Instant::now();
        work.tell().wait();
        assert!(begun.elapsed() < Duration::from_secs(60));
    }
}
