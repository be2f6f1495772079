// SPDX-License-Identifier: ISC
// live.mjs: the live file as turnoutd tells it from memory: what the published file says, at once, never backwards, and cheaply.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, check, makeClub, makeFolder, makeRun, register, run, start, turnout } from './lib.mjs';

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const open = makeRun(db, 'Open Group', -5, 60);
	turnout('publish', '--db', db, '--site', site);
	const { port } = await start(db, site);
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
	for (const other of ['/live/0000000000.json', '/live/x.json', '/live/x', `/live/${open.session_id}`, `/live/${open.session_id}.jsonx`])
		check(`${other} is nothing`, (await ask(port, 'GET', other)).status === 404);
});
