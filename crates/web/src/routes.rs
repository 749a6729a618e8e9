//! A route states the right it asks on its own line, so that the routing table *is* the
//! permission matrix and a test can walk it (P-10).

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodRouter, on};
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
    pub fn get<H: Handler<T, S>, T: 'static>(self, path: &'static str, right: Right, handler: H) -> Self {
        self.line(Method::GET, path, right, on(axum::routing::MethodFilter::GET, handler))
    }

    /// An action.
    #[must_use]
    pub fn post<H: Handler<T, S>, T: 'static>(self, path: &'static str, right: Right, handler: H) -> Self {
        self.line(Method::POST, path, right, on(axum::routing::MethodFilter::POST, handler))
    }

    fn line(mut self, method: Method, path: &'static str, right: Right, router: MethodRouter<S>) -> Self {
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
