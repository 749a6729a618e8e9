//! A certificate of `localhost` by an authority of its own, for a server that speaks TLS.

use std::path::{Path, PathBuf};

/// Files of the authority, of the key and of the certificate.
pub struct Certificate {
    pub authority: PathBuf,
    pub key: PathBuf,
    pub cert: PathBuf,
}

/// Makes one in a folder, under the names PostgreSQL looks for; `openssl` runs that program with arguments.
pub fn make(folder: &Path, openssl: &dyn Fn(&[&str])) -> Certificate {
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (ca, ca_key, key) = (path("ca.pem"), path("ca.key"), path("server.key"));
    let (asked, cert) = (path("asked.pem"), path("server.crt"));
    let ca_for = ["-addext", "basicConstraints=critical,CA:TRUE", "-subj", "/CN=Thu", "-days", "2"];
    openssl(&[&["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", &ca_key, "-out", &ca], &ca_for[..]].concat());
    let for_whom = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
    openssl(&[&["req", "-newkey", "rsa:2048", "-nodes", "-keyout", &key, "-out", &asked], &for_whom[..]].concat());
    let by = ["-CA", &ca, "-CAkey", &ca_key, "-CAcreateserial", "-copy_extensions", "copy", "-days", "2"];
    openssl(&[&["x509", "-req", "-in", &asked, "-out", &cert], &by[..]].concat());
    Certificate { authority: ca.into(), key: key.into(), cert: cert.into() }
}
