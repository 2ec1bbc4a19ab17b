//! What runs when something goes out of scope, or is awaited.

use std::cell::RefCell;
use std::fmt::Write;
use std::future::Future;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Wake, Waker};

/// A log that several share.
#[derive(Clone, Default)]
pub struct Log(Rc<RefCell<String>>);

impl Log {
    /// What has been logged.
    pub fn text(&self) -> String {
        self.0.borrow().clone()
    }
}

impl Write for Log {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.borrow_mut().push_str(text);
        Ok(())
    }
}

/// Logs that it is gone.
pub struct Guard {
    log: Log,
    inner: Inner,
}

struct Inner(Log);

impl Guard {
    /// Guards a log.
    pub fn new(log: &Log) -> Self {
        Self {
            log: log.clone(),
            inner: Inner(log.clone()),
        }
    }

    /// Ends it.
    pub fn end(self) {
        let _ = &self.inner;
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = write!(self.log, "guard ");
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let _ = write!(self.0, "inner ");
    }
}

/// Ready after some polls.
pub struct Later(u32);

impl Future for Later {
    type Output = u32;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<u32> {
        self.0 += 1;
        context.waker().wake_by_ref();
        if self.0 < 3 {
            Poll::Pending
        } else {
            Poll::Ready(self.0)
        }
    }
}

async fn waiting() -> u32 {
    Later(0).await + Later(1).await
}

struct Nothing;

impl Wake for Nothing {
    fn wake(self: std::sync::Arc<Self>) {}
}

/// Polls until it is ready.
pub fn wait() -> u32 {
    let waker = Waker::from(std::sync::Arc::new(Nothing));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(waiting());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}
