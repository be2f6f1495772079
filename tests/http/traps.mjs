// SPDX-License-Identifier: ISC
/*
 * traps.mjs: what a hostile or broken client may send, as data. Three ways it is run: protocol.mjs to turnoutd itself, proxy.mjs
 * through deploy/nginx.conf and deploy/Caddyfile.
 *
 * The library's traps, and the test that holds each:
 *
 *   framing: two lengths, length and chunks, odd numbers, chunks, trailers       the table below, three ways
 *   smuggling: CL.TE, TE.CL, TE.TE, CL.0, doubled length, folded header          the table below; each connection one answer, nothing entered
 *   a length beyond 64 bits; a body over the cap                                 the table below
 *   70 headers are cut to 64 without a word                                      the table below
 *   bare line feeds, no Host, two Hosts, a Host that is no name                  the table below
 *   a head or an address of 20 kB; TLS on the plain port                         the table below
 *   paths: %00, %2e%2e, //, \, a trailing dot, percent-encoding, raw UTF-8       `spellings` below; unit/test_route
 *   handlers match without case and by prefix                                    `neighbours` below; unit/test_route
 *   PROPFIND, LOCK, MKCOL and all others reach a handler                         protocol: "is refused with 405"
 *   CORS: the library lets any site in                                           protocol: "a preflight is refused"
 *   upgrade to a WebSocket                                                       protocol: "a WebSocket upgrade"
 *   HEAD sends a body                                                            protocol: "HEAD has no body"; static: "HEAD has the headers of GET"
 *   kept connections hold a thread, and let a second request in                  protocol: "only the first is answered", "asks to be kept"
 *   100-continue is never said                                                   protocol: "waits for 100 Continue"
 *   NUL in a form (CVE-2025-9648: an endless loop)                               protocol: "a zero byte in a form"
 *   deep JSON on 100 kB of stack                                                 protocol: "16,000 brackets"; unit/test_body
 *   a body that drips is never cut                                               protocol: "bodies that drip"; proxy: "while 60"
 *   a body that was refused is read to its end                                   protocol: "an endless body that is refused"
 *   a head that drips; a connection that stays silent                            protocol: "a head that drips", "silent connections"
 *   more clients that send a part of a request than there are threads            gate; unit/test_gate
 *   a blank before the first header, empty lines before a request                gate: "the library alone can see"; unit/test_gate
 *   the gate reads a request as the library does                                 alike
 *   a client that does not read                                                  slow; proxy: "while 60"
 *   the thread that accepts waits where the queue of its threads is full         slow; unit/test_gate
 *   files: document root, listing, CGI, SSI, symbolic links, dot-files           static: "a stray file", "symbolic link", "not listed"
 *   a header with a line break in it                                             register: "nothing that was sent reaches the Location"
 *   the error text repeats what was sent                                         protocol: "in our words, with our headers"
 *   accept() spins without descriptors                                           limits of the unit file and of http.c, deploy: "LimitNOFILE"
 *   mg_stop takes seconds                                                        process
 *   worker stacks of 100 kB                                                      protocol: "16,000 brackets" (pages and SQL run on own threads)
 *   calls that are never to be used                                              protocol: "is called nowhere"
 *
 * A row: what it is, what is sent, and the status that answers, one number or those that are right. `nginx` and `caddy` are given where
 * they differ from `direct`; 0 is a connection closed without an answer. A row may enter a check-in only where 201 is
 * among its answers; what hides behind a first request says "Smuggled", and never enters.
 */
const json = 'Content-Type: application/json\r\n';

/** The rows, each a check-in that were good but for one thing; `token` opens the run, `host` is the name that the servers answer to. */
export function traps(token, host) {
	const body = JSON.stringify({ runner_name: 'Trap', token });
	const hidden = JSON.stringify({ runner_name: 'Smuggled', token });
	const one = `Host: ${host}\r\n`, close = 'Connection: close\r\n';
	const length = `Content-Length: ${body.length}\r\n`, chunked = 'Transfer-Encoding: chunked\r\n';
	const second = `POST /api/register HTTP/1.1\r\n${one}${json}Content-Length: ${hidden.length}\r\n\r\n${hidden}`;
	const post = (head, text = body) => `POST /api/register HTTP/1.1\r\n${head}${close}\r\n${text}`;
	const row = (name, bytes, direct, through = {}) => ({ name, bytes, expect: { direct, nginx: direct, caddy: direct, ...through } });
	const chunk = (text) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;

	return [
		row('Content-Length and Transfer-Encoding together (CL.TE)', post(`${one}${json}${length}${chunked}`, `0\r\n\r\n${second}`), 400, { caddy: 411 }),
		row('Transfer-Encoding and then Content-Length (TE.CL)', post(`${one}${json}${chunked}Content-Length: 4\r\n`, chunk(second)), 400, { caddy: 411 }),
		row('two Transfer-Encodings (TE.TE)', post(`${one}${json}${chunked}Transfer-Encoding: identity\r\n`, `0\r\n\r\n${second}`), [400, 411], { nginx: [400, 501], caddy: [400, 501] }),
		row('a Transfer-Encoding with a tab before it', post(`${one}${json}${length}Transfer-Encoding:\tchunked\r\n`, `0\r\n\r\n${second}`), 400, { nginx: 501, caddy: 411 }),
		row('a blank before the colon of Transfer-Encoding', post(`${one}${json}${length}Transfer-Encoding : chunked\r\n`, body), 400),
		row('Content-Length 0 with a request behind it (CL.0)', post(`${one}${json}Content-Length: 0\r\n`, second), 400),
		row('a folded Transfer-Encoding', post(`${one}${json}Transfer-Encoding:\r\n chunked\r\n${length}`, `0\r\n\r\n${second}`), 400, { caddy: 411 }),
		row('a folded header', post(`${one}X: a\r\n b\r\n${json}${length}`), 415, { nginx: 400, caddy: [201, 409] }),
		row('a chunked body', post(`${one}${json}${chunked}`, chunk(body)), 411, { nginx: [201, 409] }),
		row('a chunk with an extension', post(`${one}${json}${chunked}`, `${body.length.toString(16)};x=1\r\n${body}\r\n0\r\n\r\n`), 411, { nginx: [201, 409] }),
		row('a chunk of -3 bytes', post(`${one}${json}${chunked}`, `-3\r\n${body}\r\n0\r\n\r\n`), 411, { nginx: 400 }),
		row('a chunk of 2^64-1 bytes', post(`${one}${json}${chunked}`, `ffffffffffffffff\r\n${body}\r\n0\r\n\r\n`), 411, { nginx: 400 }),
		row('a chunked body with a trailer', post(`${one}${json}${chunked}`, `${body.length.toString(16)}\r\n${body}\r\n0\r\nX: 1\r\n\r\n`), 411, { nginx: [201, 409] }),
		row('an unknown Transfer-Encoding', post(`${one}${json}Transfer-Encoding: xchunked\r\n`), 400, { nginx: 501, caddy: 501 }),
		row('two different Content-Lengths', post(`${one}${json}${length}Content-Length: 5\r\n`, body + second), 400),
		row('two equal Content-Lengths', post(`${one}${json}${length}${length}`, body + second), 400, { caddy: [201, 409] }),
		row('no Content-Length', post(`${one}${json}`, ''), 411),
		row('Content-Length +3', post(`${one}${json}Content-Length: +3\r\n`), 400),
		row('Content-Length 3abc', post(`${one}${json}Content-Length: 3abc\r\n`), 400),
		row('Content-Length 3, 5', post(`${one}${json}Content-Length: 3, 5\r\n`), 400),
		row('Content-Length 0x10', post(`${one}${json}Content-Length: 0x10\r\n`), 400),
		row('Content-Length -3', post(`${one}${json}Content-Length: -3\r\n`), 411, { nginx: 400, caddy: 400 }),
		row('an endless Content-Length', post(`${one}${json}Content-Length: 99999999999999999999999\r\n`), 413, { nginx: 400, caddy: 400 }),
		row('a Content-Length of 10 GB', post(`${one}${json}Content-Length: 10000000000\r\n`), 413),
		row('a length one over the cap', post(`${one}${json}Content-Length: 16385\r\n`), 413),
		row('a compressed body', post(`${one}${json}${length}Content-Encoding: gzip\r\n`), 415),
		row('a body of another type', post(`${one}Content-Type: text/plain\r\n${length}`), 415),
		row('a body of no type', post(`${one}${length}`), 415),
		row('two Content-Types', post(`${one}${json}Content-Type: text/plain\r\n${length}`), 415),
		row('a multipart form', post(`${one}Content-Type: multipart/form-data; boundary=x\r\n${length}`), 415),
		row('no Host', post(`${json}${length}`), 400),
		row('two Hosts', post(`${one}${one}${json}${length}`), 400),
		row('a Host with a path', post(`Host: a/b\r\n${json}${length}`), 400),
		row('a Host with a blank', post(`Host: a b\r\n${json}${length}`), 400),
		row('64 headers', post(`${one}${'X: 1\r\n'.repeat(60)}${json}${length}`), 400),
		row('70 headers', post(`${'X: 1\r\n'.repeat(68)}${one}${json}`), 400, { caddy: 411 }),
		row('bare line feeds', post(`${one}${json}${length}`).replaceAll('\r\n', '\n'), [201, 409]),
		row('a GET with a chunked body', `GET / HTTP/1.1\r\n${one}${close}${chunked}\r\n0\r\n\r\n`, 411, { nginx: 200, caddy: 200 }),
		row('a header block of 40 kB', `GET / HTTP/1.1\r\n${one}${close}X: ${'a'.repeat(20000)}\r\nY: ${'a'.repeat(20000)}\r\n\r\n`, 400, { caddy: 431 }),
		row('an address of 40 kB', `GET /${'a'.repeat(40000)} HTTP/1.1\r\n${one}${close}\r\n`, 400, { nginx: 414, caddy: 431 }),
		row('a word that is no method', `HELLO / HTTP/1.1\r\n${one}${close}\r\n`, 400, { nginx: 405, caddy: 405 }),
		row('TRACE', `TRACE / HTTP/1.1\r\n${one}${close}\r\n`, 400, { nginx: 405, caddy: 405 }),
		row('a TLS hello on the plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n', 400),
		row('an absolute address of another host', `GET http://elsewhere.example/health/live HTTP/1.1\r\n${one}${close}\r\n`, [0, 400], { nginx: 200, caddy: 200 }),
	];
}

/** Spellings of /health/live and of what nobody may have: turnoutd refuses each with 400; no proxy makes another's page of it. */
export const spellings = ['//', '//health/live', '/health//live', '/health/./live', '/health/../health/live', '/x/%2e%2e/health/live', '/%68ealth/live',
	'/health/live%00', '/health/live%00/zzz', '/health\\live', '/health/live;x', '/h\u00e9', '/..%2f..%2fetc/passwd', '/%'];

/** Near misses of addresses, each nobody's. */
export const neighbours = ['/HEALTH/live', '/health/LIVE', '/health/livex', '/health/live/', '/health/live/x', '/Api/register', '/api/register/',
	'/api/registers', '/health/live.'];

/** How many answers are in what came back. */
export const answersIn = (text) => text.split(/HTTP\/1\.[01] \d{3} /).length - 1;

/** Is the status of an answer one of those that `expected` (a number or some) has? */
export const fits = (expected, status) => [expected].flat().includes(status);
