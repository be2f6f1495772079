// SPDX-License-Identifier: ISC
// protocol.mjs: what a hostile or broken client may send; each connection gets at most one answer, and the right one.
import { join } from 'node:path';
import { ask, check, makeClub, makeFolder, raw, run, start } from './lib.mjs';

const json = 'Content-Type: application/json\r\n';
const body = '{"runner_name":"Sam"}';
const host = 'Host: 127.0.0.1\r\n';
const post = (head, text = body) => `POST /api/register HTTP/1.1\r\n${head}\r\n${text}`;
const length = `Content-Length: ${body.length}\r\n`;
const answersIn = (text) => text.split('HTTP/1.1 ').length - 1;

await run(async () => {
	const folder = makeFolder();
	const server = await start(makeClub(folder), join(folder, 'site'));
	const { port } = server;
	const second = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';

	const framing = [
		['Content-Length and Transfer-Encoding together', 400, post(`${host}${json}${length}Transfer-Encoding: chunked\r\n`, `0\r\n\r\n${second}`)],
		['Transfer-Encoding and then Content-Length', 400, post(`${host}${json}Transfer-Encoding: chunked\r\n${length}`, `0\r\n\r\n${second}`)],
		['a chunked body', 411, post(`${host}${json}Transfer-Encoding: chunked\r\n`, `15\r\n${body}\r\n0\r\n\r\n`)],
		['an unknown Transfer-Encoding', 400, post(`${host}${json}Transfer-Encoding: xchunked\r\n`)],
		['two different Content-Lengths', 400, post(`${host}${json}${length}Content-Length: 5\r\n`)],
		['two equal Content-Lengths', 400, post(`${host}${json}${length}${length}`)],
		['no Content-Length', 411, post(`${host}${json}`, '')],
		['Content-Length +3', 400, post(`${host}${json}Content-Length: +3\r\n`)],
		['Content-Length 3abc', 400, post(`${host}${json}Content-Length: 3abc\r\n`)],
		['Content-Length 3, 5', 400, post(`${host}${json}Content-Length: 3, 5\r\n`)],
		['Content-Length 0x10', 400, post(`${host}${json}Content-Length: 0x10\r\n`)],
		['Content-Length -3', 411, post(`${host}${json}Content-Length: -3\r\n`)],
		['an endless Content-Length', 413, post(`${host}${json}Content-Length: 99999999999999999999999\r\n`)],
		['a length one over the cap', 413, post(`${host}${json}Content-Length: 16385\r\n`)],
		['a compressed body', 415, post(`${host}${json}${length}Content-Encoding: gzip\r\n`)],
		['a body of another type', 415, post(`${host}Content-Type: text/plain\r\n${length}`)],
		['a body of no type', 415, post(`${host}${length}`)],
		['two Content-Types', 415, post(`${host}${json}Content-Type: text/plain\r\n${length}`)],
		['a multipart form', 415, post(`${host}Content-Type: multipart/form-data; boundary=x\r\n${length}`)],
		['no Host', 400, post(`${json}${length}`)],
		['two Hosts', 400, post(`${host}${host}${json}${length}`)],
		['a Host with a path', 400, post(`Host: a/b\r\n${json}${length}`)],
		['a Host with a blank', 400, post(`Host: a b\r\n${json}${length}`)],
		['64 headers', 400, post(`${host}${'X: 1\r\n'.repeat(61)}${json}${length}`)],
		['70 headers', 400, post(`${'X: 1\r\n'.repeat(68)}${host}${json}`)],
		['a GET with a chunked body', 411, `GET / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
		['a header block of 20 kB', 400, `GET / HTTP/1.1\r\n${host}X: ${'a'.repeat(20000)}\r\n\r\n`],
		['an address of 20 kB', 400, `GET /${'a'.repeat(20000)} HTTP/1.1\r\n${host}\r\n`],
		['a word that is no method', 400, `HELLO / HTTP/1.1\r\n${host}\r\n`],
		['a TLS hello on the plain port', 400, '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n'],
	];
	for (const [what, status, bytes] of framing) {
		const answer = await raw(port, bytes);
		check(`${what} is refused with ${status}, once`, answer.status === status && answersIn(answer.text) === 1, answer.text.slice(0, 60));
		check(`the refusal of ${what} is in our words, with our headers`, answer.headers['x-content-type-options']?.[0] === 'nosniff' &&
			answer.headers['content-security-policy']?.length === 1 && answer.headers.connection?.[0] === 'close', answer.headers);
	}
	const folded = await raw(port, post(`${host}X: a\r\n b\r\n${json}${length}`));
	check('a folded header ends with one refusal', [400, 411, 415].includes(folded.status) && answersIn(folded.text) === 1, folded.text.slice(0, 60));
	const piped = await raw(port, `GET /health/live HTTP/1.1\r\n${host}Connection: keep-alive\r\n\r\n${second}`);
	check('of two requests on one connection only the first is answered', answersIn(piped.text) === 1 && piped.status === 200, piped.text);
	const longBody = await raw(port, post(`${host}${json}Content-Length: 16384\r\n`, body.padEnd(16384, ' ')));
	check('a body of exactly the cap is read', longBody.status === 400 || longBody.status === 404, longBody.text.slice(0, 60));

	const paths = ['//', '//health/live', '/health//live', '/health/./live', '/health/../health/live', '/x/%2e%2e/health/live', '/%68ealth/live',
		'/health/live%00', '/health/live%00/zzz', '/health\\live', '/health/live;x', '/h\u00e9', '/..%2f..%2fetc/passwd', '/%'];
	for (const path of paths) {
		const answer = await raw(port, `GET ${path} HTTP/1.1\r\n${host}\r\n`);
		check(`the address ${JSON.stringify(path)} is refused with 400`, answer.status === 400, answer.text.slice(0, 60));
	}
	for (const path of ['/HEALTH/live', '/health/LIVE', '/health/livex', '/health/live/', '/health/live/x', '/Api/register', '/api/register/', '/api/registers',
		'/health/live.']) {
		const answer = await ask(port, 'GET', path);
		check(`the address ${path} is not taken for a neighbour`, answer.status === 404, answer.text.slice(0, 60));
	}
	const foreign = await raw(port, `GET http://elsewhere.example/health/live HTTP/1.1\r\n${host}\r\n`);
	check('an absolute address of another host gets nothing from us', [0, 400].includes(foreign.status), foreign.text.slice(0, 60));

	for (const method of ['PUT', 'DELETE', 'PATCH', 'PROPFIND', 'MKCOL', 'LOCK', 'UNLOCK', 'PROPPATCH', 'CONNECT', 'REPORT', 'OPTIONS'])
		for (const [path, allow] of [['/api/register', 'POST'], ['/', 'GET, HEAD'], ['/health/live', 'GET, HEAD']]) {
			const answer = await ask(port, method, path, { 'Content-Length': 0 });
			check(`${method} ${path} is refused with 405 and the methods allowed`, answer.status === 405 && answer.headers.allow?.[0] === allow,
				answer.text.slice(0, 60));
		}
	const trace = await ask(port, 'TRACE', '/');
	check('TRACE is refused and nothing is echoed', trace.status >= 400 && !trace.body.includes('Host'), trace.text.slice(0, 60));
	const preflight = await ask(port, 'OPTIONS', '/api/register', { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST',
		'Access-Control-Request-Headers': 'Content-Type' });
	check('no other site may send check-ins: a preflight is refused without any Access-Control header', preflight.status === 405 &&
		!/access-control/i.test(preflight.text), preflight.text);
	const upgrade = await ask(port, 'GET', '/health/live', { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Version': '13',
		'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==' });
	check('a WebSocket upgrade is answered as an ordinary request', upgrade.status === 200, upgrade.text.slice(0, 60));
	const expecting = await raw(port, [post(`${host}${json}${length}Expect: 100-continue\r\n`, ''), body], 300);
	check('a client that waits for 100 Continue is told to go on', expecting.text.startsWith('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 4'), expecting.text.slice(0, 60));
	const nul = await raw(port, post(`${host}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 14\r\n`, 'runner_name=\0A'));
	check('a zero byte in a form is refused on the form\'s page', nul.status === 303 && nul.headers.location?.[0] === '../R/bad_request/', nul.text.slice(0, 90));
	const deep = await raw(port, post(`${host}${json}Content-Length: 16000\r\n`, '['.repeat(16000)));
	check('a body of 16,000 brackets is refused', deep.status === 400, deep.text.slice(0, 60));

	const pieces = [post(`${host}${json}Content-Length: 4000\r\n`, ''), ...Array.from({ length: 60 }, () => ' ')];
	const silent = raw(port, post(`${host}${json}Content-Length: 4000\r\n`, ''));
	const slowHead = raw(port, ['GET / HTTP/1.1\r\n', ...Array.from({ length: 40 }, (_, i) => `X-${i}: 1\r\n`)], 500);
	const drips = await Promise.all(Array.from({ length: 40 }, () => raw(port, pieces, 250)));
	check('40 bodies that drip are each cut with 408 after 5 s', drips.every(({ status, ms }) => status === 408 && ms > 4500 && ms < 6500),
		drips.map(({ status, ms }) => [status, ms]).slice(0, 3));
	const { status: silentStatus, ms: silentMs } = await silent;
	check('a body that never comes is cut with 408 within 11 s', silentStatus === 408 && silentMs < 11000, [silentStatus, silentMs]);
	const { ms: headMs } = await slowHead;
	check('a head that drips is cut within 11 s', headMs < 11000, headMs);

	const live = await ask(port, 'GET', '/health/live');
	check('after all that the server is alive', live.status === 200 && live.body === '{"status":"live"}', live.text);
	check('no line of the log is torn or has a control byte', server.log.split('\n').every((line) => line === '' || /^time=\S+ \w+=[^\x00-\x08\x0b-\x1f]*$/.test(line)));
	const { code } = await server.stop();
	check('it ends with 0', code === 0, code);
});
