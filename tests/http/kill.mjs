// SPDX-License-Identifier: ISC
// kill.mjs: 100 times kill -9 in the middle of check-ins: no acknowledged one is lost, none is there twice, and the next server is ready
// within a second. The moments are drawn from a seed, which is printed; TURNOUT_SEED=N draws the same again.
// To be run alone: a second is promised and measured.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, build, check, makeClub, makeFolder, makeRun, random, register, run, start } from './lib.mjs';

const isSanitized = /-(san|tsan)$/.test(build);		// several times slower: fewer rounds, and no promise about time
const kills = Number(process.env.TURNOUT_KILLS ?? (isSanitized ? 8 : 100));
const phones = 16;

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const { token } = makeRun(db, 'Open Group', -5, 600);
	const sqlite = (sql) => execFileSync('sqlite3', ['-cmd', '.timeout 5000', db, sql], { encoding: 'utf8' }).trim();
	const draw = random();
	const acknowledged = new Map();
	const unanswered = new Set();
	let number = 0, hits = 0, owed = 0, wrong = null, slowest = 0, retried = 0;

	const checkIn = (port, name) => register(port, { token, runner_name: name, nonce: name.replace(' ', '-') });

	/** Check in names one after the other until the server is gone; first those that got no answer the last time. */
	async function phone(port) {
		for (;;) {
			const name = unanswered.size > 0 ? unanswered.values().next().value : `Runner ${number++}`;
			unanswered.delete(name);
			const answer = await checkIn(port, name).catch(() => null);
			if (!answer?.json) {
				unanswered.add(name);
				return;
			}
			if (!answer.json.success)
				wrong ??= answer.text;
			acknowledged.set(name, answer.json.place);
		}
	}

	/** Start a server and wait until it says that its database answers; how long that took goes into `slowest`. */
	async function startReady() {
		const began = Date.now();
		const server = await start(db, site);
		const ready = await ask(server.port, 'GET', '/health/ready');
		slowest = Math.max(slowest, Date.now() - began);
		if (JSON.parse(ready.body).database !== true)
			wrong ??= ready.text;
		return server;
	}

	for (let round = 0; round < kills; round++) {
		const server = await startReady();
		const [known] = acknowledged;		// an old answer is given again, whatever happened since
		if (known && (await checkIn(server.port, known[0])).json?.place !== known[1])
			wrong ??= known[0];
		retried += known !== undefined;
		const before = acknowledged.size;
		const busy = Array.from({ length: phones }, () => phone(server.port));
		await new Promise((done) => setTimeout(done, 5 + draw() * 150));	// the moment is what is drawn
		await server.stop('SIGKILL');
		await Promise.all(busy);
		hits += acknowledged.size > before && unanswered.size > 0;
		owed += existsSync(`${db}-redo`) && readFileSync(`${db}-redo`)[0] !== 0;
	}
	const server = await startReady();
	for (const name of [...unanswered]) {
		const answer = await checkIn(server.port, name);
		if (!answer.json?.success)
			wrong ??= answer.text;
		acknowledged.set(name, answer.json?.place);
	}
	await server.stop();
	const stored = new Map(sqlite('SELECT name, ordinal, count(*) FROM attendance JOIN person ON person.id = person_id GROUP BY name').split('\n')
		.map((line) => [line.split('|')[0], line.split('|').slice(1).map(Number)]));

	console.log(`${kills} kills${isSanitized ? ' (100 without sanitizers)' : ''}, ${hits} of them between answers, ${owed} with some that only the redo log had, ${acknowledged.size} check-ins acknowledged, slowest start ${slowest} ms.`);
	check('many kills came in the middle of check-ins', hits >= kills / 5, hits);	// a slow machine answers less often
	check('every check-in was answered with yes in the end, retries too, and an old one with its old answer', wrong === null && retried > 0, wrong);
	check('no acknowledged check-in is lost', [...acknowledged.keys()].every((name) => stored.has(name)),
		[...acknowledged.keys()].filter((name) => !stored.has(name)));
	check('none is there twice, and nobody is there who was never sent', [...stored].every(([name, [, count]]) => count === 1 && acknowledged.has(name)));
	check('everybody has the place that the answer said', [...acknowledged].every(([name, place]) => stored.get(name)?.[0] === place));
	check('there is one event a person', sqlite('SELECT count(*) FROM event') === String(stored.size), sqlite('SELECT count(*) FROM event'));
	check('the database is whole', sqlite('PRAGMA integrity_check') === 'ok' && sqlite('PRAGMA foreign_key_check') === '');
	if (!isSanitized)
		check('many kills left check-ins that were acknowledged and not committed', owed >= kills / 5, owed);
	if (!isSanitized)
		check('after each kill the next server was ready within a second', slowest <= 1000, slowest);
});
