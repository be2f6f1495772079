// SPDX-License-Identifier: ISC
// gate.mjs: more clients than there are threads send only a part of a request. Other clients, slow and honest ones too, are answered as if
// those did not exist; clients that do not finish in time are told so; and nobody waits for an end that never comes.
import net from 'node:net';
import { join } from 'node:path';
import { ask, check, makeClub, makeFolder, makeRun, raw, register, run, start, turnout } from './lib.mjs';

const host = 'Host: 127.0.0.1\r\n', post = `POST /api/register HTTP/1.1\r\n${host}Content-Type: application/json\r\n`;
const parts = ['P', 'GET / HTTP/1.1\r\nHost: 127', `${post}Content-Length: 300\r\n\r\n`, `${post}Content-Length: 300\r\n\r\n{"token"`,
	`${post}Content-Length: 300\r\nExpect: 100-continue\r\n\r\n`, `${post}content-length : 300\r\n\r\n{`, 'GET / HTTP/1.1\n'];

/** `count` sockets that each send a part, and with `isAgain` come again when they are closed; what became of them, and end(). */
function crowd(port, count, isAgain) {
	const sockets = new Set(), state = { closed: 0, open: 0, text: '' };
	let isOver = false, number = 0;
	const come = () => {
		const part = parts[number++ % parts.length];
		const socket = net.connect(port, '127.0.0.1', () => { socket.write(part); state.open++; });
		sockets.add(socket);
		socket.on('data', (data) => { state.text += data.toString('latin1'); }).on('error', () => {}).on('close', () => {
			sockets.delete(socket);
			state.closed++;
			if (isAgain && !isOver)
				come();
		});
	};
	for (let i = 0; i < count; i++)
		come();
	state.end = () => {
		isOver = true;
		for (const socket of sockets)
			socket.destroy();
	};
	return state;
}

async function until(holds) {
	for (const end = Date.now() + 20000; Date.now() < end; await new Promise((done) => setTimeout(done, 20)))
		if (holds())
			return true;
	return false;
}

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder);
	const { token } = makeRun(db, 'Open Group', -5, 600);
	const server = await start(db, join(folder, 'site')), { port } = server;
	const attend = (name) => register(port, { token, runner_name: name, nonce: name.replaceAll(' ', '-') });
	const attendAll = (count, name) => Promise.all(Array.from({ length: count }, (_, i) => attend(`${name} ${i}`)));
	const first = (answers) => answers.find(({ status }) => status !== 201)?.text;
	let people = 0;

	/* Three times as many as threads. Where they took threads, nobody were answered before some of them are closed. */
	const standing = crowd(port, 800, false);
	check('800 clients that send a part of a request stand', await until(() => standing.open === 800), standing.open);
	const phones = await attendAll(200, 'Beside');
	check('200 phones are answered before any of them is closed', phones.every(({ status }) => status === 201) && standing.closed === 0, [first(phones), standing.closed]);
	people += 200;

	/* An honest phone on a bad line: its request comes in pieces. */
	const whole = (name) => {
		const body = JSON.stringify({ token, runner_name: name });
		return `${post}Content-Length: ${body.length}\r\n\r\n${body}`;
	};
	const slow = await Promise.all(Array.from({ length: 20 }, (_, i) => raw(port, whole(`Slow ${i}`).match(/[^]{1,40}/g), 500)));
	check('20 phones whose request takes seconds to come are answered', slow.every(({ status, ms }) => status === 201 && ms > 1000), [first(slow), slow[0].ms]);
	people += 20;
	check('those who never finish are closed', await until(() => standing.closed === 800), standing.closed);
	check('who sent a head without its body is told 408, who sent part of a head 400, and nobody anything else',
		['408', '400', '100'].every((status) => standing.text.includes(`HTTP/1.1 ${status}`)) && !/HTTP\/1\.1 (?!408|400|100)/.test(standing.text));
	check('who waits to be told to go on is told so', standing.text.split('HTTP/1.1 100 Continue\r\n\r\n').length - 1 >= Math.floor(800 / parts.length), standing.text.slice(0, 100));

	/* More than can wait, and each comes again at once. */
	const again = crowd(port, 1500, true);
	check('1,500 come, more than are let wait', await until(() => again.closed > 200), again.closed);
	const meanwhile = await attendAll(300, 'Meanwhile');
	check('300 phones are taken while they come again and again', meanwhile.every(({ status }) => status === 201), first(meanwhile));
	people += 300;
	again.end();

	const half = await new Promise((resolve) => {
		let text = '';
		const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.end(whole('Half')));
		socket.on('data', (data) => { text += data; }).on('error', () => {}).on('close', () => resolve(text)).on('end', () => socket.destroy());
	});
	check('a client that sends all and ends its side is answered', half.startsWith('HTTP/1.1 201'), half);
	people++;
	const cut = await new Promise((resolve) => {
		const socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => socket.end(whole('Cut').slice(0, -5)));
		const began = Date.now();
		socket.on('data', () => {}).on('error', () => {}).on('end', () => socket.destroy()).on('close', () => resolve(Date.now() - began));
	});
	check('one that ends before all is sent is not waited for', cut < 3000, cut);
	/* The library takes a header for one that has a blank before it, where it is the first; and line ends before a request for nothing. */
	const hidden = [`${post.replace('\r\n', '\r\n Content-Length: 300\r\n')}\r\n`, `\r\n\r\n${post}Content-Length: 3000\r\n\r\n`];
	const found = await Promise.all(hidden.map((bytes) => raw(port, bytes)));
	check('no thread waits for a body whose length the library alone can see', found.every(({ status, ms }) => status >= 400 && ms < 2000), found.map(({ status, ms }) => [status, ms]));
	check('nobody is in but who was told so', JSON.parse(turnout('status', '--db', db, '--json')).present === people);
	const late = crowd(port, 300, false);
	check('while 300 stand', await until(() => late.open === 300), late.open);
	const began = Date.now(), ended = await server.stop();
	check('the server ends with 0 and waits for none of them', ended.code === 0 && Date.now() - began < 4000, [ended, Date.now() - began]);
	late.end();
});
