//! Makes the binaries find libtorch at run time, and rebuilds when a migration changes.
//!
//! tch's own rpath does not reach dependants, so it is printed here: first `lib/` beside the
//! binary (a package may carry its libraries there), then the libtorch of the build.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    if let Ok(lib) = std::env::var("DEP_TCH_LIBTORCH_LIB") {
        println!("cargo:rustc-link-arg=-Wl,-rpath,$ORIGIN/lib:{lib}");
    }
}
