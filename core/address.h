// SPDX-License-Identifier: ISC
/*
 * address.h: where a code leads, written so that its QR stays small.
 */
#ifndef TURNOUT_ADDRESS_H
#define TURNOUT_ADDRESS_H

#include <stddef.h>

#include "core/status.h"

/* the check-in form, below the club's address; what stands in its fragment is a code */
#define ADDRESS_FORM	"R/"

/*
 * The address of the check-in form with `code` in its fragment, into `out` (`size` bytes).
 * `address` is the club's: http or https, no slash at the end. Without a path it is written in
 * capitals, "HTTPS://HOST/R/#CODE", which a QR holds in alphanumeric mode but for the "#": scheme
 * and host do not care about case (RFC 3986 6.2.2.1), and the form is made under R/ too. A path
 * does care, so "https://host/club" gives "https://host/club/R/#CODE". ST_REFUSED when there is no
 * scheme with a host behind it, or `out` is too small.
 */
enum status	address_form(const char *address, const char *code, char *out, size_t size);

#endif
