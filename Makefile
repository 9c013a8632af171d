# The front door. Each target installs what it needs by itself (Debian 12; see packaging/setup.sh) and expects a Swift 6
# toolchain on PATH or in one of the folders below, nothing else.
export PATH := $(PATH):/opt/swift/usr/bin:/usr/libexec/swift/bin

# Where `make install` puts things; a package says /usr.
PREFIX ?= /usr/local

# A room that imports what Package.swift does not allow it is an error, not a surprise.
STRICT := --explicit-target-dependency-import-check error
RELEASE := --configuration release --static-swift-stdlib $(STRICT)
SCRIPTS := .ci/run Tests/run.sh $(wildcard packaging/*.sh Tests/Rigs/*.sh Tests/Bench/*.sh) Tests/VirtualDock/guest/init

.PHONY: help build install demo test test-dock test-story test-board fuzz-board bench-board lint bench clean setup-%

help:
	@echo 'make build     the program for a dock: .build/release/bodydock, with no Swift needed there'
	@echo 'make install   puts it on this machine, with units, udev rule and profiles (PREFIX, DESTDIR)'
	@echo 'make demo      the whole job on a camera with real video, checked with stock age; then a whole dock under QEMU whose'
	@echo '               cameras come back, with its board for your browser, and the report of the shift (about 2 minutes)'
	@echo '               STAY=1: the dock stays, and you plug and pull its cameras, until q or Ctrl-C'
	@echo 'make test      all tests, against real tools and a real S3 server on loopback'
	@echo 'make test-dock a whole dock under QEMU: cameras plugged and pulled, broken disks, power cuts (about 10 minutes)'
	@echo 'make test-story the story of delivery: three cameras, a thin uplink, cuts, a killed agent, a night (about 5 minutes)'
	@echo 'make test-board the board in a real browser: live, both languages, from a phone to 4K; screenshots in .build/board'
	@echo 'make fuzz-board the board against its OpenAPI description (Schemathesis, from PyPI)'
	@echo 'make bench-board what 200 open boards cost a dock that takes in a camera'
	@echo 'make lint      the format of the Swift code, and the shell scripts'
	@echo 'make bench     speed, CPU and memory against other tools and against the floor (about 35 minutes)'
	@echo 'make clean     removes everything that was built'

build: setup-build
	swift build $(RELEASE)

# Puts everything where Debian expects it. DESTDIR is for packages and images; afterwards (without it) run systemd-sysusers,
# systemd-tmpfiles --create, udevadm control --reload and systemctl daemon-reload.
install:
	test -x .build/release/bodydock || $(MAKE) build
	install -D -t $(DESTDIR)$(PREFIX)/bin .build/release/bodydock
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/bodydock/profiles config/profiles/*.yaml
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/bodydock README.md ARCHITECTURE.md CHANGELOG.md docs/*.md
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/bodydock docs/openapi.yaml docs/*.png
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/bodydock/examples/prometheus config/prometheus/*
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/bodydock/examples/nginx config/nginx/*
	install -D -m 644 config/bodydock.yaml $(DESTDIR)$(PREFIX)/share/doc/bodydock/examples/bodydock.yaml
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/lib/udev/rules.d udev-rules/70-bodydock.rules
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	for unit in bodydock.service bodydock-board.service bodydock-nightly.service bodydock-nightly.timer; do \
	    sed 's|@bindir@|$(PREFIX)/bin|' packaging/systemd/$$unit > $(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit || exit; \
	done
	install -D -m 644 packaging/systemd/sysusers.conf $(DESTDIR)$(PREFIX)/lib/sysusers.d/bodydock.conf
	install -D -m 644 packaging/systemd/tmpfiles.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/bodydock.conf
	install -D -m 644 packaging/systemd/modules-load.conf $(DESTDIR)$(PREFIX)/lib/modules-load.d/bodydock.conf
	install -d $(DESTDIR)/etc/bodydock

# The virtual dock makes a Debian image, and mounts: as root, by sudo where needed.
SUDO := $(if $(filter-out 0,$(shell id -u)),$(shell command -v sudo 2>/dev/null))
virtual-dock := python3 -B Tests/VirtualDock/run.py
ifneq ($(SUDO),)
virtual-dock := $(SUDO) --preserve-env=STAY,VIRTUAL_DOCK_LANES,VIRTUAL_DOCK_PATIENCE,VIRTUAL_DOCK_MIRROR $(virtual-dock)
endif

demo: setup-demo build
	Tests/Rigs/demo.sh .build/release/bodydock
	@printf '\nA whole dock, under QEMU, with its board. The first time its Debian is made, which takes a minute or two.\n'
	@export VIRTUAL_DOCK_PATIENCE=$${VIRTUAL_DOCK_PATIENCE:-3}; $(virtual-dock) show

test: setup-test
	swift build --build-tests $(STRICT)
	Tests/run.sh .build/debug/bodydockPackageTests.xctest

# The rig's tests of itself run with SCENARIOS=rig.
SCENARIOS ?= installed docking surprises wall delivery
test-dock: setup-dock build
	$(virtual-dock) $(SCENARIOS)

test-story:
	@$(MAKE) --no-print-directory test-dock SCENARIOS=story

# Looks at the board in a real browser.
# axe-core looks at every page: it is no part of Debian, and comes from PyPI, pinned by its hash.
AXE = .build/axe/axe_playwright_python/axe.min.js
test-board: setup-board
	swift build --product bodydock $(STRICT)
	test -e $(AXE) || { /usr/bin/python3 -m venv .build/pip && .build/pip/bin/pip install --quiet --no-deps --require-hashes --target .build/axe -r Tests/Board/axe.txt; }
	/usr/bin/python3 -B Tests/Board/run.py .build/debug/bodydock .build/board $(AXE)

# Tries everything that docs/openapi.yaml allows, and what it does not. Schemathesis is no part of Debian: it comes from PyPI.
fuzz-board: setup-fuzz
	swift build --product bodydock $(STRICT)
	test -x .build/schemathesis/bin/st || { /usr/bin/python3 -m venv .build/schemathesis && .build/schemathesis/bin/pip install --quiet schemathesis==4.32.5; }
	/usr/bin/python3 -B Tests/Board/fuzz.py .build/debug/bodydock .build/schemathesis/bin/st

# What 200 open boards cost a dock that takes in a camera (docs/benchmarks.md).
bench-board: setup-fuzz build
	/usr/bin/python3 -B Tests/Board/load.py .build/release/bodydock

lint: setup-lint
	swift format lint --strict --recursive --parallel --configuration .swift-format Package.swift Sources Tests
	shellcheck $(SCRIPTS)

bench: setup-bench build
	python3 -B Tests/Bench/bench.py .build/release/bodydock

clean:
	[ ! -e .build/virtual-dock ] || $(SUDO) rm -rf .build/virtual-dock
	rm -rf .build

setup-%:
	@packaging/setup.sh $*
