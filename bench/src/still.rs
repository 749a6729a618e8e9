//! The measure beside each page: a bare handler that gives the same bytes, already made.
//! May touch: one file. Runs as a process of its own, with the runtime the product has.

use anyhow::Context;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, header};
use axum::routing::get;
use clap::Args;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

/// What a still server gives.
#[derive(Debug, Args)]
pub struct Still {
    /// File with the body as it was sent
    #[arg(long)]
    pub file: PathBuf,
    /// Its content type
    #[arg(long)]
    pub kind: String,
    /// Its content encoding
    #[arg(long, default_value = "")]
    pub encoding: String,
    /// Address to listen on
    #[arg(long)]
    pub listen: SocketAddr,
}

impl Still {
    /// The arguments that start it.
    pub fn args(&self) -> Vec<OsString> {
        let mut args: Vec<OsString> =
            ["still", "--kind", &self.kind, "--listen", &self.listen.to_string()].map(OsString::from).into();
        args.extend(["--file".into(), self.file.clone().into()]);
        if !self.encoding.is_empty() {
            args.extend(["--encoding".into(), (&self.encoding).into()]);
        }
        args
    }
}

/// Serves until the process is ended.
pub fn serve(still: &Still) -> anyhow::Result<()> {
    let body = Bytes::from(std::fs::read(&still.file)?);
    let mut headers: Vec<(HeaderName, HeaderValue)> = vec![(header::CONTENT_TYPE, still.kind.parse()?)];
    if !still.encoding.is_empty() {
        headers.push((header::CONTENT_ENCODING, still.encoding.parse()?));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let app = Router::new().fallback(get(move || {
            let (headers, body) = (headers.clone(), body.clone());
            async move { (headers.into_iter().collect::<axum::http::HeaderMap>(), body) }
        }));
        let listener = tokio::net::TcpListener::bind(still.listen).await.context("the still server cannot listen")?;
        axum::serve(listener, app).await?;
        Ok(())
    })
}
