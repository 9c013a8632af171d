"""A status light in the guest: a Luxafor flag (six lights, each red, green and blue), made with uhid.

The kernel's hid-led makes an LED class device of each: /sys/class/leds/luxafor0:red:led0 to luxafor0:blue:led5. What is
written to them arrives here as it would at the real light, and is appended to the file that is named, a line each time:
seconds since boot, number of the light, red, green, blue."""

import os
import struct
import sys
import time

UHID_DESTROY, UHID_OUTPUT, UHID_GET_REPORT, UHID_GET_REPORT_REPLY = 1, 6, 9, 10
UHID_CREATE2, UHID_SET_REPORT, UHID_SET_REPORT_REPLY = 11, 13, 14
BUS_USB, VENDOR, PRODUCT = 3, 0x04D8, 0xF372
# One output report of eight bytes without a number, vendor-defined.
DESCRIPTOR = bytes.fromhex("0600ff0901a1010901150026ff007508950891020902950881 02c0".replace(" ", ""))
EVENT = 4380


def send(device, kind, body):
    os.write(device, (struct.pack("<I", kind) + body).ljust(EVENT, b"\0"))


def main(path, serial):
    device = os.open("/dev/uhid", os.O_RDWR)
    head = struct.pack("<128s64s64sHH", b"Luxafor Flag", b"virtual-dock", serial.encode(), len(DESCRIPTOR), BUS_USB)
    send(device, UHID_CREATE2, head + struct.pack("<IIII", VENDOR, PRODUCT, 0x100, 0) + DESCRIPTOR)
    with open(path, "a", buffering=1) as log:
        while True:
            event = os.read(device, EVENT)
            kind = struct.unpack_from("<I", event)[0]
            if kind == UHID_OUTPUT:
                # Report number, command, light (from 1), red, green, blue.
                _, command, light, red, green, blue = event[4:10]
                if command == 1:
                    print(f"{time.monotonic():.3f} {light - 1} {red} {green} {blue}", file=log)
            elif kind == UHID_SET_REPORT:
                send(device, UHID_SET_REPORT_REPLY, event[4:8] + struct.pack("<H", 0))
            elif kind == UHID_GET_REPORT:
                send(device, UHID_GET_REPORT_REPLY, event[4:8] + struct.pack("<HH", 5, 0))


main(*sys.argv[1:])
