// SPDX-License-Identifier: ISC
// protocol.mjs: what a hostile or broken client may send; each connection gets at most one answer, and the right one.
// To be run apart: times of a second are promised and measured.
import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { root } from '../checks.mjs';
import { ask, check, makeClub, makeFolder, makeRun, raw, run, start, turnout } from './lib.mjs';
import { answersIn, fits, neighbours, spellings, traps } from './traps.mjs';

const json = 'Content-Type: application/json\r\n';
const body = '{"runner_name":"Sam"}';
const host = 'Host: 127.0.0.1\r\n';
const post = (head, text = body) => `POST /api/register HTTP/1.1\r\n${head}\r\n${text}`;
const length = `Content-Length: ${body.length}\r\n`;
/* The library's calls that have a known fault, or that do for us what we do with more care. */
const forbidden = ['mg_handle_form_request', 'mg_get_cookie', 'mg_get_var', 'mg_send_http_redirect', 'mg_send_http_error', 'mg_get_request_link', 'mg_send_file',
	'mg_modify_passwords_file', 'mg_check_digest_access_authentication', 'mg_set_websocket_handler', 'mg_websocket_', 'mg_response_header_', 'document_root'];

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder);
	const { token } = makeRun(db, 'Open Group', -5, 60);
	const server = await start(db, join(folder, 'site'));
	const { port } = server;
	const second = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';
	const present = () => JSON.parse(turnout('status', '--db', db, '--json')).present;

	let entered = 0;
	for (const { name, bytes, expect } of traps(token, '127.0.0.1')) {
		const answer = await raw(port, bytes);
		check(`${name} is answered with ${[expect.direct].flat().join(' or ')}, once`, fits(expect.direct, answer.status) && answersIn(answer.text) <= 1,
			answer.text.slice(0, 60));
		entered += answer.status === 201;
		if (answer.status >= 400)
			check(`the refusal of ${name} is in our words, with our headers`, answer.headers['x-content-type-options']?.[0] === 'nosniff' &&
				answer.headers['content-security-policy']?.length === 1 && answer.headers.connection?.[0] === 'close' && !answer.body.includes('<'),
				answer.headers);
	}
	check('of all that nothing entered that was not answered so', present() === Math.min(entered, 1), [present(), entered]);
	const piped = await raw(port, `GET /health/live HTTP/1.1\r\n${host}Connection: keep-alive\r\n\r\n${second}`);
	check('of two requests on one connection only the first is answered', answersIn(piped.text) === 1 && piped.status === 200, piped.text);
	const kept = await raw(port, `GET /health/live HTTP/1.0\r\n${host}Connection: keep-alive\r\n\r\n`);
	check('a client of HTTP/1.0 that asks to be kept is told that it is not', kept.headers.connection?.[0] === 'close' && kept.ms < 3000, kept.text);
	const head = await ask(port, 'HEAD', '/health/live');
	check('HEAD has no body', head.status === 200 && head.body === '', head.text);
	const longBody = await raw(port, post(`${host}${json}Content-Length: 16384\r\n`, body.padEnd(16384, ' ')));
	check('a body of exactly the cap is read', longBody.status === 400 || longBody.status === 404, longBody.text.slice(0, 60));

	for (const path of spellings) {
		const answer = await raw(port, `GET ${path} HTTP/1.1\r\n${host}\r\n`);
		check(`the address ${JSON.stringify(path)} is refused with 400`, answer.status === 400, answer.text.slice(0, 60));
	}
	for (const path of neighbours) {
		const answer = await ask(port, 'GET', path);
		check(`the address ${path} is not taken for a neighbour`, answer.status === 404, answer.text.slice(0, 60));
	}

	for (const method of ['PUT', 'DELETE', 'PATCH', 'PROPFIND', 'MKCOL', 'LOCK', 'UNLOCK', 'PROPPATCH', 'CONNECT', 'REPORT', 'OPTIONS'])
		for (const [path, allow] of [['/api/register', 'POST'], ['/', 'GET, HEAD'], ['/health/live', 'GET, HEAD']]) {
			const answer = await ask(port, method, path, { 'Content-Length': 0 });
			check(`${method} ${path} is refused with 405 and the methods allowed`, answer.status === 405 && answer.headers.allow?.[0] === allow,
				answer.text.slice(0, 60));
		}
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

	const sources = ['core', 'db', 'endpoint', 'gen'].flatMap((part) => readdirSync(join(root, part)).map((name) => join(root, part, name)))
		.filter((path) => /\.[ch]$/.test(path)).map((path) => readFileSync(path, 'utf8').replace(/\/\*[^]*?\*\//g, ''));
	check('the sources were read', sources.some((text) => text.includes('mg_start(')), sources.length);
	for (const call of forbidden)
		check(`${call} is called nowhere`, sources.every((text) => !text.includes(call)));

	/* An endless body behind a refusal: the connection is closed at once, and nothing waits for the rest. */
	const endless = await raw(port, [post(`${host}${json}Content-Length: 10000000000\r\n`, ''), ...Array.from({ length: 40 }, () => 'x'.repeat(100))], 50);
	check('an endless body that is refused is not read to its end', endless.status === 413 && endless.ms < 2000, [endless.status, endless.ms]);
	const silentOnes = await Promise.all(Array.from({ length: 300 }, () => new Promise((open) => {
		const socket = net.connect(port, '127.0.0.1', () => open(socket));
		socket.on('error', () => {});
	})));
	const beside = await ask(port, 'GET', '/health/live');
	check('beside 300 silent connections another is answered at once', beside.status === 200 && beside.ms < 1000, beside.ms);
	for (const socket of silentOnes)
		socket.destroy();

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
	await raw(server.port, `GET / HTTP/1.1${'Lovelace'.repeat(200)}\r\nHost: a\r\n\r\n`);
	check('nothing of a request that the library cannot read is in the log', server.log.includes('event=http') && !server.log.includes('Lovelace'),
		server.log.slice(-400));
	check('no line of the log is torn or has a control byte', server.log.split('\n').every((line) => line === '' || /^time=\S+ \w+=[^\x00-\x08\x0b-\x1f]*$/.test(line)));
	const { code } = await server.stop();
	check('it ends with 0', code === 0, code);
});
