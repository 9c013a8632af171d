"""What a scenario has: a booted dock that it shares with the scenarios of its module, cameras, and a folder."""

import importlib
import itertools
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import disks
from bays import Camera, Faults
from dock import Dock
from gadgets import Gadget
from install import CONFIGURATION, Installation, make_installation
from limits import Failed
from places import HERE
from uplink import Uplink

SCENARIOS = HERE / "scenarios"


@dataclass(frozen=True)
class Scenario:
    """A function that raises `Failed` (or anything else) when something is not as it should be."""

    name: str
    function: Callable[["Stage"], None]
    seconds: float
    module: str


REGISTERED: list[Scenario] = []


def scenario(seconds: float = 120):
    """Makes a function of a module in `scenarios` a scenario, which has `seconds` to end, without the first boot."""

    def register(function: Callable[["Stage"], None]):
        module = function.__module__
        name = f"{module.replace('_', '-')}.{function.__name__.replace('_', '-')}"
        REGISTERED.append(Scenario(name, function, seconds, module))
        return function

    return register


def all_scenarios() -> list[Scenario]:
    """All of them, module by module, in the order in which they are written."""
    sys.path.insert(0, str(SCENARIOS))
    for path in sorted(SCENARIOS.glob("*.py")):
        importlib.import_module(path.stem)
    return REGISTERED


@dataclass
class Stage:
    """Made for each module of scenarios. A module says `INSTALLED = True` for a dock with Bodydock on it, and may give its
    own `CONFIGURATION`, `FILES` and `STATE_BYTES`. `UPLINK = True` gives the dock a network with an S3 service, and a `WINDOW` one that
    shows its board to this machine."""

    module: str
    folder: Path
    numbers: itertools.count = field(default_factory=itertools.count)
    cameras: list[Camera | Gadget] = field(default_factory=list)
    current: Dock | None = None
    made: Installation | None = None
    wire: Uplink | None = None

    @property
    def dock(self) -> Dock:
        """The dock of this module, booted; a new one after one that broke."""
        if not self.current:
            module = sys.modules[self.module]
            archive = self.installation.archive if getattr(module, "INSTALLED", False) else None
            uplink = self.uplink if getattr(module, "UPLINK", False) else None
            network = uplink or getattr(module, "WINDOW", None)
            self.current = Dock(self.module, archive, getattr(module, "STATE_BYTES", 2 << 30), uplink=network)
            self.current.boot()
            if uplink:
                uplink.wait()
        return self.current

    @property
    def uplink(self) -> Uplink:
        """The network of a module that says `UPLINK = True`, with its S3 service."""
        if not self.wire:
            self.wire = Uplink(self.folder / "uplink")
        return self.wire

    @property
    def installation(self) -> Installation:
        """What is installed, with the identity that opens what the dock seals."""
        if not self.made:
            module = sys.modules[self.module]
            files = getattr(module, "FILES", {}) | (self.uplink.files if getattr(module, "UPLINK", False) else {})
            self.made = make_installation(self.folder / "installation", getattr(module, "CONFIGURATION", CONFIGURATION), files)
        return self.made

    def camera(
        self,
        serial: str | None = None,
        kind: str = "bot",
        fs: str = "vfat",
        partitioned: bool = True,
        options: tuple = (),
        faults: Faults = Faults(),
        read_only: bool = False,
        **disk,
    ) -> Camera:
        """A camera with footage, not plugged in yet. `options` are those of `bodydock camera make`, `serial` is that of the
        USB device (and by default of the camera too), `disk` are arguments of `disks.make_disk`.

        It carries `folder`, its content on the host, and the hashes of that: `footage`, and all of its `files`."""
        folder = self.folder / f"camera-{next(self.numbers)}"
        named = ("--serial", serial) if serial and "--serial" not in options else ()
        disks.make_camera(folder, *named, *options)
        image = disks.make_disk(folder.with_suffix(".img"), folder, fs, partitioned, **disk)
        return self._remember(Camera(self.dock, image, kind, serial, read_only, faults), folder)

    def gadget(self, fs: str = "vfat", partitioned: bool = True, options: tuple = (), **identity) -> Gadget:
        """A camera with an identity of its own (arguments of `Gadget`), not plugged in yet. It carries what `camera` gives."""
        folder = self.folder / f"camera-{next(self.numbers)}"
        disks.make_camera(folder, *options)
        image = disks.make_disk(folder.with_suffix(".img"), folder, fs, partitioned)
        return self._remember(Gadget(self.dock, image, **identity), folder)

    def _remember(self, camera, folder: Path):
        camera.folder, camera.footage, camera.files = folder, disks.hashes_of(folder, "DCIM"), disks.hashes_of(folder)
        self.cameras.append(camera)
        return camera

    def clear(self):
        """Between scenarios: no cameras, no mounts of the last one."""
        dock = self.current
        for camera in self.cameras:
            if camera.is_plugged and dock and dock.is_on:
                camera.pull()
            shutil.rmtree(camera.folder)
            camera.image.unlink()
        self.cameras.clear()
        if dock and not dock.is_on:
            self.drop()

    def drop(self):
        """Gives up the dock; the next scenario gets a new one."""
        dock, self.current = self.current, None
        if dock:
            dock.close()

    def close(self):
        """At the end of a module."""
        self.drop()
        if self.wire:
            self.wire.close()


def expect(condition: bool, what: str):
    """Fails with `what` unless `condition` is true."""
    if not condition:
        raise Failed(what)


def expect_equal(found, expected, what: str):
    """Fails unless both are equal, and tells both."""
    if found != expected:
        if isinstance(found, Counter):
            found, expected = dict(found - expected), dict(expected - found)
            raise Failed(f"{what}: too much {found}, missing {expected}")
        raise Failed(f"{what}: found {found!r}, expected {expected!r}")
