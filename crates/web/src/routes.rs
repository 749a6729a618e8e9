//! A route states the right it asks on its own line, so that the routing table *is* the
//! permission matrix and a test can walk it (P-10).

use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::Method;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use domain::right::Right;

/// One line of the routing table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// `GET` or `POST`.
    pub method: Method,
    /// The path with its parameters in braces.
    pub path: &'static str,
    /// What the caller must hold in the organisation the path names.
    pub right: Right,
}

/// The answer to come, as every `async fn` gives it.
type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;

/// A handler of which nothing but the answer is known: the program holds what leads to a handler once, not once
/// for each of its hundreds of routes.
struct Plain<S>(Arc<dyn Fn(Request, S) -> Answer + Send + Sync>);

impl<S: 'static> Plain<S> {
    fn of<H: Handler<T, S, Future = Answer>, T: 'static>(handler: H) -> Self {
        Self(Arc::new(move |request, state| handler.clone().call(request, state)))
    }
}

impl<S> Clone for Plain<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Clone + Send + Sync + 'static> Handler<(), S> for Plain<S> {
    type Future = Answer;

    fn call(self, request: Request, state: S) -> Answer {
        (self.0)(request, state)
    }
}

/// Routes of a feature, each with its right.
pub struct Routes<S> {
    lines: Vec<(Line, MethodRouter<S>)>,
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self { lines: Vec::new() }
    }
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page that is read.
    #[must_use]
    pub fn get<H: Handler<T, S, Future = Answer>, T: 'static>(self, path: &'static str, right: Right, handler: H) -> Self {
        self.line(Method::GET, path, right, Plain::of(handler))
    }

    /// An action.
    #[must_use]
    pub fn post<H: Handler<T, S, Future = Answer>, T: 'static>(self, path: &'static str, right: Right, handler: H) -> Self {
        self.line(Method::POST, path, right, Plain::of(handler))
    }

    fn line(mut self, method: Method, path: &'static str, right: Right, handler: Plain<S>) -> Self {
        let filter = if method == Method::GET { MethodFilter::GET } else { MethodFilter::POST };
        let router = on(filter, handler);
        self.lines.push((Line { method, path, right }, router));
        self
    }

    /// Adds the routes of another feature.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.lines.extend(other.lines);
        self
    }

    /// The permission matrix.
    pub fn table(&self) -> Vec<Line> {
        self.lines.iter().map(|(line, _)| line.clone()).collect()
    }

    /// Builds the router; `guard` wraps each route with the check of its right.
    pub fn build(self, guard: impl Fn(MethodRouter<S>, Right) -> MethodRouter<S>) -> Router<S> {
        self.lines.into_iter().fold(Router::new(), |router, (line, method)| router.route(line.path, guard(method, line.right)))
    }
}
