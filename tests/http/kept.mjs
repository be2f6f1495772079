// SPDX-License-Identifier: ISC
// kept.mjs: connections that go on, for a proxy: only after a request of which nothing can be left, and never into a second reading of it.
import { readdirSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { ask, check, makeClub, makeFolder, makeRun, run, start, turnout } from './lib.mjs';

/** Send `bytes` at once and read until the server closes or `count` answers are there; the statuses, and whether it closed. */
function send(port, bytes, count) {
	return new Promise((resolve) => {
		const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
		let text = '', timer;
		const end = (isClosed) => {
			clearTimeout(timer);
			socket.destroy();
			resolve({ statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((each) => Number(each[1])), isClosed, text });
		};
		timer = setTimeout(() => end(false), 1500);	// what is looked for is that nothing more comes
		socket.on('data', (piece) => {
			text += piece.toString('latin1');
			if (text.split('HTTP/1.1 ').length > count + 1)
				end(false);
		});
		socket.on('error', () => {});
		socket.on('close', () => end(true));
	});
}

/** Send one request after the other, each when the last was answered, on one connection; the statuses, and the socket, which is open. */
function talk(port, requests) {
	return new Promise((resolve, reject) => {
		const socket = net.connect(port, '127.0.0.1', () => socket.write(requests[0])), statuses = [];
		socket.setTimeout(20000, () => reject(new Error('a connection was not answered for 20 s')));
		socket.on('error', reject);
		socket.on('data', (piece) => {
			statuses.push(...[...piece.toString('latin1').matchAll(/HTTP\/1\.1 (\d{3})/g)].map((each) => Number(each[1])));
			if (statuses.length === requests.length)
				resolve({ statuses, socket });
			else
				socket.write(requests[statuses.length]);
		});
	});
}

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const { token, session_id } = makeRun(db, 'Open Group', -5, 60);
	turnout('publish', '--db', db, '--site', site);
	const server = await start(db, site, '--keep-alive'), { port } = server;
	const host = `Host: 127.0.0.1:${port}\r\n`;
	const get = `GET /health/live HTTP/1.1\r\n${host}\r\n`;
	const post = (name, head = '') => {
		const body = JSON.stringify({ token, runner_name: name });
		return `POST /api/register HTTP/1.1\r\n${host}${head}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
	};
	const check2 = async (sentence, bytes, statuses, isClosed) => {
		const got = await send(port, bytes, statuses.length);
		check(sentence, got.statuses.join() === statuses.join() && got.isClosed === isClosed, got);
	};

	await check2('three requests in one go are answered on one connection', get + post('Ada') + get, [200, 201, 200], false);
	await check2('an answer of nothing but a head goes on too', `HEAD / HTTP/1.1\r\n${host}\r\n${get}`, [200, 200], false);
	const poll = `GET /live/${session_id}.json HTTP/1.1\r\n${host}\r\n`;
	await send(port, poll, 0);		// so that the count is fresh, and could be told at the gate
	await check2('a poll goes on too', poll, [200], false);
	await send(port, poll, 0);
	await check2('one that says close is closed', poll.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'), [200], true);
	await check2('who says close is closed', get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n') + get, [200], true);
	await check2('HTTP/1.0 is closed', get.replace('1.1', '1.0') + get, [200], true);
	await check2('a body that nobody reads ends the connection', `GET /health/live HTTP/1.1\r\n${host}Content-Length: ${get.length}\r\n\r\n${get}`, [200], true);
	await check2('two lengths end it', post('Bo', 'Content-Length: 5\r\n') + get, [400], true);
	await check2('a length and chunks end it', post('Bo', 'Transfer-Encoding: chunked\r\n') + get, [400], true);
	await check2('a refused body ends it', `POST /api/register HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 99999\r\n\r\n` + get, [413], true);
	await check2('a body in a type that is not taken ends it', post('Bo').replace('application/json', 'text/csv') + get, [415], true);
	check('of all that, one person is in', JSON.parse(turnout('status', '--db', db, '--json')).present === 1);

	const threads = () => readdirSync(`/proc/${server.child.pid}/task`).length, few = threads();
	const hall = await Promise.all(Array.from({ length: 300 }, (_, i) => talk(port, [post(`Guest ${i}`), poll, post(`Friend ${i}`), poll])));
	check('300 kept connections that check in and poll, twice each, are answered four times', hall.every(({ statuses }) => statuses.join() === '201,200,201,200'),
		hall.find(({ statuses }) => statuses.join() !== '201,200,201,200'));
	check('and none of them has cost a thread', threads() === few, [few, threads()]);
	hall.forEach(({ socket }) => socket.destroy());
	check('each of them is in', JSON.parse(turnout('status', '--db', db, '--json')).present === 601);
	const idle = await Promise.all(Array.from({ length: 128 }, () => new Promise((done, failed) => {
		const socket = net.connect(port, '127.0.0.1', () => socket.write(get)).once('data', () => done(socket)).on('error', failed);
		socket.setTimeout(10000, () => failed(new Error('a connection was not answered for 10 s')));
	})));
	check('as many as a proxy may keep are answered, and each holds a thread that was not there before', few < 64 && threads() >= 128, [few, threads()]);
	await check2('and another client is answered beside them', get, [200], false);
	const began = Date.now(), ended = await server.stop();
	idle.forEach((socket) => socket.destroy());
	check('kept connections do not hold up the end', ended.code === 0 && Date.now() - began < 8000, [ended, Date.now() - began]);
	const plain = await start(db, site);
	check('without the option each answer closes', (await ask(plain.port, 'GET', '/health/live', { Connection: 'keep-alive' })).headers.connection[0] === 'close');
});
