"""Cameras with a USB identity of their own, made by the guest's kernel: USB gadgets on its dummy controllers.

QEMU's disks all are 46f4:0001 and always have a serial number. A gadget has the ids, the strings and the interfaces that it
is given, can have no serial number, can be a keyboard besides, and can stall. It reads more slowly, and its port is that of
a controller of its own: it does not sit in a bay."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from bays import wait_for_volume
from dock import Dock
from limits import Failed

SLOTS = 8
CONFIG = "/sys/kernel/config/usb_gadget"
# A boot keyboard with its five lights, from the HID specification, appendix E.6.
KEYBOARD = bytes.fromhex(
    "05010906a101050719e029e71500250175019508810295017508810395057501050819012905910295017503910395067508150025650507190029658100c0"
)


@dataclass
class Gadget:
    """A camera that is a gadget. `serial` None is a device without serial number."""

    dock: Dock
    image: Path
    vendor_id: int = 0xB0DC
    product_id: int = 0x0001
    manufacturer: str = "Bodydock"
    product: str = "Test Camera"
    serial: str | None = "B0DC0001"
    inquiry: tuple[str, str, str] = ("BODYDOCK", "TEST CAMERA", "0001")
    keyboard: bool = False
    read_only: bool = False
    slot: int | None = None

    @property
    def name(self) -> str:
        return f"gadget{self.slot}"

    @property
    def is_plugged(self) -> bool:
        return self.slot is not None

    @property
    def id_path(self) -> str:
        """What udev calls ID_PATH of its disk."""
        return f"platform-dummy_hcd.{self.slot}-usb-0:1:1.0-scsi-0:0:0:0"

    @property
    def device(self) -> str:
        """The kernel's name of its USB device, such as 3-1."""
        bus = self.dock.sh(f"ls -d /sys/devices/platform/dummy_hcd.{self.slot}/usb*").rpartition("/usb")[2]
        return f"{bus}-1"

    def plug(self, slot: int) -> "Gadget":
        """Makes it and connects it to one of the controllers, 0 to 7. The image is copied into the guest."""
        if not 0 <= slot < SLOTS:
            raise Failed(f"there is no controller {slot} for a gadget: 0 to {SLOTS - 1}")
        if self.slot is not None:
            raise Failed(f"{self.image.name} is a gadget already, in slot {self.slot}")
        self.slot = slot
        self.dock.push(self.image, self._backing, 0o600)
        self.dock.sh(self._script(), seconds=60)
        self.connect()
        return self

    def connect(self):
        """Plugs it in (again)."""
        self.dock.sh(f"echo dummy_udc.{self.slot} >{CONFIG}/{self.name}/UDC")

    def disconnect(self):
        """Unplugs it, if it is not yet; it stays as it is."""
        socket = f"{CONFIG}/{self.name}/UDC"
        self.dock.sh(f"test -z \"$(cat {socket})\" || echo '' >{socket}")

    def stall(self):
        """From now on each read and write of what is not in the gadget's memory hangs; nothing fails. After about 35 s
        the kernel resets the device: the reader gets an error, and the camera comes back as another disk."""
        # Noflush and nolockfs: a suspend that waited for the running requests would wait for itself.
        self.dock.sh(f"blockdev --flushbufs /dev/mapper/{self.name}; dmsetup suspend --noflush --nolockfs {self.name}")

    def resume(self):
        """What hangs goes on."""
        self.dock.sh(f"dmsetup resume {self.name}")

    def forget(self):
        """The machine that had it plugged in is gone, and it with it."""
        self.slot = None

    def pull(self):
        """Unplugs it and takes it apart."""
        if self.slot is None:
            raise Failed(f"{self.image.name} is not plugged in")
        self.resume()
        self.disconnect()
        self.dock.sh(f"""
            cd {CONFIG}/{self.name}
            find configs/c.1 -type l -delete
            rmdir configs/c.1 functions/* strings/*
            cd ..
            rmdir {self.name}
            dmsetup remove --retry {self.name}
            losetup --detach $(losetup --noheadings --output NAME --associated {self._backing})
            rm {self._backing}
        """)
        self.slot = None

    def wait_for_volume(self, seconds: float = 30) -> dict[str, str]:
        """As that of `bays.Camera`."""
        return wait_for_volume(self.dock, self.device, self.image.name, seconds)

    @property
    def _backing(self) -> str:
        return f"/var/tmp/{self.name}.img"

    def _script(self) -> str:
        """Builds it in the kernel's configfs. Its disk is behind device mapper, which can be suspended."""
        strings = {"manufacturer": self.manufacturer, "product": self.product, "serialnumber": self.serial}
        writes = [f"echo {shlex.quote(text)} >strings/0x409/{name}" for name, text in strings.items() if text is not None]
        vendor, product, revision = self.inquiry
        storage = "functions/mass_storage.0"
        lines = [
            "modprobe -a loop dm_mod libcomposite",
            f"test -e /sys/class/udc/dummy_udc.0 || modprobe dummy_hcd num={SLOTS}",
            f"loop=$(losetup --find --show {self._backing})",
            f'dmsetup create {self.name} --table "0 $(blockdev --getsz $loop) linear $loop 0"',
            f"mkdir {CONFIG}/{self.name}",
            f"cd {CONFIG}/{self.name}",
            f"echo {self.vendor_id:#06x} >idVendor",
            f"echo {self.product_id:#06x} >idProduct",
            "echo 0x0200 >bcdUSB",
            "mkdir strings/0x409",
            *writes,
            f"mkdir configs/c.1 {storage}",
            f"echo {int(self.read_only)} >{storage}/lun.0/ro",
            f"echo {shlex.quote(f'{vendor:<8.8}{product:<16.16}{revision:<4.4}')} >{storage}/lun.0/inquiry_string",
            f"echo /dev/mapper/{self.name} >{storage}/lun.0/file",
            f"ln -s {storage} configs/c.1/",
        ]
        if self.keyboard:
            escaped = "".join(f"\\x{byte:02x}" for byte in KEYBOARD)
            lines += [
                "mkdir functions/hid.0",
                "echo 1 >functions/hid.0/protocol",
                "echo 1 >functions/hid.0/subclass",
                "echo 8 >functions/hid.0/report_length",
                f"printf '{escaped}' >functions/hid.0/report_desc",
                "ln -s functions/hid.0 configs/c.1/",
            ]
        return "\n".join(lines)

    def press(self, key: int):
        """Presses and releases a key on its keyboard, by HID usage: 4 is A."""
        device = self.dock.sh(f"cat {CONFIG}/{self.name}/functions/hid.0/dev").partition(":")[2]
        press = f"\\0\\0\\x{key:02x}\\0\\0\\0\\0\\0"
        self.dock.sh(f"for keys in '{press}' '\\0\\0\\0\\0\\0\\0\\0\\0'; do printf \"$keys\" >/dev/hidg{device}; done")
