// SPDX-License-Identifier: ISC
// health.mjs: a monitor learns what is wrong with the server, and with which part; metrics have Prometheus' form, for this machine only.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { atEnd, skip } from '../checks.mjs';
import { ask, check, makeClub, makeFolder, makeRun, raw, register, run, start, turnout } from './lib.mjs';

/** The value of a metric, written as Prometheus writes it: NAME or NAME{label="…"}; undefined when it is not there. */
function value(text, name) {
	const line = text.split('\n').find((each) => each.startsWith(`${name} `));
	return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

/** Lock `db` as another program might; returns the function that lets go. */
async function hold(db) {
	const shell = spawn('sqlite3', [db], { stdio: ['pipe', 'pipe', 'inherit'] });
	const held = new Promise((done) => shell.stdout.once('data', done));
	shell.stdin.write('BEGIN EXCLUSIVE;\nSELECT 1;\n');
	await held;
	return () => new Promise((done) => {
		shell.on('exit', done);
		shell.stdin.end('ROLLBACK;\n');
	});
}

await run(async () => {
	const folder = makeFolder(), db = makeClub(folder), site = join(folder, 'site');
	const { token } = makeRun(db, 'Open Group', -5, 60);
	const server = await start(db, site), { port } = server;
	const ready = async (where = port) => {
		const answer = await ask(where, 'GET', '/health/ready');
		return { http: answer.status, ...JSON.parse(answer.body) };
	};
	const metrics = async () => (await ask(port, 'GET', '/metrics')).body;

	const live = await ask(port, 'GET', '/health/live');
	check('/health/live answers', live.status === 200 && live.body === '{"status":"live"}', live.text);
	let state = await ready();
	check('before the first publish it is not ready, and says that the site is not there', state.http === 503 && !state.site && state.database && state.disk &&
		state.publisher && state.publisher_age_s === null, state);
	turnout('publish', '--db', db, '--site', site);
	state = await ready();
	check('afterwards it is ready, and nothing waits', state.http === 200 && state.site && state.publisher_age_s === 0, state);
	check('ready is JSON with the words that the manual page has', Object.keys(state).join() === 'http,status,database,disk,site,publisher,publisher_age_s', state);

	const taken = await Promise.all(['Ada', 'Bo', 'Cy'].map((name) => register(port, { token, runner_name: name })));
	check('three people are in', taken.every(({ status }) => status === 201), taken[0].text);
	await register(port, { token, runner_name: 'Ada' });
	await register(port, { token: token.slice(0, 25) + (token[25] === 'A' ? 'B' : 'A'), runner_name: 'Forger' });
	await ready();
	for (const end = Date.now() + 5000; Date.now() < end && (state = await ready()).publisher_age_s < 1;)
		await new Promise((done) => setTimeout(done, 100));
	check('a check-in that nobody publishes ages', state.publisher_age_s >= 1 && state.publisher_age_s < 6 && state.http === 200, state);
	const text = await metrics();
	check('the metrics know that age', value(text, 'turnout_publisher_age_seconds') >= 1, value(text, 'turnout_publisher_age_seconds'));
	turnout('publish', '--db', db, '--site', site);
	state = await ready();
	check('until it is published', state.publisher_age_s === 0, state);

	// ---- metrics ----

	for (const [name, expected] of [['turnout_check_ins_total{verdict="ok"}', 3], ['turnout_check_ins_total{verdict="already"}', 1],
		['turnout_check_ins_total{verdict="code_unknown"}', 1], ['turnout_requests_total{route="register",status="2xx"}', 3],
		['turnout_requests_total{route="register",status="4xx"}', 2], ['turnout_requests_total{route="ready",status="5xx"}', 1],
		['turnout_batch_check_ins_sum', 5], ['turnout_commit_seconds_bucket{le="+Inf"}', value(text, 'turnout_batch_check_ins_count')],
		['turnout_queue_depth{queue="writer"}', 0], ['turnout_refused_total{limit="guess"}', 0], ['turnout_ready{part="disk"}', 1]])
		check(`${name} is ${expected}`, value(text, name) === expected, value(text, name));
	check('commits took some time', value(text, 'turnout_commit_seconds_sum') > 0);
	check('files are open, and the disk has room', value(text, 'turnout_open_files') > 5 && value(text, 'turnout_disk_free_bytes') > 0);
	const told = /event=start version=(\S+) sqlite=(\S+) civetweb=(\S+)/.exec(server.log).slice(1);
	check('the versions are those that the log begins with', text.includes(`turnout_build_info{version="${told[0]}",sqlite="${told[1]}",civetweb="${told[2]}"} 1\n`), told);
	const type = (await ask(port, 'GET', '/metrics')).headers['content-type'][0];
	check('the type is that of the text format', type === 'text/plain; version=0.0.4; charset=utf-8', type);
	const tool = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
	if (tool.error)
		skip('promtool finds nothing wrong with the metrics', 'promtool is not installed (Debian: prometheus)');
	else
		check('promtool finds nothing wrong with the metrics', tool.status === 0 && tool.stdout + tool.stderr === '', [tool.status, tool.stdout, tool.stderr]);
	for (const header of ['X-Real-IP', 'X-Forwarded-For', 'Forwarded', 'Via']) {
		const answer = await ask(port, 'GET', '/metrics', { [header]: '127.0.0.1' });
		check(`who comes through a proxy (${header}) finds no metrics`, answer.status === 404 && !answer.body.includes('turnout_'), answer.text);
	}
	await raw(port, 'GET / HTTP/1.1\r\n\r\n');		// no Host
	check('a head that cannot be believed is counted', value(await metrics(), 'turnout_refused_heads_total') === 1);

	// ---- what is wrong ----

	renameSync(db, `${db}.away`);
	state = await ready();
	check('with the database moved away it is not ready, and says so', state.http === 503 && !state.database && state.site, state);
	renameSync(`${db}.away`, db);
	state = await ready();
	check('and is again when it is back', state.http === 200 && state.database, state);
	check('what is ready, alive and measured is not in the log', !/path=\/(health\/live|metrics) status=200|path=\/health\/ready status=200/.test(server.log));
	check('what was not ready is', server.log.includes('path=/health/ready status=503'), server.log.slice(-300));
	const holder = await hold(db);
	const waiting = register(port, { token, runner_name: 'Waiting' });
	await new Promise((done) => setTimeout(done, 1500));	// the time itself is what is tested: it stands still after a second
	const began = Date.now();
	state = await ready();
	const asked = Date.now() - began;
	check('when the database stands still, ready says so at once and does not wait with it', state.http === 503 && !state.database && asked < 1000, [state, asked]);
	const stuck = await metrics();
	check('and so do the metrics', value(stuck, 'turnout_ready{part="database"}') === 0 && value(stuck, 'turnout_queue_depth{queue="writer"}') === 1, stuck);
	await holder();
	await waiting;
	await server.stop();

	const small = join(folder, 'small');
	mkdirSync(small);
	if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', small]).status !== 0) {
		skip('a disk with less than 16 MiB of room is told', 'only root can mount a small disk here');
		return;
	}
	atEnd(() => spawnSync('umount', [small]));
	const full = await start(makeClub(small), site);
	state = await ready(full.port);
	check('a disk with less than 16 MiB of room is told', state.http === 503 && !state.disk && state.database, state);
	await full.stop();
});
