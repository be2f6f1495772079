// SPDX-License-Identifier: ISC
// alike.mjs: a request has the same meaning to both of its readers: the gate, which answers it on a kept connection, and the library, which
// closes the connection. Each request is sent as it is, in two pieces, and with one more header, meaningless, whose two blanks send it to the
// library; all fields of the replies and their bodies must be the same.
import net from 'node:net';
import { join } from 'node:path';
import { ask, check, makeClub, makeFolder, makeRun, run, start, turnout } from './lib.mjs';

/** Send `pieces`, with `isEnd` and the end, and read one reply and what comes behind it where the server closes. */
function send(port, pieces, isEnd) {
	return new Promise((resolve) => {
		const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true }), rest = [...pieces];
		let text = '';
		const done = () => {
			clearTimeout(timer);
			socket.destroy();
			resolve(text);
		};
		const timer = setTimeout(() => { text += '(and no end)'; done(); }, 12000);
		const write = () => {
			if (socket.destroyed)
				return;
			socket.write(Buffer.from(rest.shift(), 'latin1'));
			if (rest.length > 0)
				setTimeout(write, 30);
			else if (isEnd)
				socket.end();
		};
		socket.setNoDelay(true).on('connect', write).on('error', () => {}).on('end', done).on('close', done);
		socket.on('data', (piece) => {
			text += piece.toString('latin1');
			const end = text.indexOf('\r\n\r\n');
			if (end >= 0 && text.includes('\r\nConnection: keep-alive\r\n') && text.length - end - 4 >= Number(/\r\nContent-Length: (\d+)/.exec(text)?.[1] ?? 0))
				done();
		});
	});
}

/* What differs from one reply to the next, whoever makes it. */
const plain = (text) => text.replaceAll(/\r\nDate: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\r\n/g, '\r\nDate: D\r\n').replaceAll(/\r\nX-Request-Id: [0-9a-f]+-\d+\r\n/g, '\r\nX-Request-Id: I\r\n')
	.replace('\r\nConnection: keep-alive\r\n', '\r\nConnection: close\r\n').replaceAll(/"(receipt|receipt_until|server_time|now)": ?("[^"]*"|\d+)/g, '"$1":0');

/** All requests: { name, bytes, isEnd: the client ends its side, isMore: there is something behind it }. */
function requests(token, session) {
	const rows = [], host = 'Host: 127.0.0.1\r\n', json = 'Content-Type: application/json\r\n', form = 'Content-Type: application/x-www-form-urlencoded\r\n';
	const row = (name, bytes, more = {}) => rows.push({ name, bytes, ...more });
	const body = JSON.stringify({ token, runner_name: 'Known', nonce: 'known' }), length = `Content-Length: ${body.length}\r\n`;
	const post = (head, text = body, path = '/api/register', line = ' HTTP/1.1\r\n') => `POST ${path}${line}${head}\r\n${text}`;
	const sized = (head, text, path) => post(`${host}${head}Content-Length: ${Buffer.byteLength(text, 'latin1')}\r\n`, text, path);
	const count = `/live/${session}.json`, get = (head, path = count, line = ' HTTP/1.1\r\n') => `GET ${path}${line}${head}\r\n`;

	row('a check-in', post(host + json + length));
	row('a count', get(host));
	for (const path of ['/api/register', '/api/v1/attendance/mark', '/api/v1/scans', '/api/v1/attendance/undo', '/api/v1/attendance/check-out', '/api/v1/people/suggest'])
		for (const text of ['{}', '', '[]', '{"runner_name":"A"', '{"runner_name":"A","token":"no"}', '{"surplus":1}', '{"runner_name":"A\\u0000"}', '\0', `{"token":"${token}"}`, '{"lang":"de"}'])
			row(`${JSON.stringify(text.slice(0, 30))} to ${path}`, sized(json, text, path));
	for (const text of ['', 'runner_name=A', 'runner_name=A&code=1', 'runner_name=%00', 'runner_name=\0', 'a=b', 'runner_name', '&&', '%', `lang=de&token=${token}`, `token=${token}&runner_name=Known&nonce=known`])
		for (const path of ['/api/register', '/api/v1/scans'])
			row(`the form ${JSON.stringify(text)} to ${path}`, sized(form, text, path));
	for (const type of ['', 'Content-Type: text/plain\r\n', 'Content-Type: \r\n', `${json}${json}`, 'content-type: APPLICATION/JSON; charset=utf-8\r\n', 'Content-Type: application/jsonx\r\n',
		'Content-Type: multipart/form-data; boundary=x\r\n', `${json}Content-Encoding: gzip\r\n`, `${json}Content-Encoding: \r\n`, `${json}Content-Encoding: identity\r\nContent-Encoding: gzip\r\n`])
		row(`the type ${JSON.stringify(type)}`, post(host + type + length));
	for (const text of ['+1', '-1', '1 ', ' 1', '0x1', '1,1', '1, 1', '1;1', '', '0', '00', '999999999', '99999999999999999999999', '16385', '1.0', '1e0', '\xb9'])
		row(`Content-Length ${JSON.stringify(text)}`, post(`${host}${json}Content-Length: ${text}\r\n`, ''), { isEnd: true });
	row('a length with zeros before it', post(`${host}${json}Content-Length: 000${body.length}\r\n`));
	row('no length', post(host + json, ''));
	row('a body and no length', post(host + json), { isMore: true });
	row('two lengths', post(host + json + length + length));
	row('two lengths that differ', post(`${host}${json}${length}Content-Length: 1\r\n`), { isMore: true });
	row('a body that is too short', post(host + json + length, body.slice(0, -1)), { isEnd: true });
	row('a body that is too long', post(host + json + length, `${body} `), { isMore: true });
	row('a line end behind the body', post(host + json + length, `${body}\r\n`), { isMore: true });
	row('two check-ins in one go', post(host + json + length).repeat(2), { isMore: true });
	row('two counts in one go', get(host).repeat(2), { isMore: true });
	for (const coding of ['chunked', 'identity', 'gzip, chunked', 'CHUNKED', '', 'x'])
		for (const head of ['', length])
			row(`Transfer-Encoding ${JSON.stringify(coding)} ${head === '' ? 'alone' : 'with a length'}`, post(`${host}${json}Transfer-Encoding: ${coding}\r\n${head}`), { isMore: true });
	for (const expect of ['100-continue', '100-Continue', 'other', ''])
		row(`Expect ${JSON.stringify(expect)} with the whole body`, post(`${host}${json}Expect: ${expect}\r\n${length}`), { isMore: true });
	for (const connection of ['close', 'Close', 'TE, close', 'close, TE', 'keep-alive', 'Upgrade', '', 'closed', 'keep-alive\r\nConnection: close', 'Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', 'Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAAA'])
		for (const [what, bytes] of [['a check-in', post(`${host}${json}${length}Connection: ${connection}\r\n`)], ['a count', get(`${host}Connection: ${connection}\r\n`)]])
			row(`${what} with Connection ${JSON.stringify(connection.slice(0, 40))}`, bytes);
	for (const one of ['', 'Host: \r\n', `${host}${host}`, 'Host: a b\r\n', 'Host: a:80\r\n', 'Host: a:\r\n', 'Host: a:x\r\n', 'Host: [::1]:80\r\n', 'Host: [::1\r\n', 'Host: u@a\r\n', 'Host: a/b\r\n', 'Host: a \r\n', 'Host: a,b\r\n',
		'Host:a\r\n', 'Host : a\r\n', 'hOST: a\r\n', 'Host\r\n', 'X-Host: a\r\n', `Host: ${'a'.repeat(255)}\r\n`, `Host: ${'a'.repeat(256)}\r\n`, 'Host: \xe9\r\n'])
		for (const [what, bytes] of [['a check-in', post(one + json + length)], ['a count', get(one)]])
			row(`${what} with ${JSON.stringify(one.slice(0, 20))}`, bytes);
	for (const one of ['A: b\r\n c\r\n', 'A:\r\n b\r\n', 'A\r\n', ': b\r\n', ':\r\n', 'A : b\r\n', 'A\t: b\r\n', 'A:\tb\r\n', 'A: b\tc\r\n', 'A: b\x01\r\n', 'A: b\x7f\r\n', 'A: b\0c\r\n', 'A: b\rc\r\n', 'A: b\nc\r\n', 'A: b\n', 'A: b\r', '\xe9: b\r\n', 'A: \xe9\r\n', 'A_B: c\r\n',
		'A!#$: b\r\n', '"A": b\r\n', 'A(b): c\r\n', 'A: \r\n', 'A:\r\n', 'A:  \r\n', 'A: b  \r\n', ' A: b\r\n', '\tA: b\r\n'])
		for (const [what, bytes] of [['a check-in', post(host + one + json + length)], ['a count', get(host + one)], ['a count, as the last line', get(host + one)]])
			row(`${what} with ${JSON.stringify(one)}`, bytes, { isEnd: true });
	for (const number of [28, 29, 30, 31, 40, 58, 70])
		row(`${number} more headers`, post(host + json + length + 'A: b\r\n'.repeat(number)));
	for (const number of [5000, 7800, 8100, 9000, 15000, 17000])
		row(`a header of ${number} bytes`, post(`${host}${json}${length}Cookie: ${'a'.repeat(number)}\r\n`), { isMore: true });
	for (const line of [' HTTP/1.0\r\n', ' HTTP/1.2\r\n', ' HTTP/2.0\r\n', ' HTTP/1.1 \r\n', '  HTTP/1.1\r\n', ' http/1.1\r\n', '\r\n', ' HTTP/1.1\n', ' HTTP/1.1 x\r\n', ' HTTP/1\r\n', ' HTTP/1.10\r\n', '?lang=de HTTP/1.1\r\n', '? HTTP/1.1\r\n', '?a?b HTTP/1.1\r\n', '?lang=%64e HTTP/1.1\r\n', '?lang=\xe9 HTTP/1.1\r\n', '#a HTTP/1.1\r\n', '/ HTTP/1.1\r\n', '%00 HTTP/1.1\r\n', '\0 HTTP/1.1\r\n', ';a HTTP/1.1\r\n', '. HTTP/1.1\r\n'])
		for (const [what, bytes] of [['a check-in', post(host + json + length, body, '/api/register', line)], ['a count', get(host, count, line)]])
			row(`${what} with the line "…${JSON.stringify(line).slice(1)}`, bytes, { isEnd: true });
	for (const path of ['//live/x.json', `/live/../live/${session}.json`, `/./live/${session}.json`, `/l%69ve/${session}.json`, `/LIVE/${session}.json`, '*', 'live', 'http://127.0.0.1/', `http://127.0.0.1${count}`, `http://elsewhere${count}`, '/live/0000000000.json', '/live/', '/live/a/b.json', `/live/${session}.json/`,
		`/live/${session}`, `/live/${'a'.repeat(995)}`, `/live/${'a'.repeat(2000)}`, '/live/\xe9.json', `/live\\${session}.json`, '/health/live'])
		row(`the address ${path.slice(0, 40)}`, get(host, path), { isEnd: true });
	for (const method of ['HEAD', 'get', 'PUT', 'OPTIONS', 'DELETE', 'TRACE', 'G\xc9T', 'GET\t', ' GET', ''])
		for (const path of [count, '/api/register'])
			row(`${JSON.stringify(method)} ${path.slice(0, 6)}`, `${method} ${path} HTTP/1.1\r\n${host}\r\n`, { isEnd: true });
	row('GET of an address for check-ins', get(host, '/api/register'));
	row('POST of a count', post(host + json + length, body, count));
	for (const head of ['Content-Length: 0\r\n', 'Content-Length: 1\r\n', `${length}`])
		row(`a count with ${head.trim()}`, get(host + head), { isEnd: true });
	for (const tag of ['"x"', '*', 'W/"0-open"', '"1-open"', 'W/"1-open"', '"a", "1-open"', '1-open', '', '"1-open"\r\nIf-None-Match: "x"'])
		row(`a count, If-None-Match ${tag}`, get(`${host}If-None-Match: ${tag}\r\n`));
	for (const tongue of ['de', 'de;q=0.1, fr', 'x', '*', '', 'de\r\nAccept-Language: fr'])
		row(`a check-in in ${JSON.stringify(tongue)}`, post(`${host}${json}${length}Accept-Language: ${tongue}\r\n`));
	row('line ends before it', `\r\n${get(host)}`, { isEnd: true });
	row('bare line feeds', get(host).replaceAll('\r\n', '\n'));
	row('nothing but an end', '\r\n\r\n');
	return rows;
}

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site'), { token, session_id } = makeRun(db, 'Open Group', -5, 600);
	turnout('publish', '--db', db, '--site', site, '--quiet');
	const server = await start(db, site, '--keep-alive'), { port } = server, rows = requests(token, session_id), different = [], split = [];
	const known = await ask(port, 'POST', '/api/register', { 'Content-Type': 'application/json', Connection: 'close' }, JSON.stringify({ token, runner_name: 'Known', nonce: 'known' }));
	check('before them all, one is in', known.status === 201);
	let atGate = 0, answered = 0;
	const one = async ({ name, bytes, isEnd = false, isMore = false }) => {
		const first = bytes.indexOf('\n', 2) + 1;
		const whole = await send(port, [bytes], isEnd), other = await send(port, [`${bytes.slice(0, first)}X-Other:  1\r\n${bytes.slice(first)}`], isEnd);
		if (plain(whole) !== plain(other))
			different.push([name, whole, other]);
		if (!isMore) {
			const middle = 1 + Math.floor(bytes.length * 0.6), pieces = await send(port, [bytes.slice(0, middle), bytes.slice(middle)], isEnd);
			if (plain(whole) !== plain(pieces))
				split.push([name, whole, pieces]);
		}
		atGate += whole.includes('\r\nConnection: keep-alive\r\n');
		answered += whole !== '';
		if (other.includes('\r\nConnection: keep-alive\r\n'))
			different.push([name, 'the gate answered what is for the library', other]);
	};
	for (let at = 0; at < rows.length; at += 8)
		await Promise.all(rows.slice(at, at + 8).map(one));
	console.log(`${rows.length} requests, ${answered} answered, ${atGate} at the gate`);
	check(`gate and library answer ${rows.length} requests alike`, different.length === 0, different.slice(0, 10));
	check('and in two pieces as in one', split.length === 0, split.slice(0, 10));
	check('a good part of them was answered at the gate', atGate > 100, atGate);
	check('nobody else is in', JSON.parse(turnout('status', '--db', db, '--json')).present <= 2, turnout('status', '--db', db, '--json'));
	check('the server ends with 0', (await server.stop()).code === 0);
});
