// SPDX-License-Identifier: ISC
// lib.mjs: what every HTTP test needs: a club of its own, a turnoutd of its own, raw requests, and checks written as sentences.
import { spawn } from 'node:child_process';
import net from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { atEnd, build, check, makeFolder, makeRun, root, run, turnout, wallTime, zone } from '../checks.mjs';
import { judgeReply } from '../openapi.mjs';

export { build, check, makeFolder, makeRun, root, run, turnout, wallTime, zone };

/** A new club in `folder`; returns the path of its database. */
export function makeClub(folder) {
	const db = join(folder, 'club.db');
	turnout('init', '--db', db, '--name', 'Test Club', '--zone', zone, '--address', 'http://127.0.0.1:1');
	return db;
}

/** Start turnoutd, or another `program` of its kind; its origin, port, process, what it has logged, and stop(). `more` are options. */
export async function start(db, site, ...more) {
	const { program } = typeof more[0] === 'object' ? more.shift() : { program: join(build, 'turnoutd') };
	const child = spawn(program, ['--db', db, '--site', site, '--listen', '127.0.0.1:0', '--no-watch', ...more],
		{ stdio: ['ignore', 'pipe', 'pipe'] });
	const server = { child, log: '', ended: new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal }))) };
	child.stderr.setEncoding('utf8').on('data', (text) => { server.log += text; });
	const line = await new Promise((resolve, reject) => {
		let text = '';
		child.stdout.setEncoding('utf8').on('data', (piece) => {
			text += piece;
			if (text.includes('\n'))
				resolve(text.slice(0, text.indexOf('\n')));
		});
		server.ended.then(({ code }) => reject(new Error(`turnoutd ended with ${code}: ${server.log}`)));
	});
	server.firstLine = line;
	server.origin = line.replace('listening on ', '');
	server.port = Number(new URL(server.origin).port);
	server.stop = async (signal = 'SIGTERM') => {
		child.kill(signal);
		const ended = await server.ended;
		if (ended.code)		// a sanitizer's report, say
			console.log(server.log.slice(-6000));
		return ended;
	};
	atEnd(async () => {
		if (child.exitCode === null && child.signalCode === null)
			await server.stop('SIGKILL');
	});
	return server;
}

/** The text of an HTTP answer as {status, headers (lower case, lists), body, text}; status 0 when there is none. */
export function parseAnswer(text) {
	const end = text.indexOf('\r\n\r\n');
	const [first, ...lines] = (end < 0 ? text : text.slice(0, end)).split('\r\n');
	const headers = {};
	for (const line of lines) {
		const colon = line.indexOf(':');
		(headers[line.slice(0, colon).toLowerCase()] ??= []).push(line.slice(colon + 1).trim());
	}
	return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0), headers, body: end < 0 ? '' : text.slice(end + 4), text };
}

/**
 * Send bytes as they are and read until the server closes. `pieces` are written one after the other, waiting
 * `wait` ms between them; writing ends when the server has closed.
 */
export function raw(port, pieces, wait = 0) {
	return new Promise((resolve) => {
		const started = Date.now();
		const socket = net.connect(port, '127.0.0.1');
		const list = Array.isArray(pieces) ? [...pieces] : [pieces];
		let text = '', timer;
		const send = () => {
			if (list.length === 0 || socket.destroyed)
				return;
			socket.write(Buffer.from(list.shift(), 'latin1'));
			timer = setTimeout(send, wait);
		};
		socket.setNoDelay(true).on('connect', send);
		socket.on('data', (piece) => { text += piece.toString('latin1'); });
		socket.on('error', () => {});
		socket.on('close', () => {
			clearTimeout(timer);
			resolve({ ...parseAnswer(text), ms: Date.now() - started });
		});
	});
}

let judged = 0;
const faults = new Set();
atEnd(() => {
	if (judged > 0)
		check(`each of ${judged} replies in JSON is what the OpenAPI file says`, faults.size === 0, [...faults].slice(0, 5));
});

/* Keep what is wrong with an answer in JSON, by the OpenAPI file; one that was cut short is not judged, nor what --reload alone serves. */
function judge(method, path, answer) {
	const { headers, body, status } = answer;

	if (path === '/reload.json' || !headers['content-type']?.[0].startsWith('application/json') || method === 'HEAD' || status === 304 || Number(headers['content-length']?.[0]) !== body.length)
		return;
	const bytes = Buffer.from(body, 'latin1');
	const fault = judgeReply(method, path.split('?')[0], status, (headers['content-encoding']?.[0] === 'gzip' ? gunzipSync(bytes) : bytes).toString());
	judged++;
	if (fault !== '')
		faults.add(`${method} ${path} ${status}: ${fault}`);
}

/** One ordinary request; headers are given as an object. What comes back in JSON must be what the OpenAPI file says. */
export async function ask(port, method, path, headers = {}, body = null) {
	const all = { Host: '127.0.0.1', ...(body === null ? {} : { 'Content-Length': Buffer.byteLength(body) }), ...headers };
	const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('');
	const answer = await raw(port, `${method} ${path} HTTP/1.1\r\n${head}\r\n${body === null ? '' : Buffer.from(body).toString('latin1')}`);
	judge(method, path, answer);
	return answer;
}

/** A check-in in JSON; the answer with its parsed body as `json`. */
export async function register(port, fields) {
	const answer = await ask(port, 'POST', '/api/register', { 'Content-Type': 'application/json' }, JSON.stringify(fields));
	return { ...answer, json: answer.body === '' ? null : JSON.parse(Buffer.from(answer.body, 'latin1').toString()) };
}

/** A check-in as a plain form. */
export function submit(port, fields) {
	return ask(port, 'POST', '/api/register', { 'Content-Type': 'application/x-www-form-urlencoded' },
		new URLSearchParams(fields).toString());
}

/** Numbers from 0 to 1 that the seed decides (xorshift); the seed is TURNOUT_SEED or the time, and is printed. */
export function random() {
	let state = Number(process.env.TURNOUT_SEED ?? Date.now() % 0x7fffffff) | 1;
	console.log(`TURNOUT_SEED=${state}`);
	return () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) / 2 ** 32;
	};
}
