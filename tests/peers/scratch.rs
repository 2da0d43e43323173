//! Buckets and queues of one trial each, gone when it ends.

use std::ops::Deref;
use std::process;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use tucuxi::Session;
use tucuxi::s3::Bucket;
use tucuxi::sqs::Queue;

/// A name that nothing else has, good for buckets and queues.
pub(crate) fn name() -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("peers-{}-{}", process::id(), LAST.fetch_add(1, Ordering::Relaxed))
}

/// A bucket that is emptied and deleted in the end.
pub(crate) struct ScratchBucket(Bucket);

impl ScratchBucket {
    pub(crate) fn new(session: &Session) -> Self {
        Self(session.s3().create_bucket(name()).unwrap())
    }
}

impl Deref for ScratchBucket {
    type Target = Bucket;

    fn deref(&self) -> &Bucket {
        &self.0
    }
}

impl Drop for ScratchBucket {
    fn drop(&mut self) {
        // The trial says what is wrong; a bucket that stays behind is not worth a second word.
        let _ = self.0.objects().delete();
        let _ = self.0.delete();
    }
}

/// A queue that is deleted in the end.
pub(crate) struct ScratchQueue(Queue);

impl ScratchQueue {
    pub(crate) fn new(session: &Session) -> Self {
        Self(session.sqs().create_queue(&name()).unwrap())
    }
}

impl Deref for ScratchQueue {
    type Target = Queue;

    fn deref(&self) -> &Queue {
        &self.0
    }
}

impl Drop for ScratchQueue {
    fn drop(&mut self) {
        let _ = self.0.delete();
    }
}
