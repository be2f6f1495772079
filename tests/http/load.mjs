// SPDX-License-Identifier: ISC
// load.mjs: 64 clients at once check in, undo, send again, poll and read pages: every answer is one that its client can expect, and at the
// end the database agrees with the answers. Under ThreadSanitizer a data race ends the server, and with it this test. Then a crowd comes at
// once, larger than what is judged at a time: nobody is refused, and no thread is started for it.
// To be run apart: a server that answers nobody for a second refuses, and a sanitized one needs a core to answer a crowd.
import { execFileSync, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ask, build, check, makeClub, makeFolder, makeRun, random, register, run, start, turnout } from './lib.mjs';

const ended = (child) => new Promise((done) => child.on('exit', done));
const clients = 64, load_ms = 4000;
const crowd = 1000;		// more than SERVE_VISITS, fewer than HTTP_TURNS

async function comeAtOnce() {
	const folder = makeFolder(), db = makeClub(folder), { token } = makeRun(db, 'Hall', -5, 600);
	const server = await start(db, join(folder, 'site')), threads = () => readdirSync(`/proc/${server.child.pid}/task`).length;
	check('before the crowd, one is taken', (await register(server.port, { token, runner_name: 'First' })).status === 201);
	const before = threads();
	const answers = await Promise.all(Array.from({ length: crowd }, (_, i) => register(server.port, { token, runner_name: `Guest ${i}`, nonce: `n-${i}`, claim: `phone-${i}` })));
	check(`of ${crowd} who come at once everybody is in`, answers.every(({ status }) => status === 201), answers.find(({ status }) => status !== 201)?.text);
	check('each has a place of their own', new Set(answers.map(({ json }) => json?.place)).size === crowd);
	check('and no thread was started for them', threads() === before, [before, threads()]);
	const stored = () => Number(execFileSync('sqlite3', ['-cmd', '.timeout 5000', db, 'SELECT count(*) FROM attendance'], { encoding: 'utf8' }));
	const until = Date.now() + 5000;
	while (stored() < crowd + 1 && Date.now() < until)
		await new Promise((done) => setTimeout(done, 20));
	check('once nobody comes, all are where others see them', stored() === crowd + 1, stored());
	await server.stop();
}

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const { token, session_id } = makeRun(db, 'Open Group', -5, 600);
	turnout('publish', '--db', db, '--site', site, '--quiet');
	const server = await start(db, site), { port } = server, draw = random();
	const present = new Map(), counts = {}, odd = [];
	const ends = Date.now() + load_ms;

	const post = (path, fields) => ask(port, 'POST', path, { 'Content-Type': 'application/json' }, JSON.stringify(fields));
	const reads = ['/', '/health/live', '/health/ready', `/live/${session_id}.json`, `/api/v1/sessions/${session_id}/stats`,
		`/api/qr/validate/${token}`, '/nothing/here', '/assets/form.js'];

	/** What came of `what`: `statuses` are those that may. */
	function note(what, answer, ...statuses) {
		counts[what] = (counts[what] ?? 0) + 1;
		if (!statuses.includes(answer.status))
			odd.push([what, answer.text.slice(0, 400)]);
		return answer;
	}

	async function client(id) {
		for (let i = 0; Date.now() < ends; i++) {
			const name = `Runner ${id} ${i}`, claim = `phone-${id}-${i}`, fields = { token, runner_name: name, nonce: `n-${id}-${i}`, claim };
			const first = note('check-in', await register(port, fields), 201);
			present.set(name, true);
			if (draw() < 0.3) {
				const again = note('check-in sent again', await register(port, fields), 200);	// not 201: nothing was made
				if (again.json?.place !== first.json?.place)
					odd.push(['another place', again.text]);
			}
			if (draw() < 0.3) {
				note('undo', await post('/api/v1/attendance/undo', { token, claim }), 200);
				present.set(name, false);
			}
			note('page', await ask(port, 'GET', reads[Math.floor(draw() * reads.length)]), 200, 404, 503);
		}
	}

	/** The admin, all the while: whoever has a crowd lets others write. */
	async function admin() {
		for (let i = 0; Date.now() < ends; i++)
			note('place added', { status: await ended(spawn(join(build, 'turnout'), ['place', 'add', `Place ${i}`, '--db', db, '--quiet'])), text: 'turnout place add' }, 0);
	}

	await Promise.all([admin(), ...Array.from({ length: clients }, (_, id) => client(id))]);
	const { code } = await server.stop();
	const stored = new Map(execFileSync('sqlite3', ['-separator', '\t', db, 'SELECT name, status FROM attendance JOIN person ON person.id = person_id'],
		{ encoding: 'utf8' }).trim().split('\n').map((line) => line.split('\t')));
	console.log(Object.entries(counts).map(([what, count]) => `${count} × ${what}`).join(', '));
	check('64 clients did all of it, many times', ['check-in', 'check-in sent again', 'undo', 'page'].every((what) => counts[what] > 10), counts);
	check('and the admin wrote beside them', counts['place added'] > 0, counts);
	check('every answer was one that the sender can expect', odd.length === 0, odd.slice(0, 3));
	const wrong = [...present].filter(([name, isIn]) => isIn !== (stored.get(name) === 'present' || stored.get(name) === 'late'));
	check('who was told to be in is in, and who took it back is not', wrong.length === 0, wrong.slice(0, 5));
	check('nobody else is', [...stored.keys()].every((name) => present.has(name)));
	check('the server ends with 0', code === 0, [code, server.log.slice(-2000)]);
	check('the database is whole', execFileSync('sqlite3', [db, 'PRAGMA integrity_check'], { encoding: 'utf8' }).trim() === 'ok');
	await comeAtOnce();
});
