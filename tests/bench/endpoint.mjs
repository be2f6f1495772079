// SPDX-License-Identifier: ISC
// endpoint.mjs: the cost of a check-in and a poll, compared with programs that do the same work with the same durability, in one run.
//
// ROUNDS (3) is how often everything is measured: ratios are taken within one round, and their median is given. SECONDS (3) is how long
// each rate is measured, PHONES (1000) how many come at once, SILENT (500) how many sockets say nothing, SILENT_S (17) how long some of
// these wait before the phones come, so that TCP_DEFER_ACCEPT is over; 0 leaves that out. TURNOUTD_OPTIONS are further options for
// turnoutd, NGINX_CONF is the nginx sample (deploy/nginx.conf, or the one here). Quick: ROUNDS=1 SECONDS=1 SILENT_S=0. Every case has a new
// database, a new server and a publisher at work. Exits with 1 when rows and replies differ, or when turnoutd left anybody without a 201,
// never for being slow.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, openSync, closeSync } from 'node:fs';
import net from 'node:net';
import { cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const number = (name, fallback) => Number(process.env[name] ?? fallback);
const ROUNDS = number('ROUNDS', 3), SECONDS = number('SECONDS', 3), PHONES = number('PHONES', 1000);
const SILENT = number('SILENT', 500), SILENT_S = number('SILENT_S', 17), SLOW_MS = 10, ALONE = 300;
const here = dirname(fileURLToPath(import.meta.url)), build = resolve(process.env.BUILD ?? 'build');
const options = (process.env.TURNOUTD_OPTIONS ?? '').split(' ').filter(Boolean);
const python = '/usr/bin/python3';		// Debian's: the one that has Debian's packages
const work = mkdtempSync(join(tmpdir(), 'turnout-bench.'));
const running = new Set();
const figures = {};
let wrong = false;

process.on('exit', () => {
	for (const child of running)
		child.kill('SIGKILL');
	rmSync(work, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM'])
	process.once(signal, () => process.exit(130));

function fault(text) {
	console.error(`WRONG: ${text}`);
	wrong = true;
}

// ---- figures: a list of rounds under each name ----

const note = (name, value) => (figures[name] ??= []).push(value);
function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor((sorted.length - 1) / 2)];
}
const figure = (name) => (figures[name] ? median(figures[name]) : undefined);
/** How many times NAME is OTHER, within each round, then the median. */
const ratio = (name, other) => (figures[name] && figures[other] ? median(figures[name].map((value, i) => value / figures[other][i])) : undefined);

// ---- peers ----

function start(command, words, folder, environment) {
	const log = openSync(join(folder, 'log'), 'a');
	const child = spawn(command, words, { stdio: ['ignore', 'pipe', log], env: { ...process.env, ...environment } });
	closeSync(log);
	running.add(child);
	const ended = once(child, 'exit').then(() => running.delete(child));
	return { child, ended, stop: async () => { child.kill('SIGTERM'); await ended; } };
}

/** The first `count` lines that a server says; throws when it ends before. */
async function firstLines(server, count) {
	let text = '';
	for await (const piece of server.child.stdout) {
		text += piece;
		const lines = text.split('\n');
		if (lines.length > count)
			return lines.slice(0, count);
	}
	throw new Error(`a server ended before it said where it listens: ${server.child.spawnargs.join(' ')}`);
}

const turnout = (...words) => execFileSync(join(build, 'turnout'), words, { encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } });
const today = new Date().toISOString().slice(0, 10);
const club = join(work, 'club');
let code;

function makeClub() {
	const db = join(club, 'club.db');
	mkdirSync(club);
	turnout('init', '-q', '--db', db, '--name', 'Bench', '--zone', 'UTC', '--address', 'https://club.example');
	turnout('group', 'add', '-q', 'Bench', '--db', db);
	turnout('calendar', 'add', '-q', '--db', db, '--group', 'Bench', '--date', today, '--start', '00:00', '--end', '23:59');
	turnout('publish', '-q', '--db', db, '--site', join(club, 'site'));
	code = JSON.parse(turnout('code', 'today', '--json', '--db', db));
}

const count = (db) => Number(execFileSync('sqlite3', [db, 'SELECT count(*) FROM attendance'], { encoding: 'utf8' }));
const ours = {
	name: 'turnoutd',
	prepare: (folder) => cpSync(club, folder, { recursive: true }),
	command: (folder) => [join(build, 'turnoutd'), '--db', join(folder, 'club.db'), '--site', join(folder, 'site'), '--listen', '127.0.0.1:0', ...options],
	rows: (folder) => count(join(folder, 'club.db')),
	token: () => code.token,
};
const peer = (name, ...command) => ({
	name,
	prepare: (folder) => mkdirSync(folder),
	command: (folder) => [...command, folder],
	rows: (folder) => count(join(folder, 'peer.db')),
	token: (lines) => lines[1].replace('token ', ''),
});
const fastapi = peer('FastAPI', python, join(here, 'peers/fastapi_peer.py'), 'def');
const fastapiAsync = peer('FastAPI async', python, join(here, 'peers/fastapi_peer.py'), 'async');
const fastify = peer('fastify', process.execPath, join(here, 'peers/fastify_peer.mjs'));
const peers = [ours];
const tokens = {};

function findPeers() {
	if (spawnSync(python, ['-c', 'import fastapi, sqlalchemy, uvicorn']).status === 0)
		peers.push(fastapi, fastapiAsync);
	else
		console.log('FastAPI: skipped, it is not installed (scripts/need bench); ratios to it are missing');
	const works = () => spawnSync(process.execPath, ['-e', "import('fastify').then(() => import('better-sqlite3')).then((d) => new d.default(':memory:')).catch(() => process.exit(1))"],
		{ cwd: join(here, 'peers') }).status === 0;
	if (!works())
		spawnSync('npm', ['ci', '--silent'], { cwd: join(here, 'peers'), stdio: 'ignore' });
	if (works())
		peers.push(fastify);
	else
		console.log('fastify: skipped, `npm ci` in tests/bench/peers did not install it (it wants Node 20 and, where no binary is offered, g++); ratios to it are missing');
}

let folders = 0;
function freshFolder(one) {
	const folder = join(work, String(folders++));
	one.prepare(folder);
	return folder;
}

/** A fresh server, warmed by 50 check-ins; body(server) measures, then rows and replies are compared. */
async function withServer(one, environment, body) {
	const folder = freshFolder(one), [command, ...words] = one.command(folder);
	const server = start(command, words, folder, environment);
	const lines = await firstLines(server, one === ours ? 1 : 2);
	Object.assign(server, { folder, one, created: 0, pid: server.child.pid, address: lines[0].replace('listening on http://', '') });
	server.token = tokens[one.name] = one.token(lines);
	await checkIn(server, '-n', 50, '-c', 10);
	await body(server);
	await server.stop();
	const rows = one.rows(folder);
	if (rows !== server.created)
		fault(`${one.name}: ${rows} rows of ${server.created} check-ins that were answered with 201`);
	rmSync(folder, { recursive: true });
}

/** The load client: what it printed, parsed. */
async function load(...words) {
	const child = spawn(join(build, 'bench/load'), words.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
	running.add(child);
	const ended = once(child, 'exit');
	let text = '';
	for await (const piece of child.stdout)
		text += piece;
	const [status] = await ended;
	running.delete(child);
	if (status !== 0 && status !== 1)
		throw new Error(`load ${words.join(' ')} ended with ${status}`);
	return JSON.parse(text);
}

let marks = 0;
async function checkIn(server, ...words) {
	const result = await load('-t', server.token, '-m', `${process.pid}.${marks++}`, ...words, server.through ?? server.address);
	server.created += result.by_status[201] ?? 0;
	if (server.one === ours && (result.by_status[201] ?? 0) !== result.sent)
		fault(`turnoutd: ${words.join(' ')}: of ${result.sent} check-ins: ${JSON.stringify(result.by_status)}, ${result.lost} lost`);
	return result;
}

async function poll(address, ...words) {
	const result = await load('-p', `/live/${code.session_id}.json`, ...words, address);
	if (result.ok !== result.sent)
		fault(`polls: ${words.join(' ')}: of ${result.sent}: ${JSON.stringify(result.by_status)}, ${result.lost} lost`);
	return result;
}

const cpu = (pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((a, b) => a + Number(b), 0) * 10;
const peak = (pid) => Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

// ---- nginx ----

const hasNginx = spawnSync('nginx', ['-v'], { stdio: 'ignore' }).status === 0;
const sample = process.env.NGINX_CONF ?? [join(here, '../../deploy/nginx.conf'), join(here, 'nginx.conf')].find(existsSync);

/** A port that was free just now: nginx cannot pick one itself. */
async function freePort() {
	const server = net.createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address();
	server.close();
	await once(server, 'close');
	return port;
}

/** nginx with the sample in front of `server`, for as long as body(address) takes. */
async function withNginx(server, body) {
	const port = await freePort(), folder = join(server.folder, 'nginx');
	const own = readFileSync(sample, 'utf8').replaceAll('127.0.0.1:8010', server.address).replace(/listen 80\b/, `listen 127.0.0.1:${port}`)
		.replaceAll('/var/lib/turnout-site/public', join(server.folder, 'site/public'));
	mkdirSync(folder);
	writeFileSync(join(folder, 'nginx.conf'), `daemon off; ${process.getuid() === 0 ? 'user root;' : ''} worker_processes 2; worker_rlimit_nofile 20000;
pid ${folder}/pid; error_log ${folder}/error.log; events { worker_connections 8192; }
http { access_log off; ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((part) => `${part}_temp_path ${folder}/${part};`).join(' ')}
${own} }\n`);
	const nginx = start('nginx', ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')], folder, {});
	let ready = false;
	for (let i = 0; i < 200 && !ready && nginx.child.exitCode === null; i++) {
		const socket = net.connect(port, '127.0.0.1');
		ready = await new Promise((done) => socket.on('connect', () => done(true)).on('error', () => done(false)));
		socket.destroy();
		if (!ready)
			await pause(10);
	}
	if (!ready)
		throw new Error(`nginx does not run: ${readFileSync(join(folder, 'error.log'), 'utf8')}`);
	await body(`127.0.0.1:${port}`);
	await nginx.stop();
}

// ---- cases ----

const crowd = ['-n', PHONES, '-c', PHONES];
const slowDisk = { LD_PRELOAD: join(build, 'bench/slowsync.so'), SLOWSYNC_MS: SLOW_MS };
const rateOf = (...more) => ['-n', 1e6, '-c', 100, '-d', SECONDS, ...more];

const firstLog = openSync(join(work, 'first.log'), 'a');
async function measurePeer(one) {
	await withServer(one, {}, async (server) => {
		const before = cpu(server.pid), result = await checkIn(server, ...rateOf('-k'));
		note(`${one.name} kept`, result.rate);
		note(`${one.name} kept p99`, result.p99_ms);
		note(`${one.name} reopened`, result.reopened);
		note(`${one.name} cpu`, (cpu(server.pid) - before) * 1000 / result.ok);
	});
	await withServer(one, {}, async (server) => {
		const result = await checkIn(server, ...rateOf());
		note(`${one.name} fresh`, result.rate);
		note(`${one.name} fresh p99`, result.p99_ms);
		note(`${one.name} memory`, peak(server.pid));
	});
	await withServer(one, {}, async (server) => {
		const result = await checkIn(server, ...crowd);
		note(`${one.name} crowd`, result.last_ms);
		note(`${one.name} retries`, result.syn_retries);
		note(`${one.name} unanswered`, result.sent - result.ok);
		note(`${one.name} crowd memory`, peak(server.pid));
	});
	await withServer(one, slowDisk, async (server) => note(`${one.name} slow`, (await checkIn(server, ...rateOf('-k'))).rate));
	if (one === ours || one === fastapi)
		await withServer(one, slowDisk, async (server) => note(`${one.name} slow crowd`, (await checkIn(server, ...crowd)).last_ms));
	await withServer(one, {}, async (server) => note(`${one.name} alone`, (await checkIn(server, '-n', ALONE, '-c', 1, '-k')).p50_ms));
	const folder = freshFolder(one);
	note(`${one.name} first`, Number(execFileSync(join(build, 'bench/load'), ['first', tokens[one.name], ...one.command(folder)],
		{ encoding: 'utf8', stdio: ['ignore', 'pipe', firstLog] })));
	rmSync(folder, { recursive: true });
}

async function measureSilent() {
	for (const [name, seconds, how] of [['quiet', 0, 'quiet'], ['byte', 0, 'byte'], ['renew', 0, 'renew'], ['old', SILENT_S, 'quiet'], ['old renew', SILENT_S, 'renew']]) {
		if (name.startsWith('old') && SILENT_S === 0)
			continue;
		await withServer(ours, {}, async (server) => {
			const result = await checkIn(server, ...crowd, '-s', SILENT, '-S', how, '-a', seconds);
			note(`silent ${name}`, result.last_ms);
			note(`silent ${name} stood`, result.silent);
		});
	}
}

/** A check-in of SQLite alone, on the same disk. */
function measureCommit() {
	const folder = join(work, String(folders++));
	mkdirSync(folder);
	note('SQLite alone', Number(execFileSync(join(build, 'bench/measure'), ['commit', join(folder, 'commit.db'), ALONE], { encoding: 'utf8' })));
	rmSync(folder, { recursive: true });
}

async function measurePolls() {
	const calm = ['-n', 1e6, '-c', 20, '-e', 500, '-d', SECONDS], polls = ['-n', 1e6, '-c', PHONES, '-e', 2000, '-d', SECONDS + 1];
	await withServer(ours, {}, async (server) => {
		const before = cpu(server.pid), alone = await poll(server.address, ...polls);
		note('poll cpu', (cpu(server.pid) - before) / (SECONDS + 1) / 10);
		note('poll p99', alone.p99_ms);
		note('calm p99', (await checkIn(server, ...calm)).p99_ms);
		const polling = poll(server.address, ...polls);
		note('disturbed p99', (await checkIn(server, ...calm)).p99_ms);
		const mixed = await polling;
		note('poll mixed p99', mixed.p99_ms);
		note('poll behind', Math.max(alone.behind, mixed.behind));
		note('poll kept', (await poll(server.address, ...rateOf('-k'))).rate);
		note('poll fresh', (await poll(server.address, ...rateOf())).rate);
		if (hasNginx)
			await withNginx(server, async (address) => {
				note('nginx poll p99', (await poll(address, ...polls)).p99_ms);
				note('nginx poll kept', (await poll(address, ...rateOf('-k'))).rate);
				note('nginx poll fresh', (await poll(address, ...rateOf())).rate);
			});
	});
	if (!hasNginx)
		return;
	await withServer(ours, {}, (server) => withNginx(server, async (address) => {
		server.through = address;
		const result = await checkIn(server, ...crowd);
		note('nginx crowd', result.last_ms);
		note('nginx crowd retries', result.syn_retries);
		note('nginx kept', (await checkIn(server, ...rateOf('-k'))).rate);
	}));
}

// ---- the table ----

const shown = (value) => (value === undefined ? '-' : value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));
function row(what, side, target, unit, value, how = '') {
	const verdict = value === undefined ? 'not measured' : (side === 'least' ? value >= target : value <= target) ? 'reached' : 'NOT REACHED';
	console.log(`  ${what.padEnd(46)} ${`at ${side} ${target} ${unit}`.padEnd(18)} ${shown(value).padStart(8)} ${unit.padEnd(4)} ${verdict.padEnd(13)} ${how}`.trimEnd());
}
/* What FastAPI took on the machine that our limits were set on. */
const THERE = { 'kept p99': 1167, crowd: 2630, first: 294, cpu: 2040 };	// ms; cpu in µs
/**
 * A time whose LIMIT was set on another machine: the row also says what it would be there, where FastAPI took THERE: the same share of
 * FastAPI's as in a round here.
 */
function time(what, limit, unit, name, of = name.replace(/^\S+ /, '')) {
	const value = figure(name), there = ratio(name, `FastAPI ${of}`) * THERE[of];
	row(what, 'most', limit, unit, value, Number.isNaN(there) ? '' : `${there <= limit ? 'reached' : 'not reached'} where FastAPI takes ${THERE[of]} ${unit}: ${shown(there)} ${unit}`);
}
const all = (name, unit) => peers.map((one) => `${one.name} ${shown(figure(`${one.name} ${name}`))}`).join(', ') + ` ${unit}`;

function print() {
	console.log(`\nmedians of ${ROUNDS}; no reply before it is on the disk; rows were compared with 201 replies in each case`);
	console.log(`100 kept connections: ${all('kept', 'a second')}; p99 ${all('kept p99', 'ms')}`);
	if (figure('turnoutd reopened') > 0)
		console.log('  (turnoutd closed connections after a reply: its clients connected anew, which is in its figures)');
	row('100 kept: FastAPI', 'least', 50, 'x', ratio('turnoutd kept', 'FastAPI kept'));
	row('100 kept: FastAPI async', 'least', 25, 'x', ratio('turnoutd kept', 'FastAPI async kept'));
	row('100 kept: fastify', 'least', 5, 'x', ratio('turnoutd kept', 'fastify kept'));
	time('100 kept: p99', 15, 'ms', 'turnoutd kept p99');
	row('100 kept: p99 of FastAPI to it', 'least', 75, 'x', ratio('FastAPI kept p99', 'turnoutd kept p99'));
	console.log(`one phone alone: ${all('alone', 'ms')}; p50 of ${ALONE}`);
	row('alone: SQLite by itself', 'most', 1.3, 'x', ratio('turnoutd alone', 'SQLite alone'), `SQLite ${shown(figure('SQLite alone'))} ms`);
	console.log(`100 connections, a new one each: ${all('fresh', 'a second')}; p99 ${all('fresh p99', 'ms')}`);
	row('new each: FastAPI', 'least', 35, 'x', ratio('turnoutd fresh', 'FastAPI fresh'));
	row('new each: fastify', 'least', 4, 'x', ratio('turnoutd fresh', 'fastify fresh'));
	console.log(`a disk with ${SLOW_MS} ms more a sync, 100 kept: ${all('slow', 'a second')}`);
	row('slow disk: FastAPI', 'least', 60, 'x', ratio('turnoutd slow', 'FastAPI slow'));
	row('slow disk: fastify', 'least', 45, 'x', ratio('turnoutd slow', 'fastify slow'));
	row(`slow disk: ${PHONES} at once, the last reply`, 'most', 250, 'ms', figure('turnoutd slow crowd'));
	row(`slow disk: ${PHONES} at once, sooner than FastAPI`, 'least', 50, 'x', ratio('FastAPI slow crowd', 'turnoutd slow crowd'));
	console.log(`${PHONES} phones at once, the last reply: ${all('crowd', 'ms')}; without 201: ${all('unanswered', '')}`);
	time('at once: the last reply', 100, 'ms', 'turnoutd crowd');
	row('at once: sooner than FastAPI', 'least', 25, 'x', ratio('FastAPI crowd', 'turnoutd crowd'));
	row('at once: SYN sent again', 'most', 0, '', figures['turnoutd retries'] && Math.max(...figures['turnoutd retries']), 'the most of all rounds');
	const silent = (name, what) => row(`${SILENT} silent sockets ${what}`, 'most', 1.2, 'x', ratio(`silent ${name}`, 'turnoutd crowd'),
		`the last reply ${shown(figure(`silent ${name}`))} ms; ${shown(figure(`silent ${name} stood`))} stood at the end`);
	silent('quiet', 'that never spoke');
	silent('byte', 'that sent a byte');
	silent('renew', 'that come again');
	if (SILENT_S > 0) {
		silent('old', `for ${SILENT_S} s`);
		silent('old renew', `for ${SILENT_S} s, come again`);
	}
	console.log(`${PHONES} phones that poll every 2 s`);
	row('polls: p99', 'most', 1, 'ms', figure('poll p99'), `nginx ${shown(figure('nginx poll p99'))} ms; beside the check-ins below ${shown(figure('poll mixed p99'))} ms`);
	row('polls: not served before the next', 'most', 0, '', figures['poll behind'] && Math.max(...figures['poll behind']), 'the most of all rounds');
	row('polls: of a core', 'most', 6, '%', figure('poll cpu'));
	row('check-ins meanwhile: p99', 'most', 1.2, 'x', ratio('disturbed p99', 'calm p99'), `${shown(figure('disturbed p99'))} ms, without polls ${shown(figure('calm p99'))}`);
	row('polls, 100 kept: of nginx', 'least', 0.85, 'x', ratio('poll kept', 'nginx poll kept'), `${shown(figure('poll kept'))} a second`);
	row('polls, new each: of nginx', 'least', 0.5, 'x', ratio('poll fresh', 'nginx poll fresh'), `${shown(figure('poll fresh'))} a second`);
	row('new check-in each: of nginx serving a file', 'least', 0.5, 'x', ratio('turnoutd fresh', 'nginx poll fresh'));
	console.log(`behind nginx (${sample.startsWith(here) ? 'the small sample of the bench' : sample})`);
	time(`${PHONES} at once, the last reply`, 200, 'ms', 'nginx crowd');
	row('100 kept: FastAPI alone', 'least', 30, 'x', ratio('nginx kept', 'FastAPI kept'));
	console.log(`what it takes: memory ${all('memory', 'MiB')}; first reply ${all('first', 'ms')}; CPU ${all('cpu', 'µs a check-in')}`);
	row('memory after the load', 'most', 16, 'MiB', figures['turnoutd memory'] && Math.max(...figures['turnoutd memory'], ...figures['turnoutd crowd memory']), 'the most of all rounds');
	row('memory: FastAPI', 'least', 6, 'x', ratio('FastAPI memory', 'turnoutd memory'), '100 connections');
	row('memory: fastify', 'least', 7, 'x', ratio('fastify memory', 'turnoutd memory'));
	time('from exec to the first durable reply', 12, 'ms', 'turnoutd first');
	row('first reply: FastAPI', 'least', 24, 'x', ratio('FastAPI first', 'turnoutd first'));
	row('first reply: fastify', 'least', 16, 'x', ratio('fastify first', 'turnoutd first'));
	time('CPU per check-in', 40, 'us', 'turnoutd cpu');
	row('CPU per check-in: FastAPI', 'least', 50, 'x', ratio('FastAPI cpu', 'turnoutd cpu'), 'kept; turnoutd alone, without its `turnout watch`');
}

const loads = () => loadavg().map((value) => value.toFixed(2)).join(' ');
makeClub();
findPeers();
if (!hasNginx)
	console.log('nginx: skipped, it is not installed (scripts/need bench); its figures are missing');
console.log(`load before: ${loads()} on ${cpus().length} cores`);
for (let round = 0; round < ROUNDS; round++) {
	for (const one of peers)
		await measurePeer(one);
	measureCommit();
	await measureSilent();
	await measurePolls();
}
print();
console.log(`load after: ${loads()}`);
process.exit(wrong ? 1 : 0);
