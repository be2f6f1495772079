// SPDX-License-Identifier: ISC
// kept.mjs: connections kept open for a proxy: only after a request that can be read in one way, and without a thread.
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

/** Send one request after the other, each when the last was answered, on one connection, or a new one after an answer that says close. */
function talk(port, requests) {
	return new Promise((resolve, reject) => {
		const statuses = [];
		let reopened = 0;
		const open = () => {
			const socket = net.connect(port, '127.0.0.1', () => socket.write(requests[statuses.length]));
			socket.setTimeout(20000, () => reject(new Error('a connection was not answered for 20 s')));
			socket.on('error', reject);
			socket.on('close', () => reject(new Error(`the connection was closed after ${statuses.length} answers`)));
			socket.on('data', (piece) => {
				const text = piece.toString('latin1');
				statuses.push(...[...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((each) => Number(each[1])));
				if (statuses.length === requests.length)
					return resolve({ statuses, socket, reopened });
				if (!/^connection: close\r$/im.test(text))
					return socket.write(requests[statuses.length]);
				socket.removeAllListeners('close').destroy();
				reopened++;
				open();
			});
		};
		open();
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

	await check2('what is neither a check-in nor a count is closed', get, [200], true);
	await check2('an answer of nothing but a head is, too', `HEAD / HTTP/1.1\r\n${host}\r\n`, [200], true);
	await check2('a check-in goes on', post('Ada'), [201], false);
	await check2('of two requests in one go the first is answered and the second is not read', post('Bea') + post('Cleo'), [201], true);
	const poll = `GET /live/${session_id}.json HTTP/1.1\r\n${host}\r\n`;
	let polled, polls = 0;
	do {		// the second of two: the count is fresh, if they came within 200 ms, and can be told at the gate
		await send(port, poll, 0);
		polled = await send(port, poll, 1);
	} while (polled.isClosed && ++polls < 20);
	check('a poll goes on too', polled.statuses.join() === '200' && !polled.isClosed, polled);
	await send(port, poll, 0);
	await check2('one that says close is closed', poll.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'), [200], true);
	await check2('a check-in that says so is, too', post('Dora', 'Connection: close\r\n'), [201], true);
	await check2('HTTP/1.0 is closed', post('Eve').replace('1.1', '1.0'), [201], true);
	await check2('two lengths end it', post('Bo', 'Content-Length: 5\r\n'), [400], true);
	await check2('a length and chunks end it', post('Bo', 'Transfer-Encoding: chunked\r\n'), [400], true);
	await check2('a refused body ends it', `POST /api/register HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 99999\r\n\r\n` + get, [413], true);
	await check2('a compressed body ends it', post('Bo', 'Content-Encoding: gzip\r\n').replace('Content-Type', 'content-type') + get, [415], true);
	await check2('what is refused for what it says goes on', post(' '), [422], false);
	check('of all that, four people are in', JSON.parse(turnout('status', '--db', db, '--json')).present === 4);
	const mixed = await talk(port, [post('Flo'), get]);
	check('a page is answered on a connection that a check-in came on', mixed.statuses.join() === '201,200', mixed.statuses);
	mixed.socket.destroy();

	const threads = () => readdirSync(`/proc/${server.child.pid}/task`).length, few = threads(), entered = Date.now();
	const hall = await Promise.all(Array.from({ length: 300 }, (_, i) => talk(port, [post(`Guest ${i}`), poll, post(`Friend ${i}`), poll])));
	check('300 kept connections that check in and poll, twice each, are answered four times', hall.every(({ statuses }) => statuses.join() === '201,200,201,200'),
		hall.find(({ statuses }) => statuses.join() !== '201,200,201,200'));
	// A count that is 200 ms old is asked for by one poll, which takes a thread, and its connection ends with the answer.
	const reopened = hall.reduce((sum, each) => sum + each.reopened, 0), fifths = Math.ceil((Date.now() - entered) / 200) + 1;
	check('on the connections that they came on, but for one in 200 ms', reopened <= fifths, [reopened, fifths]);
	check('and none of them has cost a thread, but for that one', threads() - few <= fifths, [few, threads(), fifths]);
	check('each of them is in', JSON.parse(turnout('status', '--db', db, '--json')).present === 605);
	await check2('another client is answered beside them', get, [200], true);
	hall.push(await talk(port, [post('The Last')]));	// the thread that replied is the last to have touched the gate
	const began = Date.now(), ended = await server.stop();
	hall.forEach(({ socket }) => socket.destroy());
	check('kept connections do not hold up the end', ended.code === 0 && Date.now() - began < 8000, [ended, Date.now() - began]);
	const plain = await start(db, site);
	check('without the option each answer closes', (await ask(plain.port, 'GET', '/health/live', { Connection: 'keep-alive' })).headers.connection[0] === 'close');
});
