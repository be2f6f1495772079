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
CFLAGS   = -std=c11 -D_GNU_SOURCE -DTURNOUT_VERSION='"$(VERSION)"' -I. -I$(B) $(OPTIMISE) $(HARDEN) $(WARN) $(SAN)
LDFLAGS  = -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack $(SAN)
SAN      =

# What each part stands on. gen/ and endpoint/ see core/ and db/, never each other.
CORE     = $(wildcard core/*.c)
DB_C     = $(wildcard db/*.c)
GEN      = $(wildcard gen/*.c)
ENDPOINT = $(wildcard endpoint/*.c)
UNIT     = $(wildcard tests/unit/test_*.c)
LIBS_DB  = -lsqlite3 -lsodium -lutf8proc -lical -loath
LIBS_GEN = -lqrencode -lpng -ljansson
LIBS_END = -lcivetweb -ljansson -lpthread

OBJ_DB   = $(patsubst %.c,$(B)/%.o,$(CORE) $(DB_C)) $(B)/schema_text.o
OBJ_GEN  = $(patsubst %.c,$(B)/%.o,$(GEN))
OBJ_END  = $(patsubst %.c,$(B)/%.o,$(ENDPOINT))
UNITS    = $(patsubst tests/unit/%.c,$(B)/unit/%,$(UNIT))

.PHONY: all help need serve publish demo test check unit san install clean accept bench pictures
.DELETE_ON_ERROR:

all: $(B)/turnout $(B)/turnoutd

## help: this list
help:
	@sed -n 's/^## /  make /p' Makefile

$(B)/turnout: $(OBJ_GEN) $(B)/libdb.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_GEN) $(LIBS_DB)

$(B)/turnoutd: $(OBJ_END) $(B)/libdb.a
	$(CC) $(LDFLAGS) -o $@ $^ $(LIBS_END) $(LIBS_DB)

$(B)/libdb.a: $(OBJ_DB)
	$(AR) rcs $@ $?

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP -c -o $@ $<

# The schema and its upgrades as C strings, so that tool and document cannot differ.
$(B)/schema_text.c: db/schema.sql $(wildcard db/upgrade/*.sql) scripts/schema-text
	@mkdir -p $(@D)
	scripts/schema-text db/schema.sql db/upgrade > $@

$(B)/schema_text.o: $(B)/schema_text.c
	$(CC) $(CFLAGS) -Wno-overlength-strings -c -o $@ $<

# A unit test links everything but the two mains; static helpers are reached through the headers.
$(B)/unit/%: tests/unit/%.c $(filter-out %/main.o,$(OBJ_GEN) $(OBJ_END)) $(B)/libdb.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -MMD -MP $(LDFLAGS) -o $@ $^ -lcmocka $(LIBS_GEN) $(LIBS_END) $(LIBS_DB)

-include $(shell test -d $(B) && find $(B) -name '*.d')
