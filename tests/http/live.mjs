// SPDX-License-Identifier: ISC
// live.mjs: the live file that turnoutd serves from memory: it says what the published file says, at once, never goes back, and is cheap.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, check, makeClub, makeFolder, makeRun, raw, register, run, start, turnout } from './lib.mjs';

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const open = makeRun(db, 'Open Group', -5, 60);
	turnout('publish', '--db', db, '--site', site);
	const { port, child: { pid } } = await start(db, site);
	const path = `/live/${open.session_id}.json`;
	const live = async (headers = {}) => {
		const answer = await ask(port, 'GET', path, headers);
		return { ...answer, etag: answer.headers.etag?.[0], json: answer.body === '' ? null : JSON.parse(answer.body) };
	};
	const published = () => {
		turnout('publish', '--db', db, '--site', site);
		return readFileSync(join(site, 'public', path), 'utf8');
	};

	let answer = await live();
	check('before anybody came it says what the file says, byte for byte', answer.status === 200 && answer.body === published(), answer.body);
	check('with the sequence and the state as its validator', answer.etag === '"0-open"' && answer.headers['cache-control'][0] === 'no-cache', answer.text);
	const taken = await register(port, { token: open.token, runner_name: 'Ada', claim: 'a'.repeat(26) });
	answer = await live();
	check('whoever is in is counted by the next poll, with no publisher at work', taken.status === 201 && answer.json.count === 1 && answer.json.sequence === 1, answer.body);
	check('the file says the same once it is published', answer.body === published(), answer.body);
	check('who knows it is told so, in no bytes', (await live({ 'If-None-Match': answer.etag })).status === 304, answer.etag);
	await ask(port, 'POST', '/api/v1/attendance/undo', { 'Content-Type': 'application/json' }, JSON.stringify({ session_id: open.session_id, claim: 'a'.repeat(26) }));
	const undone = await live({ 'If-None-Match': answer.etag });
	check('who takes it back is counted out, and an old validator is none', undone.status === 200 && undone.json.count === 0 && undone.json.sequence === 2, undone.text);

	/* At the gate or in a thread: the same answer, however it is asked for. What is no plain request is what it is for any other address. */
	const seen = ({ status, body, headers: { date, 'x-request-id': id, ...rest } }) => JSON.stringify([status, body, rest, typeof date, id?.length > 5]);
	const get = `GET ${path} HTTP/1.1\r\n`, host = 'Host: 127.0.0.1\r\n';
	for (const known of ['', `If-None-Match: ${undone.etag}\r\n`, 'If-None-Match: "no"\r\n']) {
		await live();
		const plain = seen(await raw(port, `${get}${host}${known}\r\n`));
		const others = [`${get}Host:127.0.0.1\r\n${known}\r\n`, `${get}${host}${known}Content-Length: 0\r\n\r\n`, [`${get}${host}`, `${known}\r\n`],
			`GET ${path}?a=b HTTP/1.1\r\n${host}${known}\r\n`, `${get}${host}${known}\r\n${get}${host}\r\n`];
		const answers = await Promise.all(others.map((pieces) => raw(port, pieces, 50).then(seen)));
		check(`a poll ${known.trim() || 'alone'} is answered alike in ${others.length} other spellings`, answers.every((one) => one === plain), [plain, answers]);
	}
	for (const [status, what, text] of [[400, 'two Hosts', `${get}${host}${host}\r\n`], [400, 'no Host', `${get}\r\n`], [400, 'two lengths', `${get}${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`],
		[405, 'POST', `POST ${path} HTTP/1.1\r\n${host}\r\n`], [200, 'HEAD', `HEAD ${path} HTTP/1.1\r\n${host}\r\n`]])
		check(`${what}: ${status}`, (await raw(port, text)).status === status);
	const switches = () => readdirSync(`/proc/${pid}/task`).filter((task) => readFileSync(`/proc/${pid}/task/${task}/comm`, 'utf8').startsWith('civetweb-worker'))
		.reduce((sum, task) => sum + Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8'))[1]), 0);
	const before = switches(), began = Date.now();
	for (let i = 0; i < 400; i++)
		await live();
	const woken = switches() - before, fresh = (Date.now() - began) / 200;
	check('400 polls wake no thread but those few that ask the database again', woken < 40 + 10 * fresh, [woken, fresh]);

	let last = 0, isBack = false, asked = 0;
	const poll = async () => {
		const { json } = await live();
		isBack ||= json.sequence < last || json.count > json.sequence;
		last = json.sequence;
		asked++;
	};
	for (let wave = 0; wave < 10; wave++) {
		let isIn = false;
		const entered = Promise.all(Array.from({ length: 20 }, (_, i) => register(port, { token: open.token, runner_name: `Runner ${wave} ${i}` }))).then(() => (isIn = true));
		do
			await poll();
		while (!isIn);
		await entered;
	}
	await poll();
	answer = await live();
	check(`200 check-ins under ${asked} polls: the count never goes back, and ends right`, !isBack && last === 202 && answer.json.count === 200, [last, answer.body]);

	turnout('calendar', 'cancel', open.date, '--db', db, '--reason', 'Ice');
	for (const end = Date.now() + 5000; Date.now() < end && (answer = await live()).json.state !== 'cancelled';)
		await new Promise((done) => setTimeout(done, 20));
	check('what the command line changes is seen too', answer.json.state === 'cancelled', answer.body);
	const told = published();
	check('a run that is cancelled counts nobody, here and in the published file', answer.json.count === 0 && answer.body === told, [answer.body, told]);
	for (const other of ['/live/0000000000.json', '/live/x.json', '/live/x', `/live/${open.session_id}`, `/live/${open.session_id}.jsonx`])
		check(`${other} is nothing`, (await ask(port, 'GET', other)).status === 404);
});
