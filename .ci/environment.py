"""Which Python runs the lab, with every pinned package in place?

`python3 .ci/environment.py requirements.txt` prints the path of that Python on stdout; what it does
on the way goes to stderr. It takes the active environment, else `.venv` in the checkout, which it
makes. pip runs only where a pin is missing, with the user's own pip settings, so a second call
needs no network.
"""

import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)  # numpy 2.4.6 and pandas 3.1.1 install on nothing older
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)")


def pins(requirements):
    """The lines `name==version` of a requirements file and of those that it includes by `-r`."""
    for line in requirements.read_text(encoding="utf-8").splitlines():
        if line.startswith("-r "):
            yield from pins(requirements.parent / line[3:].strip())
        elif match := PIN.match(line):
            yield match.groups()


def installed(name):
    """The version of a package in this environment without its build (2.14.1+cpu is 2.14.1)."""
    try:
        return metadata.version(name).split("+")[0]
    except metadata.PackageNotFoundError:
        return None


def missing_here(requirements):
    """The pins that this Python lacks."""
    wanted = pins(requirements)
    return [f"{name}=={version}" for name, version in wanted if installed(name) != version]


def missing_in(python, requirements):
    """The pins that another Python lacks; it is asked by running this file with it."""
    command = [python, __file__, "--missing", str(requirements)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if answer.returncode:
        sys.exit(answer.returncode)
    return answer.stdout.split()


def python_of(environment):
    return str(environment / "bin" / "python")


def make_environment(folder):
    print(f"Making the virtual environment {folder}", file=sys.stderr)
    made = subprocess.run([sys.executable, "-m", "venv", str(folder)], stdout=sys.stderr)
    if made.returncode:
        sys.exit(
            f"{sys.executable} could not make a virtual environment: install its venv module "
            "(Debian and Ubuntu: apt-get install python3-venv) and try again."
        )


def choose():
    """The Python to use, and the folder of its environment (None: not ours to install into)."""
    if active := os.environ.get("VIRTUAL_ENV"):
        if not Path(python_of(Path(active))).exists():
            sys.exit(f"The active environment {active} is gone: deactivate it, then try again.")
        return python_of(Path(active)), Path(active)
    own = ROOT / ".venv"
    if not Path(python_of(own)).exists():
        if not os.access(ROOT, os.W_OK):
            return sys.executable, None
        make_environment(own)
    return python_of(own), own


def install(python, requirements):
    if subprocess.run([python, "-c", "import pip"], stderr=subprocess.DEVNULL).returncode:
        sys.exit(f"{python} has no pip: install {requirements} for it, then try again.")
    command = [python, "-m", "pip", "install", "-r", str(requirements)]
    if subprocess.run(command, stdout=sys.stderr).returncode:
        sys.exit(f"pip could not install {requirements}: its last lines above say why.")


def main():
    if sys.version_info < OLDEST:
        version = ".".join(map(str, sys.version_info[:3]))
        sys.exit(
            f"{sys.executable} is Python {version}, and the lab needs 3.11 or newer: "
            "name one, as in make run PYTHON=python3.11."
        )
    requirements = Path(sys.argv[-1]).resolve()
    if "--missing" in sys.argv:
        print(*missing_here(requirements))
        return
    python, environment = choose()
    if missing := missing_in(python, requirements):
        if environment is None or not os.access(environment, os.W_OK):
            others = f" and {len(missing) - 1} other packages" if len(missing) > 1 else ""
            sys.exit(
                f"Nothing can be installed here and {python} lacks {missing[0]}{others}: activate "
                "an environment that has them (python3 -m venv ~/digit-lab && "
                f". ~/digit-lab/bin/activate && pip install -r {requirements}), then try again."
            )
        install(python, requirements)
    print(python)


if __name__ == "__main__":
    main()
