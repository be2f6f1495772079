# Turnout: the only Makefile. `make help` lists the targets.
#
# Settings; local.mk may override them, and so may the command line.
CC       = cc
PREFIX   = /usr/local
DESTDIR  =
DB       = db/turnout.db
SITE     = site
LISTEN   = 127.0.0.1:8010
OPTIMISE = -O2 -g
B        = build
-include local.mk

VERSION  = 0.1.0
HARDEN   = -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fPIE
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wswitch-enum -Wmissing-prototypes -Wformat=2 -Wconversion -Werror
CFLAGS   = -std=c11 $(if $(BROTLI),-DHAVE_BROTLI) $(if $(XLSX),-DHAVE_XLSX) $(if $(PDF),-DHAVE_PDF) -D_GNU_SOURCE -DTURNOUT_VERSION='"$(VERSION)"' -I. $(XML) $(OPTIMISE) -ffunction-sections $(HARDEN) $(WARN) $(SAN)
LDFLAGS  = -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack $(SAN)
SAN      =
XML     := $(shell xml2-config --cflags 2>/dev/null)
# brotli copies are made beside gzip ones if libbrotli-dev is installed.
BROTLI  := $(shell printf '\043include <brotli/encode.h>\n' | $(CC) -E -xc - >/dev/null 2>&1 && echo -lbrotlienc)
# XLSX and PDF files can be written if their libraries are installed (libxlsxwriter-dev; libcairo2-dev, libpango1.0-dev).
XLSX    := $(shell printf '\043include <xlsxwriter.h>\n' | $(CC) -E -xc - >/dev/null 2>&1 && echo -lxlsxwriter)
PDF     := $(shell pkg-config --libs pangocairo 2>/dev/null)
PDF_H   := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags-only-I pangocairo 2>/dev/null))
# Print one line for each file made; `make SAY=` prints the whole commands.
SAY      = @echo "  $@";

# What each part depends on. gen/ and endpoint/ see core/ and db/, never each other.
CORE     = $(wildcard core/*.c)
DB_C     = $(wildcard db/*.c)
GEN      = $(wildcard gen/*.c)
ENDPOINT = $(wildcard endpoint/*.c)
UNIT     = $(wildcard tests/unit/test_*.c)
# The loader looks up names in this order; most are in SQLite and the C library.
LIBS_DB  = -lsqlite3 -lc -lsodium -lutf8proc -loath -lm
LIBS_GEN = -lqrencode -lpng -ljansson -lz -lpthread $(BROTLI)
LIBS_ALL = $(LIBS_GEN) -lxml2 -lical $(XLSX) $(PDF)
LIBS_END = -lcivetweb -ljansson -lz -lpthread

OBJ_DB   = $(patsubst %.c,$(B)/%.o,$(CORE) $(DB_C)) $(B)/schema_text.o
OBJ_GEN  = $(patsubst %.c,$(B)/%.o,$(GEN))
# `turnout` is without the libraries that draw and that read HTML and calendars: loading them takes longer than a publish. turnout-export has them.
HEAVY    = export_xlsx export_pdf paper import_calendar import_event links reference
LEAN     = export cmd_paper cmd_import cmd_check
OBJ_LEAN = $(filter-out $(patsubst %,$(B)/gen/%.o,$(HEAVY) $(LEAN)),$(OBJ_GEN)) $(patsubst %,$(B)/lean/%.o,$(LEAN))
OBJ_END  = $(patsubst %.c,$(B)/%.o,$(ENDPOINT)) $(B)/reload_text.o
UNITS    = $(patsubst tests/unit/%.c,$(B)/unit/%,$(UNIT))
FUZZ     = code receipt name body place route headers language gate
FUZZ_S   = 60

.PHONY: units fuzz all help serve publish demo test check san san-programs tsan tsan-programs install clean accept bench bench-generator bench-endpoint pictures includes
.DELETE_ON_ERROR:

all: $(B)/turnout $(B)/turnout-export $(B)/turnoutd

## help            this list
help:
	@sed -n 's/^## /  make /p' Makefile

## serve           install what is missing, make a demo club on first use, and serve it until Ctrl-C
serve:
	@scripts/need build
	@$(MAKE) --no-print-directory -s all
	@scripts/serve $(B) $(DB) $(SITE) $(LISTEN)

## publish         compile the site from the database
publish: $(B)/turnout
	$(B)/turnout publish --db $(DB) --site $(SITE)

## demo            a demo club in $(DB), where there is none yet
demo: $(B)/turnout
	$(B)/turnout init --demo --db $(DB) --address http://$(LISTEN)

## test            install what is missing and run every test
test:
	@scripts/need build test
	@$(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$$(nproc)) $(PACKAGES) all units san-programs tsan-programs
	@BUILD=$(B) SAN_BUILD=$(B)-san TSAN_BUILD=$(B)-tsan node tests/run.mjs all

# The npm packages of the tests, as in the lock file.
PACKAGES = tests/node_modules/.package-lock.json
$(PACKAGES): tests/package-lock.json
	@cd tests && npm ci --silent
	@touch $@

## check           the fast tests: units, command line, golden site, HTTP
check: $(PACKAGES) all units includes
	@BUILD=$(B) node tests/run.mjs fast

## san             the fast tests under AddressSanitizer and UndefinedBehaviorSanitizer
san: $(PACKAGES) san-programs
	@BUILD=$(B)-san node tests/run.mjs fast

san-programs:
	@$(MAKE) --no-print-directory B=$(B)-san OPTIMISE='-O1 -g' HARDEN=-fPIE \
		SAN='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' all units

units: $(UNITS) $(patsubst %,$(B)/fuzz/%,$(FUZZ))

## fuzz            look for inputs that break the rules, FUZZ_S seconds a target; those that reach new code join tests/fuzz/corpus
fuzz: $(patsubst %,$(B)-fuzz/%,$(FUZZ))
	@for target in $(FUZZ); do \
		mkdir -p $(B)-fuzz/new/$$target; echo "  $$target, $(FUZZ_S) s"; \
		$(B)-fuzz/$$target -max_total_time=$(FUZZ_S) -max_len=4096 -timeout=1 -artifact_prefix=$(B)-fuzz/$$target- \
			$(B)-fuzz/new/$$target tests/fuzz/corpus/$$target 2> $(B)-fuzz/$$target.log && \
		$(B)-fuzz/$$target -merge=1 -use_counters=0 tests/fuzz/corpus/$$target $(B)-fuzz/new/$$target \
			2>> $(B)-fuzz/$$target.log || { tail -n 40 $(B)-fuzz/$$target.log; exit 1; }; done

## tsan            the HTTP tests under ThreadSanitizer
tsan: $(PACKAGES) tsan-programs
	@BUILD=$(B)-tsan node tests/run.mjs http

tsan-programs:
	@$(MAKE) --no-print-directory B=$(B)-tsan OPTIMISE='-O1 -g' HARDEN=-fPIE SAN=-fsanitize=thread all

## accept          take the golden site over as it is made now, after showing the difference
accept: $(B)/turnout
	BUILD=$(B) tests/golden/run --accept

## bench           the benchmarks; figures, no verdict
bench: all bench-generator bench-endpoint
	BUILD=$(B) tests/bench/run
	BUILD=$(B) tests/bench/reports

## bench-generator the generator's alone, beside Hugo and Eleventy; SIZES and ROUNDS say how much
bench-generator: all $(B)/bench/measure
	BUILD=$(B) tests/bench/generator

## bench-endpoint  the endpoint's alone, beside FastAPI, Fastify and nginx; ROUNDS and SECONDS say how much
bench-endpoint: all $(B)/bench/load $(B)/bench/measure $(B)/bench/slowsync.so
	BUILD=$(B) node tests/bench/endpoint.mjs

## pictures        take the pictures of the README and the icons again
pictures: all
	BUILD=$(B) node tests/browser/pictures.mjs

# gen and endpoint see core and db, never each other; four files know SQLite, one civetweb, one libxml2. No line of C is over 100
# columns, except those with texts and in macros.
includes:
	@! grep -n '#include "\(gen\|endpoint\)/' core/*.[ch] db/*.[ch] || exit 1
	@! grep -n '#include "endpoint/' gen/*.[ch] || exit 1
	@! grep -n '#include "gen/' endpoint/*.[ch] || exit 1
	@! grep -ln '<sqlite3.h>' core/*.[ch] db/*.[ch] gen/*.[ch] endpoint/*.[ch] | grep -vE '^db/(driver|journal|redo|table).c$$' || exit 1
	@! grep -ln '<civetweb.h>' core/*.[ch] db/*.[ch] gen/*.[ch] endpoint/*.[ch] | grep -v '^endpoint/http.c$$' || exit 1
	@! for file in core/*.[ch] db/*.[ch] gen/*.[ch] endpoint/*.[ch] tests/unit/*.[ch]; do expand $$file | \
		LC_ALL=C.UTF-8 grep -nE '^.{101,}' | grep -vE '"|\\$$' | sed "s|^|$$file: |"; done | grep . || exit 1
	@! grep -ln '<libxml/' core/*.[ch] db/*.[ch] gen/*.[ch] endpoint/*.[ch] | grep -v '^gen/reference.c$$' || exit 1

## install         into DESTDIR and PREFIX: programs, templates, manual pages
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(B)/turnout $(B)/turnout-export $(B)/turnoutd $(DESTDIR)$(PREFIX)/bin
	install -m 644 gen/turnout.1 endpoint/turnoutd.1 $(DESTDIR)$(PREFIX)/share/man/man1
	for part in pages partials assets messages; do \
		install -d $(DESTDIR)$(PREFIX)/share/turnout/templates/$$part && \
		install -m 644 templates/$$part/* $(DESTDIR)$(PREFIX)/share/turnout/templates/$$part || exit 1; done

## clean           remove what was built; never the database or the site
clean:
	rm -rf $(B) $(B)-san $(B)-tsan $(B)-fuzz

$(B)/turnout: $(OBJ_LEAN) $(B)/libdb.a
	$(SAY) $(CC) $(LDFLAGS) -o $@ $^ $(LIBS_DB) $(LIBS_GEN)

$(B)/turnout-export: $(OBJ_GEN) $(B)/libdb.a
	$(SAY) $(CC) $(LDFLAGS) -o $@ $^ $(LIBS_DB) $(LIBS_ALL)

$(B)/turnoutd: $(OBJ_END) $(B)/libdb.a
	$(SAY) $(CC) $(LDFLAGS) -Wl,--gc-sections -o $@ $^ $(LIBS_DB) $(LIBS_END)

$(B)/libdb.a: $(OBJ_DB)
	$(SAY) $(AR) rcs $@ $?

$(B)/lean/%.o: gen/%.c
	@mkdir -p $(@D)
	$(SAY) $(CC) $(filter-out -DHAVE_XLSX -DHAVE_PDF,$(CFLAGS)) -DLEAN -MMD -MP -c -o $@ $<

# Only paper.c sees the headers of pango.
$(B)/gen/paper.o: CFLAGS += $(PDF_H)

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(SAY) $(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

# The schema and its upgrades as C strings, so that program and document cannot differ.
$(B)/schema_text.c: db/schema.sql $(wildcard db/upgrade/*.sql) scripts/schema-text scripts/c-text
	@mkdir -p $(@D)
	scripts/schema-text db/schema.sql db/upgrade > $@

# The script that `turnoutd --reload` serves; it is in the program because it must not be in a site.
$(B)/reload_text.c: endpoint/reload.js scripts/c-text
	@mkdir -p $(@D)
	@{ printf '#include "endpoint/reload.h"\nconst char reload_script[] =\n'; scripts/c-text $<; echo ';'; } > $@

$(B)/%_text.o: $(B)/%_text.c
	$(SAY) $(CC) $(CFLAGS) -Wno-overlength-strings -c -o $@ $<

# A unit test may call everything but the two mains, and links what it calls; static functions are tested through the headers.
$(B)/libunit.a: $(filter-out %/main.o,$(OBJ_GEN) $(OBJ_END))
	$(SAY) $(AR) rcsP $@ $?

$(B)/unit/%: tests/unit/%.c $(B)/libunit.a $(B)/libdb.a
	@mkdir -p $(@D)
	$(SAY) $(CC) $(CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $^ -lcmocka $(LIBS_DB) $(LIBS_ALL) $(LIBS_END)

# A fuzz target that replays its corpus; and the same with libFuzzer and the sanitizers.
$(B)/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(B)/libunit.a $(B)/libdb.a
	@mkdir -p $(@D)
	$(SAY) $(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_DB) $(LIBS_END)

$(B)-fuzz/%: tests/fuzz/%.c $(CORE) $(DB_C) $(filter-out endpoint/main.c,$(ENDPOINT)) $(B)/schema_text.c $(B)/reload_text.c \
		$(wildcard core/*.h db/*.h endpoint/*.h tests/fuzz/*.h)
	@mkdir -p $(@D)
	$(SAY) clang -std=c11 -D_GNU_SOURCE -DTURNOUT_VERSION='"$(VERSION)"' -I. -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all \
		-o $@ $(filter %.c,$^) $(LIBS_DB) $(LIBS_END)

$(B)/bench/measure: tests/bench/measure.c $(B)/gen/qr.o $(B)/gen/buffer.o
	@mkdir -p $(@D)
	$(SAY) $(CC) $(CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $^ -lqrencode -lpng -lsqlite3

$(B)/bench/load: tests/bench/load.c
	@mkdir -p $(@D)
	$(SAY) $(CC) $(CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $<

$(B)/bench/slowsync.so: tests/bench/slowsync.c
	@mkdir -p $(@D)
	$(SAY) $(CC) $(CFLAGS) -fPIC -MMD -MP -shared -o $@ $<

-include $(shell test -d $(B) && find $(B) -name '*.d')
