// SPDX-License-Identifier: ISC
/*
 * address.h: the web address that a QR code holds, written so that the QR stays small.
 */
#ifndef TURNOUT_ADDRESS_H
#define TURNOUT_ADDRESS_H

#include <stddef.h>

#include "core/status.h"

/* path of the check-in form below the club's address; its fragment is a code */
#define ADDRESS_FORM	"R/"

/*
 * Write the address of the check-in form, with `code` in its fragment, to `out` (`size` bytes).
 * `address` is the club's: http or https, no slash at the end. One without a path is put in
 * capitals, "HTTPS://HOST/R/#CODE", so that a QR holds all but the "#" in alphanumeric mode: scheme
 * and host ignore case (RFC 3986 6.2.2.1), and the form is published under R/. A path is
 * case-sensitive, so "https://host/club" gives "https://host/club/R/#CODE". ST_REFUSED when
 * `address` is not a scheme followed by a host, or `out` is too small.
 */
enum status	address_form(const char *address, const char *code, char *out, size_t size);

#endif
